// Opening the demo page, and what every test of it looks out for.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { site, url } from './browser.mjs';

/** The first element with `data-testid=id`. */
export const element = (page, id) => page.locator(`[data-testid="${id}"]`).first();

/** Waits until an attribute of `data-testid=id` has this value. */
export const waitFor = (page, id, attribute, value) =>
  page.locator(`[data-testid="${id}"][${attribute}="${value}"]`).first().waitFor();

/**
 * Opens the page in a context of its own, without its service worker unless asked for. Errors, failed requests and
 * requests to other hosts fail the test at its end.
 */
export async function openDemo(t, browser, { query = '', viewport, address = url, context: options = {}, init } = {}) {
  const context = await browser.newContext({ viewport: viewport ?? { width: 1280, height: 900 }, serviceWorkers: 'block', ...options });
  const page = await context.newPage();
  const complaints = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && origin !== new URL(address).origin) complaints.push(`asked ${request.url()}`);
  });
  t.after(() => assert.deepEqual(complaints, []));
  if (init) await page.addInitScript(init);
  await page.goto(`${address}/?backend=cpu&lang=en${query}`);
  await page.locator('body:not([data-state=loading])').waitFor();
  const failed = await page.locator('body[data-state=failed]').count();
  assert.equal(failed, 0, failed ? await element(page, 'error').innerText() : '');
  return { page, context, complaints };
}

/** The page is not wider than its window. */
export async function assertFits(page) {
  const [width, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  assert.ok(width <= window, `the page is ${width} pixels wide in a window of ${window}`);
}

/** Keeps a picture of the whole page, to be looked at. */
export function keepPicture(page, name) {
  return page.screenshot({ path: join(site, '..', 'screenshots', `demo-${name}.png`), fullPage: true });
}

const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', json: 'application/json', svg: 'image/svg+xml', wasm: 'application/wasm', webmanifest: 'application/manifest+json' };

/**
 * Serves the site a second time, below a path as GitHub Pages does, from a server that can be ended and whose files can be
 * replaced: `replaced` maps a path such as `precache.js` to other text.
 */
export async function serveBelow(t, path) {
  const replaced = new Map();
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const name = decodeURIComponent(pathname.slice(path.length + 1)) || 'index.html';
    try {
      if (!pathname.startsWith(`${path}/`)) throw new Error('outside');
      const body = replaced.get(name) ?? (await readFile(join(site, name)));
      const type = TYPES[extname(name).slice(1)] ?? 'application/octet-stream';
      response.writeHead(200, { 'content-type': type, 'cache-control': 'max-age=600' }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const end = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  t.after(end);
  return { address: `http://localhost:${server.address().port}${path}`, replaced, end };
}
