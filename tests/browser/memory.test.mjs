// Making and closing recognizers, and reading many frames, leaves nothing behind. `KR_LPR_SOAK` multiplies how many.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, plates } from './browser.mjs';

const [{ file, text }] = plates;
const SOAK = Number(process.env.KR_LPR_SOAK ?? 1);

/** Bytes of the page's heap after a collection, with what its workers' buffers hold. */
async function heap(client) {
  await client.send('HeapProfiler.collectGarbage');
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize } = await client.send('Runtime.getHeapUsage');
  return usedSize;
}

async function openMeasured(t) {
  const page = await openPage(t, await launch(t));
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.enable');
  return { page, client };
}

for (const [where, worker, cycles] of [['a worker', true, 20], ['the page', false, 60]]) {
  test(`recognizers in ${where} come and go`, async (t) => {
    const { page, client } = await openMeasured(t);
    const cycle = (times) =>
      page.evaluate(async ({ file, worker, times }) => {
        const picture = await image(file);
        const bytes = await (await fetch('/kr-lpr/weights/recognizer.bin')).arrayBuffer();
        let last;
        for (let i = 0; i < times; i += 1) {
          const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker, warmup: false, weights: { recognizer: bytes } });
          last = (await recognizer.recognize(picture, { minConfidence: 0 })).plates[0].text;
          await recognizer[Symbol.asyncDispose]();
        }
        return last;
      }, { file, worker, times });
    await cycle(5);
    const before = await heap(client);
    assert.equal(await cycle(cycles * SOAK), text);
    const grown = (await heap(client)) - before;
    assert.ok(grown < 1e6, `${cycles * SOAK} cycles left ${grown} bytes`);
    const deadline = Date.now() + 5000;
    while (page.workers().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(page.workers().length, 0, 'every worker has ended');
  });
}

test('many frames are read in the same memory', async (t) => {
  const { page, client } = await openMeasured(t);
  await page.evaluate(async (file) => {
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...given) => {
      const made = await instantiate(...given);
      globalThis.memory = (made.instance ?? made).exports.memory;
      return made;
    };
    globalThis.recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker: false });
    globalThis.picture = await image(file);
    globalThis.read = async (times) => {
      for (let i = 0; i < times; i += 1) await recognizer.recognize(picture);
      return memory.buffer.byteLength;
    };
  }, file);
  const wasmBefore = await page.evaluate(() => read(50));
  const before = await heap(client);
  const wasmAfter = await page.evaluate((times) => read(times), 1000 * SOAK);
  assert.equal(wasmAfter, wasmBefore, 'the wasm memory stopped growing');
  const grown = (await heap(client)) - before;
  assert.ok(grown < 1e6, `${1000 * SOAK} frames left ${grown} bytes`);
});
