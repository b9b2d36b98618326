// The same plates as the native tests read, with the same text and the same rectified bytes, on both backends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, plates } from './browser.mjs';

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
        assert.equal(read.text, text);
        assert.equal(read.kind, kind);
        assert.ok(read.knownKind, `${read.kind} is not in PLATE_KINDS`);
        assert.equal(read.spelled, text, 'the characters spell the text');
        assert.deepEqual(read.size, [192, 96]);
        assert.equal(read.differing, 0, 'rectified bytes that differ from the golden ones');
      });
    }
  });
}

/** Reads a golden plate in the page and compares what the network saw with the golden bytes. */
async function readGolden({ file, rectified }) {
  const blob = await (await fetch(`/golden/${file}`)).blob();
  const result = await recognizer.recognize(blob, { plateImage: true });
  const [plate] = [...result.plates, ...result.rejected];
  const { data } = await image(rectified);
  return {
    text: plate.text,
    kind: plate.kind,
    knownKind: lib.PLATE_KINDS.includes(plate.kind),
    spelled: plate.chars.map(({ char }) => char).join(''),
    size: [plate.image.width, plate.image.height],
    differing: plate.image.data.filter((luma, i) => luma !== data[4 * i]).length,
  };
}
