// Pixels that are not what they seem: transparent sheets, read-backs that tell nothing, pictures larger than canvases can be,
// browsers that know less, files without an end, frames that are closed at once, and photographs by the dozen.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, openPageWithPicture, plates } from './browser.mjs';
import { collectGarbage } from './series.mjs';

const [{ file, text }] = plates;

/** The plate's ink alone, on a sheet that is transparent where the plate is light. */
function ink() {
  const { width, height, data } = picture;
  const clear = new ImageData(width, height);
  const luma = (at) => (77 * data[at] + 150 * data[at + 1] + 29 * data[at + 2]) / 256;
  const all = Array.from({ length: width * height }, (_, i) => luma(4 * i));
  const [dark, light] = [Math.min(...all), Math.max(...all)];
  all.forEach((value, i) => (clear.data[4 * i + 3] = Math.round((255 * (light - value)) / (light - dark))));
  return clear;
}

function drawn(pixels, kind = 'offscreen') {
  const { width, height } = pixels;
  const canvas = kind === 'offscreen' ? new OffscreenCanvas(width, height) : Object.assign(document.createElement('canvas'), { width, height });
  canvas.getContext('2d').putImageData(pixels, 0, 0);
  return canvas;
}

async function shown(blob) {
  const element = Object.assign(new Image(), { src: URL.createObjectURL(blob) });
  await element.decode();
  return element;
}

/** The texts that are read of a source, whether they count or not. */
async function textsOf(source, options = {}) {
  const { plates, rejected } = await recognizer.recognize(source, { mode: 'crop', ...options });
  return [...plates, ...rejected].map(({ text }) => text);
}

const BUILDERS = [ink, drawn, shown, textsOf];

test('ink on a transparent sheet is read as on white', async (t) => {
  const page = await openPageWithPicture(t, file, BUILDERS);
  const sources = {
    'a PNG': () => drawn(ink()).convertToBlob(),
    'an image element': async () => shown(await drawn(ink()).convertToBlob()),
    'a canvas': () => drawn(ink(), 'element'),
    'an OffscreenCanvas': () => drawn(ink()),
    ImageData: () => ink(),
    'an ImageBitmap': () => createImageBitmap(ink()),
    'raw pixels': () => ({ data: new Uint8Array(ink().data), width: picture.width, height: picture.height }),
  };
  for (const [name, build] of Object.entries(sources)) {
    await t.test(name, async () => {
      const source = await page.evaluateHandle(build);
      assert.deepEqual(await page.evaluate((source) => textsOf(source), source), [text]);
    });
  }
  await t.test('the background can be chosen', async () => {
    const texts = await page.evaluate(() => textsOf(ink(), { background: 'black' }));
    assert.ok(!texts.includes(text), 'black on black shows nothing');
  });
  await t.test('an alpha of 0 everywhere is padding', async () => {
    const texts = await page.evaluate(() => {
      const data = new Uint8Array(picture.data);
      for (let at = 3; at < data.length; at += 4) data[at] = 0;
      return textsOf({ data, width: picture.width, height: picture.height });
    });
    assert.deepEqual(texts, [text]);
  });
});

const NOTHING = [
  ['a WebGL canvas that was cleared', async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 200, height: 50 });
    document.body.append(canvas);
    const gl = canvas.getContext('webgl');
    gl.clearColor(0.5, 0.5, 0.5, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 50)));
    return canvas;
  }, /every pixel of the HTMLCanvasElement is transparent.*preserveDrawingBuffer/],
  ['a canvas on which nothing was drawn', () => new OffscreenCanvas(200, 50), /OffscreenCanvas is transparent: nothing was drawn/],
  ['ImageData of nothing', () => new ImageData(200, 50), /every pixel of the picture is transparent/],
  ['a bitmap of nothing', () => createImageBitmap(new ImageData(200, 50)), /every pixel of the ImageBitmap is transparent/],
];

