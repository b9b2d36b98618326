// Reading in a worker: by default, in one of the caller's, not at all; and what happens when it cannot start or dies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, packageFile, plates } from './browser.mjs';

const [{ file, text }] = plates;

/** A worker of the caller's, which does other things, too; `fault` makes the clock throw, and so wasm that reads it. */
const OWN_WORKER = `import '/kr-lpr/worker.js';
const { now } = performance;
addEventListener('message', ({ data }) => {
  if (data === 'ping') postMessage('pong');
  if (data === 'mishap') throw new Error('none of yours');
  if (data === 'fault') performance.now = () => { throw new Error('a fault inside'); };
});`;

async function openWorkerPage(t, options) {
  const page = await openPage(t, await launch(t), options);
  const script = (body) => (route) => route.fulfill({ contentType: 'text/javascript', body });
  await page.route('**/own-worker.js', script(OWN_WORKER));
  await page.route('**/silent-worker.js', script(''));
  await page.route('**/old-worker.js', script(`onmessage = () => postMessage({ krLpr: 'ready', version: '0.0.1' });`));
  await page.evaluate(async (file) => {
    globalThis.picture = await image(file);
    globalThis.own = (name) => new Worker(`/${name}.js`, { type: 'module' });
    globalThis.read = async (recognizer) => (await recognizer.recognize(picture, { minConfidence: 0 })).plates[0].text;
  }, file);
  return page;
}

/** Keeps every worker that the page starts in \`workers\`. */
function keepWorkers() {
  globalThis.workers = [];
  globalThis.Worker = class extends Worker {
    constructor(...given) {
      super(...given);
      workers.push(this);
    }
  };
}

test('where it reads is where it says', async (t) => {
  const page = await openWorkerPage(t);
  const outcome = await page.evaluate(async () => {
    const worker = own('own-worker');
    const pong = new Promise((resolve) => worker.addEventListener('message', ({ data }) => data === 'pong' && resolve(true)));
    const [inWorker, here, inOwn] = await Promise.all(
      [true, false, worker].map((worker) => lib.PlateRecognizer.create({ backend: 'cpu', worker })),
    );
    worker.postMessage('ping');
    const texts = await Promise.all([inWorker, here, inOwn].map(read));
    return { texts, worker: [inWorker, here, inOwn].map(({ info }) => info.worker), pong: await pong };
  });
  assert.deepEqual(outcome, { texts: [text, text, text], worker: [true, false, true], pong: true });
  assert.equal(page.workers().length, 2, 'two workers were started');
  await page.evaluate(() => lib.PlateRecognizer.create({ backend: 'cpu' }).then((recognizer) => recognizer.close()));
  await page.waitForFunction(() => true);
});

test('the page goes on while a worker reads', async (t) => {
  const page = await openWorkerPage(t);
  const { ticks, intact } = await page.evaluate(async () => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    const scene = { data: new Uint8Array(3000 * 2000), width: 3000, height: 2000, channels: 1 };
    const ticks = [];
    for (let i = 0; i < 5; i += 1) {
      let count = 0;
      let done = false;
      const { port1, port2 } = new MessageChannel(); // a timer would be held back
      port1.onmessage = () => {
        count += 1;
        if (!done) port2.postMessage(null);
      };
      port2.postMessage(null);
      await recognizer.recognize(scene, { mode: 'crop' });
      done = true;
      ticks.push(count);
    }
    return { ticks, intact: scene.data.length };
  });
  assert.equal(intact, 3000 * 2000, 'the caller’s pixels stay the caller’s');
  assert.ok(ticks.every((count) => count > 10), `the page had ${ticks} turns while a picture was read`);
});

test('a page that reads by itself has its turn between two pictures', async (t) => {
  const page = await openWorkerPage(t);
  const { ticks, repaints } = await page.evaluate(async () => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker: false });
    let [ticks, repaints] = [0, 0];
    const timer = setInterval(() => (ticks += 1), 1);
    const repaint = () => requestAnimationFrame(() => (repaints += 1, repaint()));
    repaint();
    for (let i = 0; i < 20; i += 1) await read(recognizer);
    clearInterval(timer);
    return { ticks, repaints };
  });
  assert.ok(ticks >= 10, `a timer had ${ticks} turns during 20 pictures`);
  assert.ok(repaints >= 3, `the page was repainted ${repaints} times`);
});

const NO_WORKER = [
  ['workers are missing', () => delete globalThis.Worker, /no workers here/],
  ['starting one throws', () => (globalThis.Worker = class { constructor() { throw new DOMException('forbidden', 'SecurityError'); } }), /could not be started.*forbidden/],
];

