// The plates that `tests/golden.rs` reads natively: the same rectified bytes, corners, text and confidence on both backends.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { GOLDEN, launch, openPage, plates } from './browser.mjs';

/** How far a confidence may be off the native one: other processors add up in another order. */
const TOLERANCE = 1e-3;

/** How far a corner may be off the native one, in pixels. */
const CORNER_TOLERANCE = 0.05;

const recorded = JSON.parse(await readFile(new URL('confidences.json', GOLDEN), 'utf8')).readings;
const native = new Map(recorded.map((reading) => [reading.file, reading]));

for (const backend of ['cpu', 'webgpu']) {
  test(`golden plates read alike on ${backend}`, async (t) => {
    const page = await openPage(t, await launch(t));
    const info = await page.evaluate(async (backend) => {
      globalThis.recognizer = await lib.PlateRecognizer.create({ backend });
      return recognizer.info;
    }, backend);
    assert.equal(info.backend, backend);

    for (const { file, text, kind, rectified } of plates) {
      await t.test(`${file}: ${text}`, async () => {
        const read = await page.evaluate(readGolden, { file, rectified });
        assert.deepEqual(read.size, [192, 96]);
        assert.ok(read.maps.length >= 6, 'there is a map for each character');
        for (const [length, cells, sum] of read.maps) assert.ok(length === 24 * 12 && cells === length && Math.abs(sum - 1) < 1e-4);
        assert.equal(read.differing, 0, 'rectified bytes that differ from the golden ones');
        for (const [i, expected] of native.get(file).corners.entries()) {
          const off = Math.abs(read.corners[i] - expected);
          assert.ok(off < CORNER_TOLERANCE, `coordinate ${i} of the corners is ${read.corners[i]}, natively ${expected}`);
        }
        assert.equal(read.text, text);
        assert.equal(read.spelled, text, 'the characters spell the text');
        const off = Math.abs(read.product - read.confidence.text);
        assert.ok(off < 1e-4, `the characters' confidences multiply to ${read.product}, that of the text is ${read.confidence.text}`);
        assert.equal(read.kind, kind);
        assert.ok(read.knownKind, `${read.kind} is not in PLATE_KINDS`);
        for (const [what, expected] of [['text', native.get(file).text], ['kind', native.get(file).kind]]) {
          const off = Math.abs(read.confidence[what] - expected);
          assert.ok(off < TOLERANCE, `confidence in the ${what} is ${read.confidence[what]}, natively ${expected}`);
        }
      });
    }
  });
}

/** Reads a golden plate in the page and compares what the network saw with the golden bytes. */
async function readGolden({ file, rectified }) {
  const blob = await (await fetch(`/golden/${file}`)).blob();
  const read = async (options) => {
    const { plates, rejected } = await recognizer.recognize(blob, { mode: 'crop', ...options });
    return [...plates, ...rejected][0];
  };
  const plate = await read({ mode: 'crop' });
  const { image: seen } = await read({ mode: 'crop', align: false, plateImage: true });
  const { chars } = await read({ attention: true });
  const { data } = await image(rectified);
  return {
    text: plate.text,
    kind: plate.kind,
    confidence: { text: plate.confidence, kind: plate.kindConfidence },
    knownKind: lib.PLATE_KINDS.includes(plate.kind),
    spelled: plate.chars.map(({ char }) => char).join(''),
    product: plate.chars.reduce((product, { confidence }) => product * confidence, 1),
    corners: plate.cornerPoints.flatMap(({ x, y }) => [x, y]),
    size: [seen.width, seen.height],
    maps: chars.map(({ attention: { data, width, height } }) => [data.length, width * height, data.reduce((a, b) => a + b)]),
    differing: seen.data.filter((luma, i) => luma !== data[4 * i]).length,
  };
}
