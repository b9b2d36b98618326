// The demo page, as it would be deployed: it loads, reads its samples, and says what it runs on.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { GOLDEN, launch, plates, site, url } from './browser.mjs';

const WIDTHS = [
  ['desktop', { width: 1280, height: 900 }],
  ['phone', { width: 390, height: 844 }],
];

const element = (page, id) => page.locator(`[data-testid="${id}"]`).first();

for (const [name, viewport] of WIDTHS) {
  test(`the demo page reads a sample, ${name}`, async (t) => {
    const browser = await launch(t);
    const page = await browser.newPage({ viewport, deviceScaleFactor: 2 });
    const complaints = [];
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));

    await page.goto(`${url}/?backend=cpu&lang=en`);
    await page.locator('body[data-state=ready]').waitFor();
    const samples = page.locator('[data-testid=sample]');
    assert.ok((await samples.count()) >= 5, 'there are samples to click');
    const sample = samples.nth(1);
    const text = await sample.getAttribute('data-text');
    await sample.click();
    await page.locator(`[data-testid=plate-text][data-text="${text}"]`).waitFor();

    assert.equal(await element(page, 'backend').getAttribute('data-backend'), 'cpu');
    assert.ok(Number(await element(page, 'plate-confidence').getAttribute('data-confidence')) > 0);
    assert.ok((await page.locator('[data-testid=char]').count()) >= 7, 'every character is listed');
    const corners = (await element(page, 'source-outline').locator('polygon').getAttribute('points')).split(' ');
    assert.equal(corners.length, 4, 'the plate is outlined');
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= viewport.width, `the page is ${width} pixels wide in a window of ${viewport.width}`);
    await page.screenshot({ path: join(site, '..', 'screenshots', `demo-${name}.png`), fullPage: true });
    assert.deepEqual(complaints, []);
  });
}

test('the demo page reads a picked file and refuses one that is no picture', async (t) => {
  const [{ file, text }] = plates;
  const page = await (await launch(t)).newPage();
  await page.goto(`${url}/?backend=cpu&lang=en&auto=off`);
  await page.locator('body[data-state=ready]').waitFor();
  const pick = (name, buffer) => element(page, 'file-input').setInputFiles({ name, mimeType: 'image/png', buffer });
  await pick('plate.png', await readFile(new URL(file, GOLDEN)));
  await page.locator(`[data-testid=plate-text][data-text="${text}"]`).waitFor();
  await pick('notes.png', Buffer.from('not a picture'));
  await page.locator('[data-testid=log-row][data-status=failed]').waitFor();
  await pick('plate.png', await readFile(new URL(file, GOLDEN)));
  await page.locator(`[data-testid=plate-text][data-text="${text}"]`).waitFor();
});
