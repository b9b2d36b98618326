// The installed package in Node: every entry can be imported, and `kr-lpr` reads raw pixels.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { installed, plate, plates, project } from './setting.mjs';

/** Runs a script as the project's own, where `kr-lpr` is the installed package; what it prints is JSON. */
async function run(source) {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', source], { cwd: project });
  return JSON.parse(stdout);
}

test('every entry can be imported on a server', async () => {
  const names = await run(`
    const entries = ['kr-lpr', 'kr-lpr/camera', 'kr-lpr/plate', 'kr-lpr/inline', 'kr-lpr/worker', 'kr-lpr/scanner'];
    const modules = await Promise.all(entries.map((entry) => import(entry)));
    console.log(JSON.stringify(modules.map((module) => Object.keys(module).sort())));
  `);
  const main = ['KrLprError', 'PLATE_KINDS', 'PlateRecognizer', 'PlateTracker', 'VERSION', 'WEIGHTS_SHA256'];
  assert.deepEqual(names[0], main);
  assert.deepEqual(names[1], ['KrLprError', 'PlateCamera']);
  assert.deepEqual(names[3], main);
  assert.deepEqual(names[4], []);
  assert.deepEqual(names[5], ['KrLprError', 'PlateScanner']);
  // The browser's entry, as a bundler for servers may take it.
  const browser = await run(`console.log(JSON.stringify(Object.keys(await import('file://${installed}/dist/index.js')).sort()))`);
  assert.deepEqual(browser, main);
});

for (const entry of ['kr-lpr', 'kr-lpr/inline']) {
  test(`${entry} reads raw pixels`, async () => {
    const { info, texts, error, support } = await run(`
      import { readFileSync } from 'node:fs';
      import { inflateSync } from 'node:zlib';
      import { PlateRecognizer } from '${entry}';
      const pictures = ${JSON.stringify(plates.slice(0, 4).map(({ file }) => new URL(`../golden/${file}`, import.meta.url).pathname))};
      const recognizer = await PlateRecognizer.create();
      const texts = [];
      for (const file of pictures) {
        const { plates } = await recognizer.recognize(decode(readFileSync(file)), { minConfidence: 0 });
        texts.push(plates[0].text);
      }
      const error = await recognizer.recognize('plate.png').catch(({ code }) => code);
      console.log(JSON.stringify({ info: recognizer.info, texts, error, support: await PlateRecognizer.getSupport() }));
      recognizer.close();
      ${decode}
    `);
    assert.deepEqual(texts, plates.slice(0, 4).map(({ text }) => text));
    assert.equal(error, 'BAD_INPUT');
    assert.equal(info.backend, 'cpu');
    assert.equal(info.worker, entry === 'kr-lpr', info.workerReason);
    assert.equal(info.simd, true);
    assert.equal(support.simd, true);
    assert.ok(plate.text);
  });
}

/** A grey picture, which takes some milliseconds to read. */
const GREY = `const grey = { data: new Uint8Array(520 * 110).fill(120), width: 520, height: 110, channels: 1 };`;

test('the main thread goes on, whoever reads', async () => {
  const ticks = await run(`
    import { PlateRecognizer } from 'kr-lpr';
    ${GREY}
    const ticks = {};
    for (const worker of [true, false]) {
      const recognizer = await PlateRecognizer.create({ worker });
      let count = 0;
      const timer = setInterval(() => (count += 1), 1);
      for (let i = 0; i < 20; i += 1) await recognizer.recognize(grey);
      clearInterval(timer);
      ticks[worker] = count;
      recognizer.close();
    }
    console.log(JSON.stringify(ticks));
  `);
  assert.ok(ticks.true >= 20 && ticks.false >= 10, `a timer had ${JSON.stringify(ticks)} turns during 20 pictures`);
});

test('a recognizer that nobody closed keeps no process alive', async () => {
  assert.equal(await run(`
    import { PlateRecognizer } from 'kr-lpr';
    ${GREY}
    const recognizer = await PlateRecognizer.create();
    const { mode } = await recognizer.recognize(grey);
    console.log(JSON.stringify(recognizer.info.worker && mode !== undefined));
  `), true);
});

test('a thread of one’s own: kr-lpr/worker', async () => {
  const outcome = await run(`
    import { PlateRecognizer } from 'kr-lpr';
    import { Worker } from 'node:worker_threads';
    ${GREY}
    const own = (script) => new Worker(script, { eval: true, execArgv: [] });
    const create = (worker) => PlateRecognizer.create({ worker }).catch(({ code, message }) => ({ code, message }));
    const good = await create(own("import('kr-lpr/worker')"));
    const { size } = await good.recognize(grey);
    const tracker = good.createTracker();
    const { skipped } = await tracker.push(grey, 0);
    tracker.close();
    good.close();
    const closed = await good.recognize(grey).catch(({ code }) => code);
    const broken = await create(own('throw new Error("a mistake in it")'));
    const dying = own("import('kr-lpr/worker'); require('node:worker_threads').parentPort.on('message', (data) => data === 'die' && process.exit(0))");
    const dead = await create(dying);
    const alive = setInterval(() => undefined, 1000); // a thread that waits does not keep the process
    dying.postMessage('die');
    await new Promise((resolve) => dying.once('exit', resolve));
    clearInterval(alive);
    const lost = await dead.recognize(grey).catch(({ code }) => code);
    console.log(JSON.stringify({ worker: good.info.worker, width: size.width, skipped, closed, broken, lost }));
  `);
  const { broken, ...rest } = outcome;
  assert.deepEqual(rest, { worker: true, width: 520, skipped: false, closed: 'CLOSED', lost: 'BACKEND_LOST' });
  assert.equal(broken.code, 'LOAD_FAILED');
  assert.match(broken.message, /a mistake in it/);
});

test('code that runs in a thread already starts none', async () => {
  assert.equal(await run(`
    import { Worker } from 'node:worker_threads';
    const script = "import('kr-lpr').then(async ({ PlateRecognizer }) => require('node:worker_threads').parentPort.postMessage((await PlateRecognizer.create()).info.worker))";
    new Worker(script, { eval: true, execArgv: [] }).once('message', (inWorker) => console.log(JSON.stringify(inWorker)));
  `), false);
});

/** The pixels of a PNG with 8 bits a channel and without interlacing: all that the golden files are (PNG, sections 5 to 9). */
function decode(bytes) {
  const [width, height, kind] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[25]];
  const channels = { 0: 1, 2: 3, 6: 4 }[kind];
  const chunks = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    if (bytes.toString('latin1', at + 4, at + 8) === 'IDAT') chunks.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  }
  const rows = inflateSync(Buffer.concat(chunks));
  const stride = width * channels;
  const data = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = rows[y * (stride + 1)];
    for (let i = 0; i < stride; i += 1) {
      const left = i >= channels ? data[y * stride + i - channels] : 0;
      const up = y > 0 ? data[(y - 1) * stride + i] : 0;
      const corner = y > 0 && i >= channels ? data[(y - 1) * stride + i - channels] : 0;
      const guess = left + up - corner;
      const [a, b, c] = [left, up, corner].map((value) => Math.abs(guess - value));
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const added = [0, left, up, (left + up) >> 1, paeth][filter];
      data[y * stride + i] = rows[y * (stride + 1) + 1 + i] + added;
    }
  }
  return { data, width, height, channels };
}
