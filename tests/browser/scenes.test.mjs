// Whole frames: plates are found and read where they are, in the frame's own pixels, whichever part of it is looked at.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { GOLDEN, launch, openPage } from './browser.mjs';

const { scenes } = JSON.parse(await readFile(new URL('scenes/manifest.json', GOLDEN), 'utf8'));

async function openScenePage(t) {
  const page = await openPage(t, await launch(t));
  await page.route('**/golden/scenes/*', async (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1);
    await route.fulfill({ contentType: 'image/png', body: await readFile(new URL(`scenes/${name}`, GOLDEN)) });
  });
  await page.evaluate(async () => {
    globalThis.recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
  });
  return page;
}

const centre = (corners) => [0, 1].map((axis) => corners.reduce((sum, corner) => sum + corner[axis] / 4, 0));
const points = (quad) => quad.map(({ x, y }) => [x, y]);

function assertAt(found, corners, what) {
  const [[x, y], [wantedX, wantedY]] = [centre(points(found)), centre(corners)];
  const width = Math.abs(corners[1][0] - corners[0][0]);
  assert.ok(Math.hypot(x - wantedX, y - wantedY) < width / 5, `${what} is at ${x}, ${y} instead of ${wantedX}, ${wantedY}`);
}

test('scenes are found and read', async (t) => {
  const page = await openScenePage(t);
  for (const { file, width, height, plates } of scenes) {
    await t.test(`${file}: ${plates.map(({ label }) => label).join(', ') || 'nothing'}`, async () => {
      const { boxes, result, cloned } = await page.evaluate(async (file) => {
        const picture = await image(file);
        const [boxes, result] = [await recognizer.detect(picture, { minDetectionConfidence: 0.1 }), await recognizer.recognize(picture, { mode: 'scene', minConfidence: 0 })];
        return { boxes, result, cloned: JSON.stringify(structuredClone(result)) === JSON.stringify(result) };
      }, file);
      assert.equal(cloned, true, 'the result is plain data');
      assert.deepEqual([result.mode, result.size], ['scene', { width, height }]);
      assert.ok(result.timing.detect > 0);
      for (const { label, corners } of plates) {
        const plate = result.plates.find(({ text }) => text === label);
        assert.ok(plate, `${label} is among ${result.plates.map(({ text }) => text)}`);
        assertAt(plate.cornerPoints, corners, label);
        assert.ok(plate.detectionConfidence > 0);
      }
      assert.ok(boxes.length >= plates.length);
      for (const { detectionConfidence, boundingBox } of boxes) assert.ok(detectionConfidence >= 0.1 && boundingBox.width > 0 && boundingBox.height > 0);
    });
  }
});

test('a region is looked at alone, and told of in pixels of the whole', async (t) => {
  const page = await openScenePage(t);
  const { file, plates: [{ label, corners }] } = scenes.find(({ plates }) => plates.length === 1);
  const [x, y] = centre(corners);
  const region = { x: x - 90.5, y: y - 60.25, width: 181, height: 121 };
  const { seen, elsewhere, boxes, size } = await page.evaluate(async ({ file, region }) => {
    const picture = await image(file);
    const seen = await recognizer.recognize(picture, { region, mode: 'scene', minConfidence: 0 });
    const elsewhere = await recognizer.recognize(picture, { region: { x: 0, y: 0, width: 60, height: 60 }, mode: 'scene', minConfidence: 0 });
    return { seen: seen.plates, elsewhere: elsewhere.plates.length, boxes: await recognizer.detect(picture, { region, maxPlates: 1 }), size: [seen.size.width, picture.width] };
  }, { file, region });
  assert.equal(seen[0]?.text, label);
  assertAt(seen[0].cornerPoints, corners, label);
  assert.equal(boxes.length, 1);
  assertAt(boxes[0].cornerPoints, corners, 'the box');
  assert.equal(elsewhere, 0);
  assert.equal(size[0], size[1]);
});

/** The plate of a scene with one, and a function on the page that draws the scene on a canvas of its own. */
async function openOnePlate(t) {
  const page = await openScenePage(t);
  const { file, plates: [{ label, corners }] } = scenes.find(({ plates }) => plates.length === 1);
  await page.evaluate(async (file) => {
    const bitmap = await createImageBitmap(await image(file));
    globalThis.drawn = (width, height, draw) => {
      const canvas = new OffscreenCanvas(width || bitmap.width, height || bitmap.height);
      draw(canvas.getContext('2d'), bitmap);
      return canvas;
    };
  }, file);
  return { page, label, corners };
}

