// The recipes of the package's README, as they stand there: built with Vite and opened in a browser.
import assert from 'node:assert/strict';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { chromium } from 'playwright-core';
import * as vite from 'vite';
import { CHROMIUM, installed, makeApp, open, pageOf, plate, project, serve, tool } from './setting.mjs';

const readme = await readFile(join(installed, 'README.md'), 'utf8');

/** The first block of code of the README in `language` that has `part` in it. */
function recipe(language, part) {
  const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  const found = blocks.find(([, name, code]) => name === language && code.includes(part));
  assert.ok(found, `the README has no ${language} with ${part}`);
  return found[2];
}

/** Gives the project packages of this folder, as if they were installed there. */
async function link(...names) {
  for (const name of names) {
    const place = join(project, 'node_modules', name);
    await mkdir(dirname(place), { recursive: true });
    await symlink(tool(name), place).catch((error) => assert.equal(error.code, 'EEXIST'));
  }
}

/** Waits for the text that a component shows, and leaves it where `open` looks. */
const OUTCOME = `
const picture = await (await fetch('/plate.png')).blob();
mount(picture);
globalThis.outcome = new Promise((resolve) => {
  const look = () => (document.querySelector('#app p') ? resolve({ text: document.querySelector('#app p').textContent }) : setTimeout(look, 50));
  look();
});
`;

const COMPONENTS = [
  {
    name: 'React',
    packages: ['react', 'react-dom'],
    files: { 'Plates.jsx': recipe('jsx', 'react') },
    app: `import { createElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Plates } from './Plates.jsx';
const mount = (picture) => createRoot(document.querySelector('#app')).render(createElement(StrictMode, null, createElement(Plates, { picture })));`,
    plugins: [],
  },
  {
    name: 'Vue',
    packages: ['vue'],
    files: { 'Plates.vue': recipe('vue', 'vue') },
    app: `import { createApp } from 'vue';
import Plates from './Plates.vue';
const mount = (picture) => createApp(Plates, { picture }).mount('#app');`,
    plugins: [vue()],
  },
  {
    name: 'Svelte',
    packages: ['svelte'],
    files: { 'Plates.svelte': recipe('svelte', '$props') },
    app: `import { mount as mountComponent } from 'svelte';
import Plates from './Plates.svelte';
const mount = (picture) => mountComponent(Plates, { target: document.querySelector('#app'), props: { picture } });`,
    plugins: [svelte({ configFile: false })],
  },
];

for (const { name, packages, files, app, plugins } of COMPONENTS) {
  test(`a component of ${name}`, async (t) => {
    await link(...packages);
    const page = `${pageOf('/app.js')}<div id="app"></div>`;
    const root = await makeApp(t, name.toLowerCase(), { 'index.html': page, 'app.js': app + OUTCOME, ...files });
    await vite.build({ root, logLevel: 'warn', configFile: false, plugins, build: { target: 'es2022' } });
    const url = await serve(t, join(root, 'dist'));
    const { outcome, complaints } = await open(t, url);
    assert.equal(outcome.text, plate.text, `${outcome.error} ${complaints}`);
    assert.deepEqual(complaints.filter((text) => !/favicon|404/.test(text)), []);
  });
}

test('an app that works offline, by vite-plugin-pwa', async (t) => {
  await link('vite-plugin-pwa');
  const root = await makeApp(t, 'pwa', {
    'vite.config.js': recipe('js', 'vite-plugin-pwa'),
    'package.json': '{ "type": "module" }',
    // The plugin puts its own script into a head that is spelt out.
    'index.html': `<!doctype html><html><head><meta charset="utf-8"><script type="module" src="/app.js"></script></head><body><input type="file"></body></html>`,
    'app.js': `import { PlateRecognizer } from 'kr-lpr';
document.querySelector('input').onchange = async ({ target }) => {
  const recognizer = await PlateRecognizer.create();
  const { plates } = await recognizer.recognize(target.files[0], { minConfidence: 0 });
  document.title = plates[0].text;
};
`,
  });
  await vite.build({ root, logLevel: 'warn' });
  const dist = join(root, 'dist');
  const precached = await readFile(join(dist, 'sw.js'), 'utf8');
  for (const file of [/kr_lpr_cpu-[\w-]+\.wasm/, /recognizer-[\w-]+\.bin/, /detector-[\w-]+\.bin/, /worker-[\w-]+\.js/]) assert.match(precached, file);
  assert.doesNotMatch(precached, /"[^"]*kr_lpr_webgpu-[\w-]+\.wasm"/);

  const url = await serve(t, dist);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  t.after(() => browser.close());
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(url);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(async () => {
    const kept = await Promise.all((await caches.keys()).map(async (key) => (await caches.open(key)).keys()));
    return kept.flat().some(({ url }) => url.includes('.wasm'));
  });
  await context.setOffline(true);
  await page.reload();
  await page.locator('input').setInputFiles({ name: 'plate.png', mimeType: 'image/png', buffer: await readFile(new URL(`../golden/${plate.file}`, import.meta.url)) });
  await page.waitForFunction((text) => document.title === text, plate.text);
});