test('a picture of which nothing can be seen is no picture without plates', async (t) => {
  const page = await openPageWithPicture(t, file, BUILDERS);
  for (const [name, build, message] of NOTHING) {
    await t.test(name, async () => {
      const { error } = await page.evaluate((source) => attempt(recognizer.recognize(source)), await page.evaluateHandle(build));
      assert.equal(error?.code, 'BAD_INPUT');
      assert.match(error.message, message);
    });
  }
});

/** What a protection against fingerprinting makes of what is read back. */
const PROTECTIONS = {
  white: (data) => data.fill(255),
  noise: (data) => data.forEach((_, at) => (data[at] = Math.random() * 256)),
  'nothing at all': (data) => data.fill(0),
};

test('a browser that keeps pixels from pages is named', async (t) => {
  const page = await openPageWithPicture(t, file, BUILDERS);
  const read = (protection) =>
    page.evaluate(async (protection) => {
      const prototypes = [CanvasRenderingContext2D.prototype, OffscreenCanvasRenderingContext2D.prototype];
      const own = prototypes.map((prototype) => prototype.getImageData);
      prototypes.forEach((prototype, i) => {
        prototype.getImageData = function (...given) {
          const read = own[i].apply(this, given);
          eval(`(${protection})`)(read.data);
          return read;
        };
      });
      const outcome = await attempt(recognizer.recognize(blob));
      prototypes.forEach((prototype, i) => (prototype.getImageData = own[i]));
      return outcome;
    }, String(protection));
  for (const [name, protection] of Object.entries(PROTECTIONS)) {
    await t.test(name, async () => {
      const { error } = await read(protection);
      assert.equal(error?.code, name === 'nothing at all' ? 'BAD_INPUT' : 'UNSUPPORTED', error?.message);
      assert.match(error.message, name === 'nothing at all' ? /no memory for a canvas/ : /fingerprinting/);
    });
  }
  await t.test('noise that changes nothing to speak of is borne', async () => {
    const { value } = await read((data) => data.forEach((value, at) => (data[at] = value ^ (Math.random() < 0.1))));
    assert.equal([...value.plates, ...value.rejected][0].text, text);
  });
});

/** As on iOS: above 16.7 million pixels a canvas takes what is drawn, and shows none of it. */
function smallCanvases() {
  for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const { drawImage } = prototype;
    prototype.drawImage = function (...given) {
      if (this.canvas.width * this.canvas.height <= 1 << 24) drawImage.apply(this, given);
    };
  }
}

test('a picture of 48 million pixels is read, in a browser with small canvases, too', { timeout: 120_000 }, async (t) => {
  const page = await openPageWithPicture(t, file, BUILDERS);
  const made = await page.evaluate(async () => {
    // The plate on a wall, in a file; there is no canvas of that size to be had from here on.
    const canvas = new OffscreenCanvas(8000, 6000);
    const context = canvas.getContext('2d');
    context.fillStyle = '#556';
    context.fillRect(0, 0, 8000, 6000);
    const scale = 1200 / picture.width;
    context.drawImage(drawn(picture), 3000, 2500, 1200, picture.height * scale);
    globalThis.photograph = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
    globalThis.corner = { x: 3000, y: 2500 };
    return photograph.size;
  });
  assert.ok(made > 0);
  await page.evaluate(`(${smallCanvases})()`);
  const { value, error } = await page.evaluate(() => attempt(recognizer.recognize(photograph, { mode: 'scene', minConfidence: 0 })));
  assert.equal(error, undefined, error?.message);
  assert.deepEqual(value.size, { width: 8000, height: 6000 });
  const [plate] = value.plates.filter((plate) => plate.text === text);
  assert.ok(plate, `read ${value.plates.map((plate) => plate.text)}`);
  // In the pixels of the photograph: on the picture that was drawn there, which has a little around its plate.
  const isThere = ({ x, y }) => x > 2950 && x < 4250 && y > 2450 && y < 2950;
  assert.ok(plate.cornerPoints.every(isThere), JSON.stringify(plate.cornerPoints));
  const inRegion = await page.evaluate(() => textsOf(photograph, { region: { x: 2950, y: 2450, width: 1300, height: 500 } }));
  assert.deepEqual(inRegion, [text]);
});

