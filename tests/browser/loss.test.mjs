// A GPU that is lost: what was underway is answered by the CPU, the event says so, and the next call works.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, plates } from './browser.mjs';

const [{ file, text }] = plates;

/** Keeps every device that is opened on this thread; a message `lose` destroys them. */
function keepDevices() {
  const devices = [];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...wishes) {
    const device = await requestDevice.apply(this, wishes);
    devices.push(device);
    return device;
  };
  globalThis.loseDevices = () => devices.forEach((device) => device.destroy());
  addEventListener('message', ({ data }) => data === 'lose' && loseDevices());
}

const OWN_WORKER = `import '/keep-devices.js';\nimport '/kr-lpr/worker.js';`;

for (const worker of [false, true]) {
  test(`a GPU that is lost ${worker ? 'in a worker' : 'on the page'}`, async (t) => {
    const page = await openPage(t, await launch(t), worker ? {} : { init: keepDevices });
    const script = (body) => (route) => route.fulfill({ contentType: 'text/javascript', body });
    await page.route('**/own-worker.js', script(OWN_WORKER));
    await page.route('**/keep-devices.js', script(`(${keepDevices})()`));
    const outcome = await page.evaluate(async ({ file, inWorker }) => {
      const picture = await image(file);
      const worker = inWorker && new Worker('/own-worker.js', { type: 'module' });
      const lose = () => (inWorker ? worker.postMessage('lose') : loseDevices());
      const recognizer = await lib.PlateRecognizer.create({ backend: 'webgpu', worker });
      const read = async () => (await recognizer.recognize(picture, { minConfidence: 0 })).plates[0].text;
      const before = [recognizer.info.backend, await read()];
      const heard = [];
      recognizer.addEventListener('backendchange', ({ detail }) => heard.push(detail.backend));
      const left = () => heard.push('a listener that left');
      recognizer.addEventListener('backendchange', left);
      recognizer.removeEventListener('backendchange', left);
      const underway = [read(), read()];
      lose();
      const texts = await Promise.all(underway);
      const { backend, fallbackReason, worker: where } = recognizer.info;
      return { before, texts, later: await read(), heard, backend, fallbackReason, where };
    }, { file, inWorker: worker });
    const { fallbackReason, ...rest } = outcome;
    assert.deepEqual(rest, { before: ['webgpu', text], texts: [text, text], later: text, heard: ['cpu'], backend: 'cpu', where: worker });
    assert.match(fallbackReason, /GPU was lost/);
  });
}

test('a GPU that is lost between two calls', async (t) => {
  const page = await openPage(t, await launch(t), { init: keepDevices });
  const outcome = await page.evaluate(async (file) => {
    const picture = await image(file);
    const recognizer = await lib.PlateRecognizer.create({ backend: 'webgpu', worker: false });
    const heard = new Promise((resolve) => recognizer.addEventListener('backendchange', ({ detail }) => resolve(detail.backend)));
    loseDevices();
    const told = await heard;
    const { plates } = await recognizer.recognize(picture, { minConfidence: 0 });
    const again = await attempt(lib.PlateRecognizer.create({ backend: 'webgpu', worker: true }));
    return { told, text: plates[0].text, again: again.value?.info.backend ?? again.error };
  }, file);
  assert.deepEqual(outcome, { told: 'cpu', text, again: 'webgpu' });
});
