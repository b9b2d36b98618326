// The page below a path of its own: kept for offline use, and replaced only when the visitor says so.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { launch, site } from './browser.mjs';
import { element, openDemo, serveBelow, waitFor } from './demo.mjs';

const kept = (page) => page.locator('[data-testid=offline]:not([data-version=""])').waitFor();

test('after the first visit the page works without its server', async (t) => {
  const server = await serveBelow(t, '/some/path');
  const { page } = await openDemo(t, await launch(t), { address: server.address, context: { serviceWorkers: 'allow' } });
  await kept(page);
  await server.end();
  await page.reload();
  await page.locator('body[data-state=ready]').waitFor();
  const sample = page.locator('[data-testid=sample]').nth(1);
  await sample.click();
  await waitFor(page, 'plate-text', 'data-text', await sample.getAttribute('data-text'));
  await element(page, 'tab-camera').click();
  await element(page, 'camera-start').waitFor();
});

test('a new version waits until the visitor takes it', async (t) => {
  const server = await serveBelow(t, '/some/path');
  const { page } = await openDemo(t, await launch(t), { address: server.address, context: { serviceWorkers: 'allow' } });
  await kept(page);
  const precache = await readFile(join(site, 'precache.js'), 'utf8');
  server.replaced.set('precache.js', precache.replace(/"version": "[^"]*"/, '"version": "another"'));
  await page.reload();
  await element(page, 'toast-reload').waitFor();
  assert.notEqual(await element(page, 'offline').getAttribute('data-version'), 'another');
  await element(page, 'toast-reload').click();
  await waitFor(page, 'offline', 'data-version', 'another');
  await page.locator('body[data-state=ready]').waitFor();
});

test('the page can be installed', async (t) => {
  const page = await (await launch(t)).newPage();
  const server = await serveBelow(t, '/some/path');
  await page.goto(`${server.address}/`);
  const session = await page.context().newCDPSession(page);
  const { errors, data } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { name, icons } = JSON.parse(data);
  assert.match(name, /kr-lpr/);
  for (const { src } of icons) assert.ok((await readFile(join(site, src))).length > 0, src);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), []);
});
