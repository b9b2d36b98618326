// A Chromium with the installed package loaded in a blank page of the served site.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { attempt, image } from './in-page.mjs';

/** The served site, its folder, and the installed package; `cargo xtask test` says. */
export const { CHROMIUM, KR_LPR_URL: url, KR_LPR_SITE: site, KR_LPR_PACKAGE: installed } = process.env;
if (!CHROMIUM || !url || !site || !installed) throw new Error('run these tests with `cargo xtask test`, which builds and serves what they need');

/** The golden plates: `[{ file, text, kind, rectified }]`, as `tests/golden/manifest.json` has them. */
export const GOLDEN = new URL('../golden/', import.meta.url);
export const plates = JSON.parse(await readFile(new URL('manifest.json', GOLDEN), 'utf8'));

// A software adapter, so that WebGPU runs on machines without a GPU; the rest keeps Chromium to itself.
const ARGUMENTS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-first-run',
];

const BLANK = `<!doctype html><meta charset="utf-8"><title>kr-lpr tests</title>
<script type="module">
  import * as lib from '/kr-lpr/index.js';
  globalThis.lib = lib;
  globalThis.attempt = ${attempt};
  globalThis.image = ${image};
</script>`;

/** Longest life of a browser, in milliseconds: a page that hangs fails its test instead of the whole run. */
const PATIENCE = 300_000;

/** Starts a browser that ends with the test; `more` are further arguments of Chromium. */
export async function launch(t, more = [], patience = PATIENCE) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: [...ARGUMENTS, ...more] });
  const giveUp = setTimeout(() => browser.close(), patience);
  t.after(() => {
    clearTimeout(giveUp);
    return browser.close();
  });
  return browser;
}

/**
 * Opens a blank page with the package as `lib`, the functions of `in-page.mjs`, and the golden plates at `/golden/`.
 * `init` runs in the page before anything else. An error that nobody caught fails the test.
 */
export async function openPage(t, browser, { init, routes = {} } = {}) {
  const page = await browser.newPage();
  const uncaught = [];
  page.on('pageerror', (error) => uncaught.push(error));
  t.after(() => {
    if (uncaught.length > 0) throw new AggregateError(uncaught, `uncaught in the page: ${uncaught.join('; ')}`);
  });
  if (init) await page.addInitScript(init);
  await page.route('**/blank.html', (route) => route.fulfill({ contentType: 'text/html', body: BLANK }));
  await page.route('**/golden/*', async (route) => {
    const name = decodeURIComponent(new URL(route.request().url()).pathname.split('/').at(-1));
    const contentType = extname(name) === '.png' ? 'image/png' : 'image/jpeg';
    await route.fulfill({ contentType, body: await readFile(new URL(name, GOLDEN)) });
  });
  for (const [address, handler] of Object.entries(routes)) await page.route(address, handler);
  await page.goto(`${url}/blank.html`);
  await page.waitForFunction(() => globalThis.lib);
  return page;
}

/**
 * A page with a CPU `recognizer`, the golden plate `file` as `picture` (its `ImageData`) and `blob` (its bytes), and
 * `builders` under their names.
 */
export async function openPageWithPicture(t, file, builders) {
  const page = await openPage(t, await launch(t));
  await page.evaluate(async (file) => {
    globalThis.recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    globalThis.picture = await image(file);
    globalThis.blob = await (await fetch(`/golden/${file}`)).blob();
  }, file);
  for (const builder of builders) await page.evaluate(`globalThis.${builder.name} = ${builder}`);
  return page;
}

/** Reads a file of the installed package. */
export function packageFile(...path) {
  return readFile(join(installed, ...path));
}