test('without a worker it reads on the page, and says why', async (t) => {
  for (const [name, init, reason] of NO_WORKER) {
    await t.test(name, async (t) => {
      const page = await openWorkerPage(t, { init });
      const { info, read } = await page.evaluate(async () => {
        const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
        return { info: recognizer.info, read: await read(recognizer) };
      });
      assert.equal(read, text);
      assert.equal(info.worker, false);
      assert.match(info.workerReason, reason);
    });
  }
  await t.test('its script is missing', async (t) => {
    const page = await openWorkerPage(t);
    await page.route('**/kr-lpr/worker.js', (route) => route.fulfill({ status: 404, contentType: 'text/plain', body: 'gone' }));
    const info = await page.evaluate(async () => (await lib.PlateRecognizer.create({ backend: 'cpu' })).info);
    assert.equal(info.worker, false);
    assert.match(info.workerReason, /missing, broken, or forbidden/);
  });
});

test('a worker that is none of ours is refused', async (t) => {
  const page = await openWorkerPage(t);
  const cases = [
    ['silent-worker', 'LOAD_FAILED', /did not answer within 10 seconds.*kr-lpr\/worker/],
    ['missing-worker', 'LOAD_FAILED', /could not be started/],
    ['old-worker', 'LOAD_FAILED', /version 0\.0\.1/],
  ];
  for (const [name, code, message] of cases) {
    await t.test(name, async () => {
      const { error } = await page.evaluate((name) => attempt(lib.PlateRecognizer.create({ backend: 'cpu', worker: own(name) })), name);
      assert.equal(error?.code, code, error?.message);
      assert.match(error.message, message);
    });
  }
  await t.test('no worker at all', async () => {
    const { error } = await page.evaluate(() => attempt(lib.PlateRecognizer.create({ worker: 'yes' })));
    assert.equal(error?.code, 'BAD_INPUT');
  });
  await t.test('a worker that serves already', async () => {
    const { first, second } = await page.evaluate(async () => {
      const worker = own('own-worker');
      const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker });
      const second = await attempt(lib.PlateRecognizer.create({ backend: 'cpu', worker }));
      return { first: await read(recognizer), second: second.error };
    });
    assert.equal(first, text, 'the first goes on');
    assert.equal(second?.code, 'BAD_INPUT', second?.message);
  });
});

test('a worker that dies takes its calls along, and a new one reads', async (t) => {
  const page = await openWorkerPage(t, { init: keepWorkers });
  const outcome = await page.evaluate(async () => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    const before = await read(recognizer);
    const underway = [1, 2].map(() => attempt(recognizer.recognize(picture)));
    workers[0].terminate();
    const died = await Promise.all(underway);
    const later = await attempt(recognizer.recognize(picture));
    recognizer.close();
    const closed = await attempt(recognizer.recognize(picture));
    const again = await read(await lib.PlateRecognizer.create({ backend: 'cpu' }));
    return { before, died: died.map(({ error }) => error?.code), later: later.error?.code, closed: closed.error?.code, again };
  });
  assert.deepEqual(outcome, {
    before: text,
    died: ['BACKEND_LOST', 'BACKEND_LOST'],
    later: 'BACKEND_LOST',
    closed: 'CLOSED',
    again: text,
  });
});

test('a fault inside of wasm ends the recognizer, and a new one reads', async (t) => {
  const page = await openWorkerPage(t);
  const outcome = await page.evaluate(async () => {
    const worker = own('own-worker');
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker });
    worker.addEventListener('error', (event) => event.preventDefault());
    worker.postMessage('fault');
    const fault = await attempt(recognizer.recognize(picture));
    const later = await attempt(recognizer.recognize(picture));
    const again = await read(await lib.PlateRecognizer.create({ backend: 'cpu', worker: own('own-worker') }));
    return { fault: fault.error, later: later.error?.code, again };
  });
  assert.equal(outcome.fault?.code, 'BACKEND_LOST', outcome.fault?.message);
  assert.deepEqual([outcome.later, outcome.again], ['BACKEND_LOST', text]);
});

test('what other code of the caller’s worker throws ends nothing', async (t) => {
  const page = await openWorkerPage(t);
  const outcome = await page.evaluate(async () => {
    const worker = own('own-worker');
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker });
    const mishap = new Promise((resolve) => {
      worker.addEventListener('error', (event) => {
        event.preventDefault();
        resolve(event.message);
      });
    });
    const underway = read(recognizer);
    worker.postMessage('mishap');
    return { mishap: await mishap, texts: [await underway, await read(recognizer)] };
  });
  assert.match(outcome.mishap, /none of yours/);
  assert.deepEqual(outcome.texts, [text, text]);
});

