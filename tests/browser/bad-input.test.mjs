// Input that cannot be read gives an error that says why, never a crash, and the recognizer goes on reading.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, openPageWithPicture, plates } from './browser.mjs';

const [{ file, text }] = plates;

/** Builders run in the page; `blob` is a golden plate's file and `picture` its pixels. */
const CASES = [
  ['nothing', () => undefined, /cannot read a plate from undefined/],
  ['null', () => null, /cannot read a plate from null/],
  ['an address', () => '/golden/plate.png', /cannot read a plate from string/],
  ['some object', () => ({}), /cannot read a plate from Object.*canvas.*Blob/],
  ['an empty file', () => new Blob([]), /file is empty/],
  ['an empty picture', () => ({ data: new Uint8Array(0), width: 0, height: 0 }), /empty \(0x0\)/],
  ['an empty canvas', () => Object.assign(document.createElement('canvas'), { width: 0, height: 0 }), /empty \(0x0\)/],
  ['a closed bitmap', async () => shut(await createImageBitmap(picture)), /empty \(0x0\)/],
  ['a negative size', () => ({ data: new Uint8Array(4), width: -1, height: -1 }), /empty \(-1x-1\)/],
  ['a size that is no number', () => ({ data: new Uint8Array(4), width: NaN, height: 1 }), /empty \(NaNx1\)/],
  ['too few bytes', () => ({ data: new Uint8Array(99), width: 5, height: 5 }), /5x5 with 4 bytes a pixel needs 100 bytes, got 99/],
  ['too many bytes', () => ({ data: new Uint8Array(101), width: 5, height: 5 }), /needs 100 bytes, got 101/],
  ['two channels', () => ({ data: new Uint8Array(50), width: 5, height: 5, channels: 2 }), /channels is 2; 1 \(grey\), 3/],
  ['floats', () => ({ data: new Float32Array(100), width: 5, height: 5 }), /8 bits a channel/],
  ['a 20000x20000 header', () => new Blob([png(20000, 20000)]), /20000x20000; at most 16384/],
  ['a header of 2^31 pixels a side', () => new Blob([png(2 ** 31, 2 ** 31)]), /2147483648x2147483648; at most/],
  ['raw pixels of 20000x20000', () => ({ data: new Uint8Array(4), width: 20000, height: 20000 }), /20000x20000; at most/],
  ['a 16384x16384 header', () => new Blob([png(16384, 16384)]), /16384x16384; at most .* in all/],
  ['not a picture', () => new Blob(['Ceci n’est pas une plaque.'], { type: 'text/plain' }), /cannot decode.*text\/plain/],
  ['not a picture, called one', () => new Blob(['plate'], { type: 'image/png' }), /cannot decode.*image\/png/],
  ['a PNG without pixels', () => new Blob([png(9, 9)]), /cannot decode/],
  ['a truncated PNG', () => blob.slice(0, blob.size / 2), /PNG file is cut off/],
  ['a PNG cut in its header', () => blob.slice(0, 20), /cannot decode/],
  ['a truncated JPEG', async () => half(await jpeg()), /JPEG file is cut off/],
  ['a JPEG cut in its header', async () => (await jpeg()).slice(0, 100), /cannot decode/],
  ['a broken image element', () => broken(), /image element has no picture/],
  ['an image element without a source', () => new Image(), /image element has no picture/],
  ['a video without a frame', () => document.createElement('video'), /no frame yet.*loadeddata/],
  ['a closed video frame', () => shut(new VideoFrame(document.createElement('canvas'), { timestamp: 0 })), /empty \(0x0\)/],
];

