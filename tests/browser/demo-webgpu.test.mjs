// The page while WebGPU's program is still being built: it says so, reads on the CPU, and offers a reload once that is done.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch } from './browser.mjs';
import { element, openDemo, waitFor } from './demo.mjs';

/** Opens the page of a site that has `state` of WebGPU, which becomes `later.state`. */
async function openWith(t, state, later = { state }) {
  const browser = await launch(t);
  const context = await browser.newContext({ serviceWorkers: 'block' });
  await context.route('**/webgpu-state.js', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: `export const WEBGPU = '${state}';` }),
  );
  await context.route('**/webgpu-state.json', (route) => route.fulfill({ json: later.state }));
  // openDemo makes a context of its own from the browser it is given.
  return openDemo(t, { newContext: () => context });
}

test('WebGPU is offered once it has been built', async (t) => {
  const later = { state: 'building' };
  const { page } = await openWith(t, 'building', later);
  await waitFor(page, 'webgpu-state', 'data-state', 'building');
  assert.equal(await element(page, 'backend-webgpu').isDisabled(), true);
  await page.locator('body[data-state=ready]').waitFor();
  assert.equal(await element(page, 'backend').getAttribute('data-backend'), 'cpu');
  assert.equal(await element(page, 'toast').isVisible(), false);
  later.state = 'ready';
  await element(page, 'toast-reload').waitFor();
});

test('a site without WebGPU says so and reads on the CPU', async (t) => {
  const { page } = await openWith(t, 'absent');
  await waitFor(page, 'webgpu-state', 'data-state', 'absent');
  await element(page, 'backend-auto').check({ force: true });
  await page.locator('body[data-state=ready]').waitFor();
  assert.equal(await element(page, 'backend').getAttribute('data-backend'), 'cpu');
});

test('a site with WebGPU has nothing to say about it', async (t) => {
  const { page } = await openWith(t, 'ready');
  assert.equal(await element(page, 'backend-webgpu').isDisabled(), false);
  assert.equal(await element(page, 'webgpu-state').isVisible(), false);
});
