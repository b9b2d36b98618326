// Every kind of source gives the same text, and where no codec is in between the same pixels.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPageWithPicture, plates } from './browser.mjs';

const [{ file, text }] = plates;

/** Each builds a source in the page from `picture`, the golden plate as `ImageData`, and `blob`, its file. */
const SOURCES = {
  ImageData: () => picture,
  'canvas element': () => canvas('element'),
  OffscreenCanvas: () => canvas('offscreen'),
  ImageBitmap: () => createImageBitmap(picture),
  VideoFrame: () => new VideoFrame(canvas('offscreen'), { timestamp: 0 }),
  Blob: () => blob,
  File: () => new File([blob], 'plate.png', { type: 'image/png' }),
  'Blob without a type': async () => new Blob([await blob.arrayBuffer()]),
  'image element': () => imageElement(blob),
  'image element still loading': () => Object.assign(new Image(), { src: URL.createObjectURL(blob) }),
  'raw RGBA': () => raw(4, 4),
  'raw RGBA, channels left out': () => raw(4, undefined),
  'raw RGB': () => raw(3, 3),
  'a view into a larger buffer': () => {
    const data = new Uint8Array(picture.data.length + 7);
    data.set(picture.data, 5);
    return { data: data.subarray(5, 5 + picture.data.length), width: picture.width, height: picture.height };
  },
};

/** Colours go through a video or JPEG codec here, so the text is compared and the pixels are not. */
const LOSSY = {
  'raw grey': () => raw(1, 1),
  'video element': async () => {
    const shown = canvas('element');
    document.body.append(shown);
    const video = Object.assign(document.createElement('video'), { muted: true, srcObject: shown.captureStream(10) });
    const loaded = new Promise((resolve) => video.addEventListener('loadeddata', resolve, { once: true }));
    video.play();
    const repaint = setInterval(() => shown.getContext('2d').putImageData(picture, 0, 0), 50);
    await loaded;
    clearInterval(repaint);
    return video;
  },
  'JPEG turned by EXIF, as a blob': () => turnedJpeg(),
  'JPEG turned by EXIF, as an image element': async () => imageElement(await turnedJpeg()),
};

test('every source reads alike', async (t) => {
  const page = await openPageWithPicture(t, file, [canvas, imageElement, raw, turnedJpeg]);
  const read = (source) =>
    page.evaluate(async (source) => {
      const result = await recognizer.recognize(source, { mode: 'crop', plateImage: true });
      const [plate] = [...result.plates, ...result.rejected];
      return { text: plate.text, size: result.size, luma: Array.from(plate.image.data), timing: result.timing };
    }, source);
  const { luma, size } = await read(await page.evaluateHandle(SOURCES.ImageData));

  for (const [name, build] of Object.entries(SOURCES)) {
    await t.test(name, async () => {
      const result = await read(await page.evaluateHandle(build));
      assert.equal(result.text, text);
      assert.deepEqual(result.size, size);
      assert.deepEqual(result.luma, luma);
      const { preprocess, detect, recognize, decode, total } = result.timing;
      assert.ok(preprocess >= 0 && detect === 0 && recognize > 0);
      // The clock of a page is coarse: the stages may add up to all of it, but for how sums are rounded.
      assert.ok(total >= preprocess + recognize + decode - 1e-6);
    });
  }
  for (const [name, build] of Object.entries(LOSSY)) {
    await t.test(name, async () => {
      const result = await read(await page.evaluateHandle(build));
      assert.equal(result.text, text);
      assert.deepEqual(result.size, size);
    });
  }
  await t.test('a quad inside a larger picture', async () => {
    const plate = await page.evaluate(readInScene);
    assert.equal(plate.text, text);
    assert.deepEqual(plate.cornerPoints[0], { x: 300, y: 200 });
    assert.deepEqual(plate.boundingBox, { x: 300, y: 200, ...size });
  });
});

function canvas(kind) {
  const { width, height } = picture;
  const made =
    kind === 'offscreen' ? new OffscreenCanvas(width, height) : Object.assign(document.createElement('canvas'), { width, height });
  made.getContext('2d').putImageData(picture, 0, 0);
  return made;
}

async function imageElement(blob) {
  const element = Object.assign(new Image(), { src: URL.createObjectURL(blob) });
  await element.decode();
  return element;
}

/** The picture with `channels` bytes a pixel, said to have `said`. */
function raw(channels, said) {
  const { data, width, height } = picture;
  const bytes = new Uint8Array(width * height * channels);
  for (let i = 0; i < width * height; i += 1) {
    const [r, g, b, a] = data.subarray(4 * i, 4 * i + 4);
    const pixel = channels === 1 ? [(77 * r + 150 * g + 29 * b) >> 8] : [r, g, b, a].slice(0, channels);
    bytes.set(pixel, channels * i);
  }
  return said === undefined ? { data: bytes, width, height } : { data: bytes, width, height, channels: said };
}

/** The picture lying on its side in a JPEG whose EXIF says to turn it clockwise (orientation 6). */
async function turnedJpeg() {
  const { width, height } = picture;
  const side = new OffscreenCanvas(height, width);
  const context = side.getContext('2d');
  context.translate(0, width);
  context.rotate(-Math.PI / 2);
  context.drawImage(canvas('offscreen'), 0, 0);
  const jpeg = new Uint8Array(await (await side.convertToBlob({ type: 'image/jpeg', quality: 0.95 })).arrayBuffer());
  // APP1: "Exif", big-endian TIFF header, one entry: tag 0x0112 (orientation), type SHORT, one value, 6.
  const exif = [0xff, 0xe1, 0, 34, 69, 120, 105, 102, 0, 0, 77, 77, 0, 42, 0, 0, 0, 8];
  const entry = [0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
  const bytes = [jpeg.subarray(0, 2), new Uint8Array([...exif, ...entry]), jpeg.subarray(2)];
  return new Blob(bytes, { type: 'image/jpeg' });
}

async function readInScene() {
  const { width, height } = picture;
  const scene = new OffscreenCanvas(width + 500, height + 400);
  const context = scene.getContext('2d');
  context.fillStyle = 'teal';
  context.fillRect(0, 0, scene.width, scene.height);
  context.putImageData(picture, 300, 200);
  const [left, top, right, bottom] = [300, 200, 300 + width, 200 + height];
  const corners = [[left, top], [right, top], [right, bottom], [left, bottom]];
  const quad = corners.map(([x, y]) => ({ x, y }));
  const { plates, rejected } = await recognizer.recognize(scene, { quad, align: false });
  return [...plates, ...rejected][0];
}