const OPTIONS = [
  ['an unknown mode', { mode: 'street' }, /mode is 'street'.*'auto', 'crop' or 'scene'/],
  ['an outline in a scene', { mode: 'scene', quad: quad([0, 0], [9, 0], [9, 9], [0, 9]) }, /quad outlines one plate/],
  ['no plates', { maxPlates: 0 }, /maxPlates is 0.*1 to 32/],
  ['very many plates', { maxPlates: 33 }, /maxPlates is 33/],
  ['a region without an extent', { region: { x: 0, y: 0, width: 0, height: 9 } }, /region must be/],
  ['a region of nothing', { region: {} }, /region must be/],
  ['a region elsewhere', { region: { x: 1e6, y: 0, width: 9, height: 9 } }, /outside of the picture/],
  ['no candidates', { nBest: 0 }, /nBest is 0.*1 to 8/],
  ['half a candidate', { nBest: 1.5 }, /nBest is 1.5/],
  ['confidence in per cent', { minConfidence: 50 }, /minConfidence is 50.*0 to 1/],
  ['an unknown grammar', { grammar: 'german' }, /grammar is 'german'.*'strict', 'soft' or 'off'/],
  ['an unknown search', { search: 'slow' }, /search is 'slow'.*'thorough' or 'quick'/],
  ['three corners', { quad: [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }] }, /four corners/],
  ['corners without numbers', { quad: [{}, {}, {}, {}] }, /numbers x and y/],
  ['corners at infinity', { quad: quad([0, 0], [Infinity, 0], [9, 9], [0, 9]) }, /corner 1 is at \(inf/],
  ['corners in one point', { quad: quad([5, 5], [5, 5], [5, 5], [5, 5]) }, /corners 0 and 1/],
  ['corners anticlockwise', { quad: quad([0, 0], [0, 9], [9, 9], [9, 0]) }, /clockwise/],
  ['corners crossed', { quad: quad([0, 0], [9, 9], [9, 0], [0, 9]) }, /clockwise/],
];

test('bad input is refused and does no harm', async (t) => {
  const page = await openPageWithPicture(t, file, [png, jpeg, half, broken, shut]);

  const refused = async (source, options, message) => {
    const { error } = await page.evaluate(([source, options]) => attempt(recognizer.recognize(source, options)), [source, options]);
    assert.deepEqual({ name: error?.name, code: error?.code }, { name: 'KrLprError', code: 'BAD_INPUT' }, error?.message);
    assert.match(error.message, message);
    const after = await page.evaluate(async () => (await recognizer.recognize(picture, { minConfidence: 0 })).plates[0].text);
    assert.equal(after, text, 'the recognizer still works');
  };
  for (const [name, build, message] of CASES) {
    await t.test(name, async () => refused(await page.evaluateHandle(build), {}, message));
  }
  for (const [name, options, message] of OPTIONS) {
    await t.test(name, async () => refused(await page.evaluateHandle(() => picture), options, message));
  }
});

test('what pictures will be like must make sense', async (t) => {
  const page = await openPage(t, await launch(t));
  for (const [typical, message] of [
    [{ width: 0 }, /typical\.width is 0.*1 to 8192/],
    [{ height: 720.5 }, /typical\.height is 720\.5.*whole/],
    [{ plates: 33 }, /typical\.plates is 33.*0 to 32/],
  ]) {
    const { error } = await page.evaluate((typical) => attempt(lib.PlateRecognizer.create({ typical })), typical);
    assert.equal(error.code, 'BAD_INPUT');
    assert.match(error.message, message);
  }
});

test('odd but whole pictures are read, with little confidence', async (t) => {
  const page = await openPage(t, await launch(t));
  await page.evaluate(async () => {
    globalThis.recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    globalThis.blank = (width, height) => ({ data: new Uint8Array(width * height * 4).fill(255), width, height });
  });
  const sizes = [[1, 1], [1, 500], [500, 1], [2, 3], [4000, 3000]];
  for (const [width, height] of sizes) {
    await t.test(`${width}x${height}`, async () => {
      const { plates, rejected, size } = await page.evaluate(
        ([width, height]) => recognizer.recognize(blank(width, height), { mode: 'crop' }),
        [width, height],
      );
      assert.deepEqual(size, { width, height });
      assert.equal(plates.length, 0, 'a blank picture is no plate');
      assert.ok(rejected.every(({ confidence }) => confidence < 0.5), 'what is made of it is doubted');
      const looked = await page.evaluate(
        ([width, height]) => recognizer.recognize(blank(width, height)),
        [width, height],
      );
      assert.equal(looked.plates.length, 0, 'nor is there one in it');
    });
  }
});

function quad(...corners) {
  return corners.map(([x, y]) => ({ x, y }));
}

/** A PNG of that size without any pixels; its check sums are wrong, too. */
function png(width, height) {
  const bytes = new Uint8Array(45);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, 6, 0, 0, 0], 24);
  bytes.set([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44], 33);
  return bytes;
}

function jpeg() {
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  canvas.getContext('2d').putImageData(picture, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg' });
}

function half(blob) {
  return blob.slice(0, blob.size / 2, blob.type);
}

function shut(source) {
  source.close();
  return source;
}

async function broken() {
  const element = Object.assign(new Image(), { src: '/nowhere.png' });
  await element.decode().catch(() => {});
  return element;
}
