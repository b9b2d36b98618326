// The packed package on pages without a bundler: as it is, and under a strict content security policy.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP, installed, makeApp, open, pageOf, plate, serve } from './setting.mjs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';

const MAP = `<script type="importmap">{ "imports": { "kr-lpr": "./kr-lpr/index.js" } }</script>`;

async function makeSite(t, name, head, app) {
  const root = await makeApp(t, name, { 'index.html': pageOf('app.js', head), 'app.js': app });
  await cp(join(installed, 'dist'), join(root, 'kr-lpr'), { recursive: true });
  return root;
}

test('a script on a plain page', async (t) => {
  const url = await serve(t, await makeSite(t, 'plain', MAP, APP));
  const { outcome, complaints } = await open(t, url);
  assert.equal(outcome.text, plate.text, outcome.error);
  assert.equal(outcome.info.worker, true, outcome.info.workerReason);
  assert.deepEqual(complaints.filter((text) => !/favicon/.test(text)), []);
});

/** Neither `eval`, nor `blob:` workers, nor other sites. */
const STRICT = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self'";
const DIRECT = APP.replace(`'kr-lpr'`, `'./kr-lpr/index.js'`);

test('a strict content security policy', async (t) => {
  const url = await serve(t, await makeSite(t, 'strict', '', DIRECT), { 'content-security-policy': STRICT });
  const { outcome, complaints } = await open(t, url, { init: listen });
  assert.equal(outcome.text, plate.text, outcome.error);
  assert.equal(outcome.info.worker, true, outcome.info.workerReason);
  assert.deepEqual(complaints.filter((text) => !/favicon/.test(text)), []);
});

test('a policy that forbids workers', async (t) => {
  const policy = STRICT.replace("worker-src 'self'", "worker-src 'none'");
  const url = await serve(t, await makeSite(t, 'no-worker', '', DIRECT), { 'content-security-policy': policy });
  const { outcome } = await open(t, url);
  assert.equal(outcome.text, plate.text, outcome.error);
  assert.equal(outcome.info.worker, false);
  assert.match(outcome.info.workerReason, /could not be started/);
});

test('a policy that forbids wasm is named', async (t) => {
  const policy = STRICT.replace(" 'wasm-unsafe-eval'", '');
  const url = await serve(t, await makeSite(t, 'no-wasm', '', DIRECT), { 'content-security-policy': policy });
  const { outcome } = await open(t, url);
  assert.match(outcome.error, /^LOAD_FAILED: cpu wasm: could not be compiled: .*(Content Security Policy|unsafe-eval)/);
});

function listen() {
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    console.error(`${violatedDirective} blocked ${blockedURI}`),
  );
}