test('a recognizer on a page whose wasm panicked says why, and a new one reads', async (t) => {
  // The page loads it as soon as it imports the package.
  const glue = String(await packageFile('dist/wasm/cpu/glue.js'));
  const body = glue.replace(/function onPanic\((\w+)\) \{/, '$& globalThis.panic = $1;');
  assert.notEqual(body, glue);
  const routes = { '**/wasm/cpu/glue.js': (route) => route.fulfill({ contentType: 'text/javascript', body }) };
  const page = await openWorkerPage(t, { routes });
  const outcome = await page.evaluate(async () => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker: false });
    const before = await read(recognizer);
    panic('made up');
    const later = await attempt(recognizer.recognize(picture));
    const again = await read(await lib.PlateRecognizer.create({ backend: 'cpu', worker: false }));
    return { read: [before, again], later: later.error };
  });
  assert.deepEqual(outcome.read, [text, text]);
  assert.equal(outcome.later?.code, 'BACKEND_LOST');
  assert.match(outcome.later.message, /made up/);
});

for (const worker of [true, false]) {
  test(`a tracker's refusal ${worker ? 'in a worker' : 'on the page'} is the frame's own, and it goes on`, async (t) => {
    const page = await openWorkerPage(t);
    const outcome = await page.evaluate(async (worker) => {
      const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker });
      const tracker = recognizer.createTracker();
      await tracker.push(picture, 1000);
      const { error } = await attempt(tracker.push(picture, 990));
      const { tracks } = await tracker.push(picture, 1040);
      return { code: error?.code, tracks: tracks.length, text: await read(recognizer) };
    }, worker);
    assert.deepEqual(outcome, { code: 'BAD_INPUT', tracks: 1, text });
  });
}

test('aborting in a worker rejects at once and leaves the rest alone', async (t) => {
  const page = await openWorkerPage(t);
  const outcome = await page.evaluate(async () => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    const abort = new AbortController();
    const calls = Array.from({ length: 6 }, (_, i) => attempt(recognizer.recognize(picture, { minConfidence: 0, signal: i % 2 ? abort.signal : undefined })));
    const reason = new Error('enough');
    abort.abort(reason);
    const settled = await Promise.all(calls);
    return settled.map(({ value, error }) => value?.plates[0].text ?? error.message);
  });
  assert.deepEqual(outcome, [text, 'enough', text, 'enough', text, 'enough']);
});

test('closing ends the worker', async (t) => {
  const page = await openWorkerPage(t);
  await page.evaluate(async () => {
    globalThis.recognizers = await Promise.all([1, 2, 3].map(() => lib.PlateRecognizer.create({ backend: 'cpu' })));
  });
  assert.equal(page.workers().length, 3);
  await page.evaluate(() => recognizers.forEach((recognizer) => recognizer.close()));
  const deadline = Date.now() + 5000;
  while (page.workers().length > 0 && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(page.workers().length, 0);
});

test('addresses, bytes and modules reach the worker', async (t) => {
  const page = await openWorkerPage(t);
  const outcome = await page.evaluate(async () => {
    const wasm = '/kr-lpr/wasm/cpu/kr_lpr_cpu.wasm';
    const weights = 'kr-lpr/weights/recognizer.bin'; // relative to the page, not to the worker
    const bytes = await (await fetch(weights)).arrayBuffer();
    const given = [
      { wasm: { cpu: wasm }, weights },
      { wasm: { cpu: new URL(wasm, location.href) }, weights: new URL(weights, location.href) },
      { wasm: { cpu: await fetch(wasm) }, weights: await fetch(weights) },
      { wasm: { cpu: await (await fetch(wasm)).arrayBuffer() }, weights: bytes },
      { wasm: { cpu: await WebAssembly.compileStreaming(fetch(wasm)) }, weights: { recognizer: new Uint8Array(bytes), detector: false } },
    ];
    const results = [];
    for (const options of given) {
      const { value, error } = await attempt(lib.PlateRecognizer.create({ backend: 'cpu', ...options }));
      results.push(value ? [value.info.worker, await read(value)] : error);
    }
    return { results, bytes: bytes.byteLength };
  });
  assert.deepEqual(outcome.results, Array(5).fill([true, text]));
  assert.ok(outcome.bytes > 0, 'the caller’s bytes stay the caller’s');
});
