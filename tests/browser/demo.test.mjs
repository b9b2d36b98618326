// The demo page, as it would be deployed: it loads, reads its samples, and says what it runs on.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { GOLDEN, launch, plates } from './browser.mjs';
import { assertFits, element, openDemo, waitFor } from './demo.mjs';

test('the demo page', async (t) => {
  const browser = await launch(t);

  await t.test('reads a sample', async (t) => {
    const { page } = await openDemo(t, browser);
    const samples = page.locator('[data-testid=sample]');
    assert.ok((await samples.count()) >= 5, 'there are samples to click');
    const sample = samples.nth(1);
    await sample.click();
    await waitFor(page, 'plate-text', 'data-text', await sample.getAttribute('data-text'));

    assert.equal(await element(page, 'backend').getAttribute('data-backend'), 'cpu');
    assert.ok(Number(await element(page, 'plate-confidence').getAttribute('data-confidence')) > 0);
    assert.ok((await page.locator('[data-testid=char]').count()) >= 7, 'every character is listed');
    const points = async (name) => (await element(page, 'source-outline').locator(name).getAttribute('points')).split(' ');
    assert.equal((await points('.quad')).length, 4, 'the plate is outlined');
    await page.locator('[data-testid=char]').first().click();
    const first = await points('.char-mark');
    const firstLook = await element(page, 'rectified').evaluate(tintedColumn);
    await page.locator('[data-testid=char]').last().click();
    const last = await points('.char-mark');
    const left = (corners) => Math.min(...corners.map((corner) => Number(corner.split(',')[0])));
    assert.ok(left(first) < left(last), 'the character that was chosen is outlined');
    const lastLook = await element(page, 'rectified').evaluate(tintedColumn);
    assert.ok(firstLook + 48 < lastLook, `where the network looked is tinted: ${firstLook}, ${lastLook}`);
    assert.ok(Number(await element(page, 'latency').getAttribute('data-count')) >= 1, 'latencies are counted');
    assert.match(await element(page, 'code').textContent(), /PlateRecognizer\.create/);
    assert.equal(await page.locator('[data-testid=history-row]').count(), 0, 'samples leave no history');
    await assertFits(page);
  });

  await t.test('the benchmark measures both backends', async (t) => {
    const { page } = await openDemo(t, browser, { query: '#benchmark' });
    await page.locator('[data-testid=sample]').first().waitFor({ state: 'attached' });
    await element(page, 'benchmark-run').click();
    await element(page, 'benchmark-copy').waitFor({ timeout: 240_000 });
    const rows = page.locator('[data-testid=benchmark-table] tbody tr');
    assert.deepEqual(await rows.evaluateAll((all) => all.map((row) => row.dataset.backend)), ['cpu', 'webgpu']);
    assert.equal(await rows.first().locator('td').count(), 6, 'the CPU was measured');
  });

  await t.test('a diagnostics report can be copied', async (t) => {
    const { page } = await openDemo(t, browser, { context: { permissions: ['clipboard-read', 'clipboard-write'] } });
    await element(page, 'report').click();
    await waitFor(page, 'report', 'data-copied', 'true');
    const report = await page.evaluate(() => navigator.clipboard.readText());
    for (const line of ['- browser: Mozilla', '- backend: cpu', '- recognizer: ']) assert.ok(report.includes(line), report);
  });

  await t.test('reads a picked file and refuses one that is no picture', async (t) => {
    const [{ file, text }] = plates;
    const { page } = await openDemo(t, browser, { query: '&auto=off' });
    const pick = (name, buffer) => element(page, 'file-input').setInputFiles({ name, mimeType: 'image/png', buffer });
    await pick('plate.png', await readFile(new URL(file, GOLDEN)));
    await page.locator(`[data-testid=plate-text][data-text="${text}"]`).waitFor();
    await pick('notes.png', Buffer.from('not a picture'));
    await page.locator('[data-testid=log-row][data-status=failed]').waitFor();
    await pick('plate.png', await readFile(new URL(file, GOLDEN)));
    await page.locator(`[data-testid=plate-text][data-text="${text}"]`).waitFor();
  });
});

/** The middle of what is tinted on a canvas of grey, in pixels from the left. */
function tintedColumn(canvas) {
  const { data, width } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let [sum, columns] = [0, 0];
  for (let i = 0; i < data.length; i += 4) {
    const tint = data[i] - data[i + 1];
    sum += tint;
    columns += tint * ((i / 4) % width);
  }
  return columns / sum;
}
