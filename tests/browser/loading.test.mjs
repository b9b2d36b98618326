// Files that are missing, damaged or of another version are named, and a second try works once they are right.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, packageFile, plates } from './browser.mjs';

const weights = await packageFile('dist/weights/recognizer.bin');
const headerLength = weights.readUInt32LE(8);
const values = 12 + headerLength;

/** The weights with a changed header; the length of the header stays. */
function withHeader(change) {
  const header = JSON.stringify(change(JSON.parse(weights.subarray(12, values)))).padEnd(headerLength, ' ');
  return Buffer.concat([weights.subarray(0, 12), Buffer.from(header), weights.subarray(values)]);
}

function flipped(position) {
  const copy = Buffer.from(weights);
  copy[position] ^= 0x10;
  return copy;
}

/** Every value the largest that half precision has, under a checksum that is right: sums overflow to NaN. */
function overflowing() {
  const copy = Buffer.from(weights);
  for (let at = values; at < copy.length; at += 2) copy.writeUInt16LE(0x7bff, at);
  let hash = 0xcbf29ce484222325n; // FNV-1a
  for (const byte of copy.subarray(values)) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  const checksum = hash.toString(16).padStart(16, '0');
  copy.write(copy.toString('latin1', 12, values).replace(/"checksum":"[0-9a-f]{16}"/, `"checksum":"${checksum}"`), 12, 'latin1');
  return copy;
}

const WEIGHTS = [
  ['empty', Buffer.alloc(0), /does not start with KRLPRWTS/],
  ['not weights', Buffer.from('<!doctype html><title>Not found</title>'), /does not start with KRLPRWTS/],
  ['cut in their header', weights.subarray(0, 100), /truncated: \d+ bytes expected, 100 found/],
  ['cut in their values', weights.subarray(0, weights.length - 2), /truncated/],
  ['with a damaged header', flipped(12), /header .* is damaged/],
  ['of another version', withHeader((header) => ({ ...header, format_version: 7 })), /version 7; this build reads/],
  ['of another alphabet', withHeader((header) => ({ ...header, alphabet: '0123456789abcdef' })), /alphabet 0123456789abcdef; this build has/],
  ['of another network', withHeader((header) => ({ ...header, architecture: '0123456789abcdef' })), /architecture 0123456789abcdef; this build/],
  ['with a flipped bit', flipped(values + 1001), /damaged: checksum/],
  ['that overflow', overflowing(), /weights or the input are broken|NaN|not finite/],
];

test('weights that do not fit are refused', async (t) => {
  const page = await openPage(t, await launch(t));
  const create = (options) =>
    page.evaluate(async (options) => {
      if (Array.isArray(options.weights)) options.weights = new Uint8Array(options.weights);
      return (await attempt(lib.PlateRecognizer.create({ backend: 'cpu', ...options }))).error;
    }, options);

  for (const [name, bytes, message] of WEIGHTS) {
    await t.test(`weights ${name}`, async () => {
      const error = await create({ weights: [...bytes] });
      assert.deepEqual({ name: error?.name, code: error?.code }, { name: 'KrLprError', code: 'INTEGRITY' }, error?.message);
      assert.match(error.message, message);
    });
  }
  await t.test('weights that overflow, found without warming up', async () => {
    const error = await page.evaluate(async (bytes) => {
      const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', warmup: false, weights: new Uint8Array(bytes) });
      return (await attempt(recognizer.recognize(new ImageData(new Uint8ClampedArray(200 * 50 * 4).fill(255), 200, 50)))).error;
    }, [...overflowing()]);
    assert.equal(error.code, 'INTEGRITY');
  });
  await t.test('weights that are not there', async () => {
    const error = await create({ weights: '/nowhere.bin' });
    assert.equal(error.code, 'LOAD_FAILED');
    assert.match(error.message, /nowhere\.bin answered 404/);
  });
  await t.test('weights that are neither bytes nor an address', async () => {
    assert.equal((await create({ weights: 7 })).code, 'BAD_INPUT');
  });
  await t.test('own weights by address read like the package’s', async () => {
    assert.equal(await create({ weights: '/kr-lpr/weights/recognizer.bin' }), undefined);
  });
  await t.test('the package’s weights when they were tampered with', async () => {
    await page.route('**/recognizer.bin', (route) => route.fulfill({ body: flipped(values) }));
    const error = await create({});
    assert.equal(error.code, 'INTEGRITY');
    assert.match(error.message, /SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64}/);
    await page.unroute('**/recognizer.bin');
    assert.equal(await create({}), undefined);
  });
});

test('wasm that does not load is named, and loads once it is there', async (t) => {
  const page = await openPage(t, await launch(t));
  const create = (options = {}) =>
    page.evaluate(async (options) => {
      const { value, error } = await attempt(lib.PlateRecognizer.create({ backend: 'cpu', ...options }));
      return value ? value.info : error;
    }, options);
  const answers = [
    ['missing', { status: 404, body: 'gone' }, /cpu wasm: .*kr_lpr_cpu\.wasm answered 404/],
    ['an index page', { contentType: 'text/html', body: '<!doctype html><title>App' }, /not a wasm file, it starts with "<!doctype html>".*`wasm`/],
    ['cut off', { contentType: 'application/wasm', body: (await packageFile('dist/wasm/cpu/kr_lpr_cpu.wasm')).subarray(0, 5000) }, /could not be compiled/],
  ];
  for (const [name, answer, message] of answers) {
    await t.test(name, async () => {
      await page.route('**/kr_lpr_cpu.wasm', (route) => route.fulfill(answer));
      const error = await create();
      assert.equal(error.code, 'LOAD_FAILED', error.message);
      assert.match(error.message, message);
      await page.unroute('**/kr_lpr_cpu.wasm');
    });
  }
  await t.test('offline', async () => {
    await page.route('**/kr_lpr_cpu.wasm', (route) => route.abort());
    assert.match((await create()).message, /could not fetch/);
    await page.unroute('**/kr_lpr_cpu.wasm');
  });
  await t.test('an unknown backend', async () => {
    assert.deepEqual((await create({ backend: 'cuda' })).code, 'BAD_INPUT');
  });
  await t.test('there again', async () => {
    assert.equal((await create()).backend, 'cpu');
  });
});

test('wasm from another address', async (t) => {
  const page = await openPage(t, await launch(t));
  const [{ file, text }] = plates;
  await page.route('**/elsewhere/cpu', async (route) => route.fulfill({ body: await packageFile('dist/wasm/cpu/kr_lpr_cpu.wasm') }));
  const read = await page.evaluate(async (file) => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', wasm: { cpu: '/elsewhere/cpu' } });
    return (await recognizer.recognize(await image(file), { minConfidence: 0 })).plates[0].text;
  }, file);
  assert.equal(read, text);
});
