// The packed package in an app of Next.js: imported by a component that the server renders first, it reads in the browser.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { installed, open, plate } from '../setting.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const inFolder = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Runs a verb of Next's command, which ends with the test. */
function next(t, ...given) {
  const child = spawn(process.execPath, [inFolder('node_modules/next/dist/bin/next'), ...given], {
    cwd: folder,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.after(() => child.kill('SIGTERM'));
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => said.push(String(text)));
  return { child, said };
}

/** Starts a server of Next; resolves to the address that it prints. */
async function serve(t, verb) {
  const { child, said } = next(t, verb, '--port', '0');
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\/\/localhost:\d+/.exec(line) ?? [];
    if (url) return url;
  }
  throw new Error(`next ${verb} ended: ${said.join('')}`);
}

async function assertReads(t, url) {
  const { outcome, requests, complaints, page } = await open(t, url);
  assert.equal(outcome.error, undefined);
  assert.equal(outcome.text, plate.text);
  assert.equal(outcome.info.worker, true, outcome.info.workerReason);
  await page.getByText(plate.text).waitFor();
  for (const request of requests) assert.ok(/^(data|blob):/.test(request) || request.startsWith(url), `fetched ${request}`);
  assert.deepEqual(complaints.filter((text) => !/favicon/.test(text)), []);
}

// Links that lead out of an app's folder are not followed, so the package lies in it as it does for a user.
test.before(async () => {
  await cp(installed, inFolder('node_modules/kr-lpr'), { recursive: true });
});
test.after(() => Promise.all(['.next', 'node_modules/kr-lpr'].map((path) => rm(inFolder(path), { recursive: true, force: true }))));

test('Next.js, built and started', async (t) => {
  const { child, said } = next(t, 'build');
  const [code] = await once(child, 'close');
  assert.equal(code, 0, said.join(''));
  assert.doesNotMatch(said.join(''), /warn/i);
  await assertReads(t, await serve(t, 'start'));
});

test('Next.js, development', async (t) => {
  await assertReads(t, await serve(t, 'dev'));
});