test('raw pixels that are too many are averaged', { timeout: 120_000 }, async (t) => {
  const page = await openPageWithPicture(t, file, BUILDERS);
  const corners = await page.evaluate(async () => {
    const [width, height, scale] = [6000, 4000, 4];
    const data = new Uint8Array(width * height).fill(90);
    for (let y = 0; y < picture.height * scale; y += 1) {
      for (let x = 0; x < picture.width * scale; x += 1) {
        const at = 4 * (Math.floor(y / scale) * picture.width + Math.floor(x / scale));
        data[(1000 + y) * width + 2000 + x] = (77 * picture.data[at] + 150 * picture.data[at + 1] + 29 * picture.data[at + 2]) >> 8;
      }
    }
    const quad = [[0, 0], [1, 0], [1, 1], [0, 1]].map(([x, y]) => ({ x: 2000 + x * picture.width * scale, y: 1000 + y * picture.height * scale }));
    const { plates, rejected } = await recognizer.recognize({ data, width, height, channels: 1 }, { quad, align: false });
    const [plate] = [...plates, ...rejected];
    return { text: plate.text, off: Math.hypot(plate.cornerPoints[2].x - quad[2].x, plate.cornerPoints[2].y - quad[2].y) };
  });
  assert.equal(corners.text, text);
  assert.ok(corners.off < 2, `the corner is off by ${corners.off} pixels`);
});

/** Browsers before 2023 throw at an option that they do not know. */
function olderBitmaps() {
  const { createImageBitmap } = globalThis;
  globalThis.createImageBitmap = (source, ...given) => {
    const options = given.at(-1);
    if (options?.imageOrientation) return Promise.reject(new TypeError(`'${options.imageOrientation}' is not a valid enum value of type ImageOrientation`));
    return createImageBitmap(source, ...given);
  };
}

test('a browser without `imageOrientation` shows what it cannot make a bitmap of', async (t) => {
  const page = await openPageWithPicture(t, file, BUILDERS);
  await page.evaluate(`(${olderBitmaps})()`);
  const read = await page.evaluate(async () => [await textsOf(blob), await textsOf(await shown(blob))]);
  assert.deepEqual(read, [[text], [text]]);
  const { error } = await page.evaluate(() => attempt(recognizer.recognize(new Blob(['no picture'], { type: 'image/png' }))));
  assert.equal(error?.code, 'BAD_INPUT');
  assert.match(error.message, /cannot decode.*image\/png/);
});

test('a JPEG without its end is read, one without its lower half is not', async (t) => {
  const page = await openPageWithPicture(t, file, BUILDERS);
  const outcome = await page.evaluate(async () => {
    const jpeg = await drawn(picture).convertToBlob({ type: 'image/jpeg', quality: 0.95 });
    const texts = [];
    for (const missing of [0, 2, 6]) texts.push(...(await textsOf(jpeg.slice(0, jpeg.size - missing, jpeg.type))));
    const element = await textsOf(await shown(jpeg.slice(0, jpeg.size - 2, jpeg.type)));
    const half = await attempt(recognizer.recognize(jpeg.slice(0, jpeg.size * 0.6)));
    return { texts, element, half: half.error };
  });
  assert.deepEqual([outcome.texts, outcome.element], [[text, text, text], [text]]);
  assert.equal(outcome.half?.code, 'BAD_INPUT');
  assert.match(outcome.half.message, /JPEG file is cut off: of \d+ rows the last \d+ are missing/);
});

