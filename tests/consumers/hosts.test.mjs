// Places that are no ordinary page: what can be done there works, what cannot says what to do instead.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { APP, installed, makeApp, open, pageOf, plate, serve, tool } from './setting.mjs';

/** A folder with the package's files beside the app's own. */
async function makeSite(t, name, files) {
  const root = await makeApp(t, name, files);
  await cp(join(installed, 'dist'), join(root, 'kr-lpr'), { recursive: true });
  return root;
}

/** A module service worker that reads the plate, and a page that asks it to. */
const SERVICE_WORKER = `import { PlateRecognizer } from './kr-lpr/ENTRY.js';
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('message', async ({ data, ports: [port] }) => {
  if (data !== 'read') return;
  try {
    const recognizer = await PlateRecognizer.create({ backend: 'cpu' });
    const blob = await (await fetch('/plate.png')).blob();
    const { plates } = await recognizer.recognize(blob, { minConfidence: 0 });
    port.postMessage({ text: plates[0].text, info: recognizer.info });
  } catch (error) {
    port.postMessage({ error: error.code + ': ' + error.message });
  }
});
`;
const ASKING = `globalThis.outcome = (async () => {
  await navigator.serviceWorker.register('sw.js', { type: 'module' });
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  active.postMessage('read', [port2]);
  return answer;
})();
`;

for (const entry of ['index', 'inline']) {
  test(`a module service worker: ${entry}.js`, async (t) => {
    const files = { 'index.html': pageOf('app.js'), 'app.js': ASKING, 'sw.js': SERVICE_WORKER.replace('ENTRY', entry) };
    const url = await serve(t, await makeSite(t, `service-worker-${entry}`, files));
    const { outcome } = await open(t, url);
    assert.equal(outcome.error, undefined);
    assert.equal(outcome.text, plate.text);
    assert.equal(outcome.info.worker, false);
  });
}

/** Bundles the app as a script that is no module. */
async function makeScript(t, name, app) {
  const root = await makeApp(t, name, { 'app.js': app, 'dist/index.html': `<!doctype html><meta charset="utf-8"><title>app</title><script src="app.js"></script>` });
  const { errors } = await esbuild.build({ absWorkingDir: root, entryPoints: ['app.js'], bundle: true, format: 'iife', outdir: 'dist', logLevel: 'silent' });
  assert.deepEqual(errors, []);
  return join(root, 'dist');
}

test('a script that is no module says what to do', async (t) => {
  const url = await serve(t, await makeScript(t, 'iife', APP));
  const { outcome } = await open(t, url);
  assert.match(outcome.error, /^LOAD_FAILED: .*import\.meta\.url.*kr-lpr\/inline.*`wasm` and `weights`/);
});

test('a script that is no module: kr-lpr/inline', async (t) => {
  const url = await serve(t, await makeScript(t, 'iife-inline', APP.replace(`'kr-lpr'`, `'kr-lpr/inline'`)));
  const { outcome } = await open(t, url);
  assert.equal(outcome.text, plate.text, outcome.error);
});

test('a script that is no module, told where the files are', async (t) => {
  const where = `{ backend: 'cpu', wasm: { cpu: '/kr-lpr/wasm/cpu/kr_lpr_cpu.wasm' }, weights: { recognizer: '/kr-lpr/weights/recognizer.bin', detector: '/kr-lpr/weights/detector.bin' } }`;
  const root = await makeScript(t, 'iife-told', APP.replace(`{ backend: 'cpu' }`, where));
  await cp(join(installed, 'dist'), join(root, 'kr-lpr'), { recursive: true });
  const { outcome } = await open(t, await serve(t, root));
  assert.equal(outcome.text, plate.text, outcome.error);
  assert.equal(outcome.info.worker, false);
  assert.match(outcome.info.workerReason, /could not be started/);
});

test('the package on another site, as on a CDN: the reason has the remedy, which works', async (t) => {
  const cdn = await serve(t, join(installed, 'dist'), { 'access-control-allow-origin': '*' });
  const app = APP.replace(`'kr-lpr'`, `'${cdn}/index.js'`);
  const own = app.replace(`{ backend: 'cpu' }`, `{ backend: 'cpu', worker: new Worker('./kr-lpr-worker.js', { type: 'module' }) }`);
  const files = {
    'index.html': pageOf('app.js'),
    'app.js': app,
    'own.html': pageOf('own.js'),
    'own.js': own,
    'kr-lpr-worker.js': `import '${cdn}/worker.js';\n`,
  };
  const url = await serve(t, await makeApp(t, 'cdn', files));
  const { outcome } = await open(t, url);
  assert.equal(outcome.text, plate.text, outcome.error);
  assert.equal(outcome.info.worker, false);
  assert.match(outcome.info.workerReason, /another site.*import 'https:.*worker\.js'.*new Worker/);
  const remedy = await open(t, `${url}/own.html`);
  assert.equal(remedy.outcome.text, plate.text, remedy.outcome.error);
  assert.equal(remedy.outcome.info.worker, true);
});

const JEST_TEST = `import { PlateRecognizer } from 'kr-lpr/inline';
test('a plate', async () => {
  const recognizer = await PlateRecognizer.create();
  const { plates } = await recognizer.recognize({ data: new Uint8Array(520 * 110).fill(200), width: 520, height: 110, channels: 1 });
  expect(plates).toEqual([]);
  recognizer.close();
});
`;

/** Jest's own way of taking modules apart wants CommonJS: esbuild makes it of them, as Babel does in other projects. */
const TO_COMMONJS = `const { transformSync } = require(${JSON.stringify(tool('esbuild'))});
module.exports = { process: (source) => transformSync(source, { format: 'cjs' }) };
`;

test('Jest: kr-lpr/inline, made CommonJS', async (t) => {
  const root = await makeApp(t, 'jest', {
    'plate.test.js': JEST_TEST,
    'package.json': '{ "type": "commonjs" }',
    'commonjs.js': TO_COMMONJS,
    'jest.config.json': JSON.stringify({ transform: { '\\.js$': './commonjs.js' }, transformIgnorePatterns: ['/node_modules/(?!kr-lpr/)'] }),
  });
  await jest(root);
});

test('Jest: kr-lpr as a module', async (t) => {
  const files = { 'plate.test.mjs': JEST_TEST.replace('kr-lpr/inline', 'kr-lpr'), 'jest.config.json': '{ "transform": {}, "testMatch": ["**/*.test.mjs"] }' };
  await jest(await makeApp(t, 'jest-modules', files), '--experimental-vm-modules');
});

/** Runs the tests of a folder; fails with what was printed. */
async function jest(root, ...flags) {
  const given = [...flags, tool('jest/bin/jest.js'), '--rootDir', root, '--config', join(root, 'jest.config.json')];
  await promisify(execFile)(process.execPath, given, { cwd: root });
}
