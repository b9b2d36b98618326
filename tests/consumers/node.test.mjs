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
