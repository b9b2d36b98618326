// Making and closing recognizers, and reading many frames, leaves nothing behind. With `KR_LPR_SOAK=1` for an hour's worth
// of them, which leaves its measurements in `target/soak`.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { GOLDEN, launch, openPage, plates } from './browser.mjs';
import { Series, collectGarbage } from './series.mjs';

const SOAK = process.env.KR_LPR_SOAK === '1';
const [{ file, text }] = plates;
const { scenes } = JSON.parse(await readFile(new URL('scenes/manifest.json', GOLDEN), 'utf8'));

/** Longest that a soak may take, in milliseconds: an hour each. */
const PATIENCE = SOAK ? 3_600_000 : undefined;

/** Runs `work(times)` in pieces, and checks the memory after each of them against that after the first. */
async function assertFlat(name, page, total, work) {
  const series = new Series(name, page);
  const piece = Math.ceil(total / (SOAK ? 40 : 4));
  try {
    for (let count = 0; count < total; count += piece) {
      await work(piece);
      await series.measure(count + piece);
    }
  } finally {
    if (SOAK) await series.keep();
  }
  series.assertFlat();
}

/** Keeps the memory of the page's wasm where it can be measured. */
function keepMemory() {
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate(...given);
    globalThis.memory = (made.instance ?? made).exports.memory;
    return made;
  };
}

for (const [where, worker, cycles] of [['a worker', true, 24], ['the page', false, 60]]) {
  test(`recognizers in ${where} come and go`, { timeout: PATIENCE }, async (t) => {
    const page = await openPage(t, await launch(t, [], PATIENCE), { init: keepMemory });
    const cycle = async (times) => {
      const last = await page.evaluate(async ({ file, worker, times }) => {
        const picture = await image(file);
        // Given as bytes: a browser under test keeps what it downloads.
        const names = ['recognizer', 'detector'];
        const files = names.map(async (name) => [name, await (await fetch(`/kr-lpr/weights/${name}.bin`)).arrayBuffer()]);
        const weights = Object.fromEntries(await Promise.all(files));
        let last;
        for (let i = 0; i < times; i += 1) {
          const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker, warmup: false, weights });
          last = (await recognizer.recognize(picture, { minConfidence: 0 })).plates[0].text;
          await recognizer[Symbol.asyncDispose]();
        }
        return last;
      }, { file, worker, times });
      assert.equal(last, text);
      await ended(page);
    };
    await assertFlat(`recognizers in ${where}`, page, SOAK ? 1000 : cycles, cycle);
  });
}

for (const [where, worker] of [['a worker', true], ['the page', false]]) {
  test(`a closed recognizer in ${where} lets go of what it was given`, async (t) => {
    const page = await openPage(t, await launch(t));
    await page.evaluate(async ({ file, worker }) => {
      globalThis.given = await (async () => {
        const bytes = await (await fetch('/kr-lpr/weights/recognizer.bin')).arrayBuffer();
        const onProgress = () => undefined;
        const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker, weights: { recognizer: bytes }, onProgress });
        await recognizer.recognize(await image(file));
        await recognizer[Symbol.asyncDispose]();
        return Object.entries({ bytes, onProgress, recognizer }).map(([name, object]) => [name, new WeakRef(object)]);
      })();
    }, { file, worker });
    await collectGarbage(await page.context().newCDPSession(page));
    const kept = await page.evaluate(() => given.filter(([, reference]) => reference.deref()).map(([name]) => name));
    assert.deepEqual(kept, []);
  });
}

/** Waits until every worker of the page has ended, which takes a moment. */
async function ended(page) {
  const deadline = Date.now() + 5000;
  while (page.workers().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(page.workers().length, 0, 'every worker has ended');
}

test('many frames are read in the same memory', { timeout: PATIENCE }, async (t) => {
  const page = await openPage(t, await launch(t, [], PATIENCE), { init: keepMemory });
  const scene = (await readFile(new URL(scenes[0].file, GOLDEN))).toString('base64');
  await page.evaluate(async ({ file, scene }) => {
    globalThis.recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker: false });
    const whole = await (await fetch(`data:image/png;base64,${scene}`)).blob();
    const pictures = [await image(file), await createImageBitmap(whole)];
    globalThis.read = async (times) => {
      // Each fiftieth is a scene, which takes ten times as long as a plate.
      for (let i = 0; i < times; i += 1) await recognizer.recognize(pictures[i % 50 === 0 ? 1 : 0]);
    };
  }, { file, scene });
  await assertFlat('frames', page, SOAK ? 20_000 : 1000, (times) => page.evaluate((times) => read(times), times));
});
