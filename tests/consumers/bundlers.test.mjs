// The packed package in every bundler that apps are made with, opened in a browser: files found without configuration, in a
// worker where that is promised, and nothing fetched from anywhere else.
import assert from 'node:assert/strict';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { nodeResolve } from '@rollup/plugin-node-resolve';
import { importMetaAssets } from '@web/rollup-plugin-import-meta-assets';
import * as esbuild from 'esbuild';
import { rollup } from 'rollup';
import * as vite from 'vite';
import webpack from 'webpack';
import { APP, installed, makeApp, open, pageOf, plate, serve } from './setting.mjs';

/** Reads the plate, in a worker or not, and fetches from its own site alone. */
function assertReads({ outcome, requests }, url, { worker }) {
  assert.equal(outcome.error, undefined);
  assert.equal(outcome.text, plate.text);
  assert.equal(outcome.info.worker, worker, outcome.info.workerReason);
  for (const request of requests) assert.ok(request.startsWith(url) || request.startsWith('data:'), `fetched ${request}`);
}

test('Vite, built', async (t) => {
  const root = await makeApp(t, 'vite', { 'index.html': pageOf('/app.js'), 'app.js': APP });
  await vite.build({ root, logLevel: 'warn', configFile: false });
  const url = await serve(t, join(root, 'dist'));
  assertReads(await open(t, url), url, { worker: true });
});

test('Vite, development, the package left out of pre-bundling', async (t) => {
  const root = await makeApp(t, 'vite-dev', { 'index.html': pageOf('/app.js'), 'app.js': APP });
  const url = await develop(t, root, { optimizeDeps: { exclude: ['kr-lpr'] } });
  assertReads(await open(t, url), url, { worker: true });
});

test('Vite, development, without configuration: kr-lpr/inline', async (t) => {
  const app = APP.replace(`'kr-lpr'`, `'kr-lpr/inline'`);
  const root = await makeApp(t, 'vite-inline', { 'index.html': pageOf('/app.js'), 'app.js': app });
  const url = await develop(t, root, {});
  assertReads(await open(t, url), url, { worker: false });
});

test('webpack 5', async (t) => {
  const root = await makeApp(t, 'webpack', { 'app.js': APP, 'dist/index.html': pageOf('main.js') });
  const stats = await new Promise((resolve, reject) =>
    webpack(
      { mode: 'production', context: root, entry: './app.js', output: { path: join(root, 'dist') }, performance: { hints: false } },
      (error, stats) => (error ? reject(error) : resolve(stats)),
    ),
  );
  assert.deepEqual(stats.toJson({ all: false, errors: true, warnings: true }).errors, []);
  assert.deepEqual(stats.toJson({ all: false, warnings: true }).warnings, []);
  const url = await serve(t, join(root, 'dist'));
  assertReads(await open(t, url), url, { worker: true });
});

// Rollup's plugin copies the files that `new URL` names as they are; a worker that imports others is out of its reach, and
// the calling thread does the work.
test('Rollup, with the plugins for packages and files', async (t) => {
  const root = await makeApp(t, 'rollup', { 'app.js': APP, 'dist/index.html': pageOf('app.js') });
  const bundle = await rollup({
    input: join(root, 'app.js'),
    plugins: [nodeResolve({ browser: true }), importMetaAssets()],
    onwarn: (warning) => assert.fail(warning.message),
  });
  await bundle.write({ dir: join(root, 'dist'), format: 'es' });
  const url = await serve(t, join(root, 'dist'));
  const { outcome } = await open(t, url);
  assert.equal(outcome.text, plate.text, outcome.error);
});

// esbuild leaves `new URL` as it is, so the files have to be put beside its output.
test('esbuild, with the files copied beside its output', async (t) => {
  const root = await makeApp(t, 'esbuild', { 'app.js': APP, 'dist/index.html': pageOf('app.js') });
  const built = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['app.js', join(installed, 'dist/worker.js')],
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    format: 'esm',
    outdir: 'dist',
    logLevel: 'silent',
  });
  assert.deepEqual([...built.errors, ...built.warnings], []);
  for (const file of ['wasm/cpu/kr_lpr_cpu.wasm', ...(await readdir(join(installed, 'dist/weights'))).map((name) => `weights/${name}`)]) {
    await mkdir(join(root, 'dist', file, '..'), { recursive: true });
    await copyFile(join(installed, 'dist', file), join(root, 'dist', file));
  }
  const url = await serve(t, join(root, 'dist'));
  assertReads(await open(t, url), url, { worker: true });
});

test('esbuild, without any files: kr-lpr/inline', async (t) => {
  const app = APP.replace(`'kr-lpr'`, `'kr-lpr/inline'`);
  const root = await makeApp(t, 'esbuild-inline', { 'app.js': app, 'dist/index.html': pageOf('app.js') });
  await esbuild.build({ absWorkingDir: root, entryPoints: ['app.js'], bundle: true, format: 'esm', outdir: 'dist', logLevel: 'error' });
  const url = await serve(t, join(root, 'dist'));
  const opened = await open(t, url);
  assertReads(opened, url, { worker: false });
  assert.deepEqual(opened.requests.map((request) => request.slice(url.length)).sort(), ['/', '/app.js', '/plate.png']);
});

/** Entries that need no wasm bring none along. */
test('kr-lpr/plate and kr-lpr/camera bundle to themselves', async (t) => {
  const limits = [
    ['plate', `export { isValidPlate } from 'kr-lpr/plate';`, 16_000],
    ['camera', `export { PlateCamera } from 'kr-lpr/camera';`, 16_000],
    ['nothing', `import { PlateRecognizer } from 'kr-lpr';`, 10],
  ];
  for (const [name, source, limit] of limits) {
    const root = await makeApp(t, `shake-${name}`, { 'app.js': source });
    const { outputFiles } = await esbuild.build({ absWorkingDir: root, entryPoints: ['app.js'], bundle: true, minify: true, format: 'esm', write: false, outdir: 'dist', logLevel: 'silent' });
    const [{ text }] = outputFiles;
    assert.ok(text.length <= limit, `${name} is ${text.length} bytes`);
    assert.ok(!text.includes('.wasm') && !text.includes('.bin'), `${name} names no files`);
  }
});

async function develop(t, root, config) {
  const server = await vite.createServer({ root, configFile: false, logLevel: 'error', server: { port: 0, host: 'localhost' }, ...config });
  t.after(() => server.close());
  await server.listen();
  return `http://localhost:${server.httpServer.address().port}`;
}