test('frames may be closed as soon as they are given', async (t) => {
  const page = await openPageWithPicture(t, file, BUILDERS);
  const outcome = await page.evaluate(async () => {
    const frames = [];
    const canvas = drawn(picture);
    const tracker = recognizer.createTracker({ mode: 'crop' });
    const give = (source, i) => {
      const call = attempt(tracker.push(source, 100 * i));
      source.close?.();
      if (source === canvas) canvas.getContext('2d').reset();
      return call;
    };
    for (let i = 0; i < 30; i += 1) frames.push(give(new VideoFrame(drawn(picture), { timestamp: i }), i));
    frames.push(give(await createImageBitmap(picture), 30), give(canvas, 31));
    const settled = await Promise.all(frames);
    const read = settled.filter(({ value }) => value && !value.skipped);
    const one = new VideoFrame(drawn(picture), { timestamp: 0 });
    const alone = textsOf(one);
    one.close();
    const gone = await attempt(tracker.push(one, 5000));
    return {
      errors: settled.map(({ error }) => error?.message).filter(Boolean),
      read: read.length,
      last: settled.at(-1).value?.skipped,
      texts: read.at(-1).value.tracks.map(({ best }) => best.text),
      alone: await alone,
      gone: gone.error?.code,
    };
  });
  assert.deepEqual(outcome.errors, []);
  assert.ok(outcome.read >= 2, `${outcome.read} were read`);
  assert.deepEqual([outcome.last, outcome.texts, outcome.alone, outcome.gone], [false, [text], [text], 'BAD_INPUT']);
});

test('photographs are decoded when their turn comes', { timeout: 120_000 }, async (t) => {
  const page = await openPageWithPicture(t, file, BUILDERS);
  const { most, texts } = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(2000, 1500);
    canvas.getContext('2d').drawImage(drawn(picture), 700, 700);
    const photograph = await canvas.convertToBlob({ type: 'image/jpeg' });
    let [open, most] = [0, 0];
    const { createImageBitmap } = globalThis;
    globalThis.createImageBitmap = async (...given) => {
      most = Math.max(most, (open += 1));
      return createImageBitmap(...given);
    };
    const calls = Array.from({ length: 12 }, () =>
      recognizer.recognize(photograph, { region: { x: 690, y: 690, width: picture.width + 20, height: picture.height + 20 }, mode: 'crop', minConfidence: 0 }).finally(() => (open -= 1)),
    );
    const results = await Promise.all(calls);
    return { most, texts: results.map(({ plates }) => plates[0].text) };
  });
  assert.ok(most <= 2, `${most} photographs were open at once`);
  assert.deepEqual(texts, Array(12).fill(text));
});

/** Keeps every wasm memory that is made, weakly. */
function keepMemories() {
  globalThis.memories = [];
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (...given) => {
    const made = await instantiate(...given);
    memories.push(new WeakRef((made.instance ?? made).exports.memory));
    return made;
  };
}

test('a large picture takes no more memory than a canvas, and closing gives it back', { timeout: 120_000 }, async (t) => {
  const page = await openPage(t, await launch(t), { init: keepMemories });
  const largest = await page.evaluate(async () => {
    globalThis.recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker: false });
    const tracker = recognizer.createTracker();
    await recognizer.recognize({ data: new Uint8Array(8000 * 6000 * 4).fill(99), width: 8000, height: 6000 });
    const sizes = memories.map((memory) => memory.deref()?.buffer.byteLength ?? 0);
    globalThis.kept = { recognizer, tracker }; // closed, and yet not let go
    await recognizer[Symbol.asyncDispose]();
    return Math.max(...sizes);
  });
  assert.ok(largest < 100e6, `the wasm memory grew to ${largest} bytes`);
  await collectGarbage(await page.context().newCDPSession(page));
  assert.deepEqual(await page.evaluate(() => memories.map((memory) => memory.deref() !== undefined)), [false]);
});