test('a plate that the picture cuts off says so, and counts where it is wanted', async (t) => {
  const { page, label, corners } = await openOnePlate(t);
  const [left, right] = [Math.min(corners[0][0], corners[3][0]), Math.max(corners[1][0], corners[2][0])];
  const at = Math.round(left + 0.17 * (right - left));
  const { plain, partial } = await page.evaluate(async (at) => {
    const cut = drawn(0, 0, (context, picture) => context.drawImage(picture, -at, 0));
    const region = { x: 0, y: 0, width: cut.width - at, height: cut.height };
    const read = (options) => recognizer.recognize(cut, { mode: 'scene', region, ...options });
    return { plain: await read({}), partial: await read({ partial: true, minConfidence: 0 }) };
  }, at);
  assert.deepEqual(plain.plates, []);
  const [{ text, complete, valid, cut, reason }] = plain.rejected;
  assert.deepEqual({ complete, valid, reason }, { complete: false, valid: false, reason: 'incomplete' });
  assert.deepEqual(cut, { left: true, right: false, top: false, bottom: false });
  assert.ok(text.startsWith('?') && label.endsWith(text.replace(/^\?+/, '')), `${text} of ${label}`);
  assert.equal(partial.plates[0].text, text);
  assert.equal(partial.plates[0].reason, undefined);
});

test('a picture that lies on its side or stands on its head is read as told, or whichever way shows a plate', async (t) => {
  const { page, label, corners } = await openOnePlate(t);
  const found = await page.evaluate(async () => {
    const read = async (quarters, orientation) => {
      const turned = drawn(0, 0, () => undefined);
      const [width, height] = quarters % 2 ? [turned.height, turned.width] : [turned.width, turned.height];
      const canvas = drawn(width, height, (context, picture) => {
        context.translate(width / 2, height / 2);
        context.rotate((quarters * Math.PI) / 2);
        context.drawImage(picture, -picture.width / 2, -picture.height / 2);
      });
      const { plates, orientation: seen } = await recognizer.recognize(canvas, { mode: 'scene', orientation });
      return { texts: plates.map(({ text }) => text), corners: plates[0]?.cornerPoints, seen, size: [width, height] };
    };
    return { upright: await read(0, 'auto'), told: await read(1, 270), auto: await read(3, 'auto'), head: await read(2, 'auto'), untold: await read(2, 0) };
  });
  for (const [name, turn] of [['upright', 0], ['told', 270], ['auto', 90], ['head', 180]]) {
    assert.deepEqual([found[name].texts, found[name].seen], [[label], turn], name);
  }
  assert.deepEqual(found.untold.texts, []);
  // On its head the plate's first corner is where the last but one was.
  const { corners: [first], size: [width, height] } = found.head;
  assert.ok(Math.hypot(width - first.x - corners[0][0], height - first.y - corners[0][1]) < 12, JSON.stringify(first));
});

test('plates beyond `maxPlates` are told of', async (t) => {
  const { page } = await openOnePlate(t);
  const { plates, rejected } = await page.evaluate(() => {
    const three = drawn(0, 0, () => undefined);
    const wall = drawn(three.width, 3 * three.height, (context, picture) => {
      for (const row of [0, 1, 2]) context.drawImage(picture, 0, row * picture.height);
    });
    return recognizer.recognize(wall, { mode: 'scene', maxPlates: 1 });
  });
  assert.equal(plates.length, 1);
  const left = rejected.filter(({ reason }) => reason === 'too-many');
  assert.ok(left.length >= 2, `${left.length} more`);
  assert.ok(left.every(({ text, boundingBox }) => text === '' && boundingBox.width > 0));
});

test('without weights that find plates, scenes are refused and crops are read', async (t) => {
  const page = await openScenePage(t);
  const outcome = await page.evaluate(async () => {
    const crops = await lib.PlateRecognizer.create({ backend: 'cpu', weights: { detector: false } });
    const picture = new ImageData(new Uint8ClampedArray(200 * 50 * 4).fill(255), 200, 50); // a sheet of paper
    const scene = await attempt(crops.recognize(picture, { mode: 'scene' }));
    const boxes = await attempt(crops.detect(picture));
    const { mode } = await crops.recognize(picture);
    return { version: crops.info.detector, scene: scene.error?.code, boxes: boxes.error?.code, mode };
  });
  assert.deepEqual(outcome, { version: null, scene: 'UNSUPPORTED', boxes: 'UNSUPPORTED', mode: 'crop' });
});

test('a tracker in a worker confirms what frames agree on', async (t) => {
  const page = await openScenePage(t);
  const { file, plates: [{ label }] } = scenes.find(({ plates }) => plates.length === 1);
  const { texts, states, skipped } = await page.evaluate(async (file) => {
    const picture = await image(file);
    const tracker = recognizer.createTracker();
    let update;
    const states = new Set();
    // A plate that moves, since frames that stand still count once.
    for (let i = 0; i < 12; i += 1) {
      const canvas = new OffscreenCanvas(picture.width + 60, picture.height + 20);
      canvas.getContext('2d').putImageData(picture, 5 * i, i);
      update = await tracker.push(canvas, 100 * i);
      for (const { state } of update.tracks) states.add(state);
    }
    const burst = await Promise.all([1, 2, 3].map((i) => tracker.push(picture, 2000 + i)));
    tracker.close();
    return { texts: update.tracks.map(({ best }) => best.text), states: [...states], skipped: burst.map((one) => one.skipped) };
  }, file);
  assert.deepEqual(texts, [label]);
  assert.ok(states.includes('confirmed'), `states were ${states}`);
  assert.deepEqual(skipped, [false, true, false], 'the newest frame is read, the one before it is not');
});
