// Photographs on the demo page: shown large with their plates labelled, and many of them in a table.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { GOLDEN, launch, plates } from './browser.mjs';
import { assertFits, element, keepPicture, openDemo } from './demo.mjs';

const { scenes } = JSON.parse(await readFile(new URL('scenes/manifest.json', GOLDEN), 'utf8'));
const [left, right] = scenes;
const bytesOf = (file) => readFile(new URL(file, GOLDEN));
const pick = (page, files) =>
  element(page, 'file-input').setInputFiles(files.map(([name, buffer]) => ({ name, mimeType: 'image/png', buffer })));
const idle = (page) => page.locator('body[data-busy=false]').waitFor();

/** A photograph of two cars: two golden scenes beside each other. */
async function twoCars(page) {
  const urls = await Promise.all([left, right].map(async ({ file }) => `data:image/png;base64,${(await bytesOf(file)).toString('base64')}`));
  const base64 = await page.evaluate(async (urls) => {
    const images = await Promise.all(urls.map(async (src) => {
      const image = Object.assign(new Image(), { src });
      await image.decode();
      return image;
    }));
    const canvas = document.createElement('canvas');
    canvas.width = images.reduce((sum, { width }) => sum + width, 0);
    canvas.height = Math.max(...images.map(({ height }) => height));
    const context = canvas.getContext('2d');
    images.reduce((x, image) => (context.drawImage(image, x, 0), x + image.width), 0);
    return canvas.toDataURL('image/png').split(',')[1];
  }, urls);
  return Buffer.from(base64, 'base64');
}

test('a photograph is what is looked at', async (t) => {
  const browser = await launch(t);
  const texts = [left, right].map(({ plates: [{ label }] }) => label);
  for (const [name, viewport] of [['desktop', { width: 1280, height: 900 }], ['phone', { width: 390, height: 844 }]]) {
    await t.test(`on a ${name}`, async (t) => {
      const { page } = await openDemo(t, browser, { viewport, query: '&auto=off' });
      await pick(page, [['two-cars.png', await twoCars(page)]]);
      await idle(page);
      assert.equal(await element(page, 'reading').getAttribute('data-view'), 'photo');
      const photo = await element(page, 'photo').boundingBox();
      const stage = await element(page, 'reading').boundingBox();
      assert.ok(photo.width >= 0.95 * stage.width, `the photograph is ${photo.width} of ${stage.width} pixels wide`);

      // Each plate has its text on the picture, and pressing that opens its card.
      for (const text of texts) {
        const label = page.locator(`[data-testid=plate-choice][data-text="${text}"]`);
        const box = await label.boundingBox();
        assert.ok(box.x >= photo.x - 1 && box.x + box.width <= photo.x + photo.width + 1, `${text} is labelled beside the picture`);
        await label.click();
        await page.locator(`[data-testid=plate-text][data-text="${text}"]`).first().waitFor();
        assert.equal(await label.getAttribute('aria-pressed'), 'true');
        assert.equal(await page.evaluate(() => document.activeElement.dataset.text), text, 'the focus stays on the label');
      }
      // So does pressing the plate itself.
      const [outline] = await element(page, 'source-outline').locator('.quad:not(.chosen, .unsure, .unread)').all();
      await outline.click();
      await page.locator(`[data-testid=plate-text][data-text="${texts[0]}"]`).first().waitFor();
      assert.match(await element(page, 'source-count').textContent(), /^2 plates read/);
      await assertFits(page);
      await keepPicture(page, `photograph-${name}`);
    });
  }
});

test('many pictures are a queue, a table and a file', async (t) => {
  const { page } = await openDemo(t, await launch(t), { query: '&auto=off' });
  const files = await Promise.all(plates.slice(0, 5).map(async ({ file }) => [file, await bytesOf(file)]));
  files.splice(2, 0, ['notes.png', Buffer.from('not a picture')]);
  await pick(page, files);
  await element(page, 'log-state').waitFor();
  assert.equal(await element(page, 'source-image').getAttribute('alt'), files[0][0], 'the first is on show');
  await page.locator('[data-testid=log-state][data-left="0"]').waitFor();
  await idle(page);

  const rows = await page.locator('[data-testid=log-row]').evaluateAll((all) => all.map(({ dataset }) => ({ ...dataset })));
  assert.deepEqual(rows.map(({ name }) => name), files.map(([name]) => name), 'in the order they were given');
  assert.deepEqual(rows.map(({ status }) => status), files.map(([name]) => (name === 'notes.png' ? 'failed' : 'done')));
  const expected = plates.slice(0, 5).map(({ text }) => text);
  assert.deepEqual(rows.filter(({ status }) => status === 'done').map(({ text }) => text), expected);

  const [download] = await Promise.all([page.waitForEvent('download'), element(page, 'log-csv').click()]);
  const csv = await readFile(await download.path(), 'utf8');
  assert.match(download.suggestedFilename(), /^kr-lpr-pictures-\d{4}-\d\d-\d\d\.csv$/);
  const lines = csv.trimEnd().split('\r\n');
  assert.equal(lines[0], '\uFEFFfile,text,confidence,kind,valid,x,y,width,height');
  for (const [index, text] of expected.entries()) assert.ok(lines.some((line) => line.startsWith(`${plates[index].file},${text},`)), csv);
  assert.ok(lines.includes('notes.png,,,,,,,,'), csv);

  await page.locator('[data-testid=log-row]').last().click();
  await page.locator(`[data-testid=plate-text][data-text="${expected.at(-1)}"]`).first().waitFor();
  await keepPicture(page, 'many');
  await element(page, 'clear').click();
  assert.equal(await page.locator('[data-testid=log-row]').count(), 0);
});

test('clearing ends the queue', async (t) => {
  const { page } = await openDemo(t, await launch(t), { query: '&auto=off' });
  const file = await bytesOf(plates[0].file);
  await pick(page, Array.from({ length: 40 }, (_, i) => [`${i}.png`, file]));
  await element(page, 'log-state').waitFor();
  await element(page, 'clear').click();
  await idle(page);
  await page.waitForTimeout(300);
  assert.equal(await element(page, 'latency').getAttribute('data-count').then(Number) < 40, true, 'what waited is not read');
});
