// The page's camera: read live from a fake one, refused, missing; and a video file, read the same way.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { launch, site, url } from './browser.mjs';
import { drawFrame, fakeCamera, writeClip } from './clip.mjs';
import { assertFits, element, keepPicture, openDemo, waitFor } from './demo.mjs';

const SAMPLE = 'ev.jpg';
const samples = JSON.parse(await readFile(join(site, 'samples/index.json'), 'utf8'));
const { text } = samples.find(({ file }) => file === SAMPLE);

const live = (page, id) => page.locator(`[data-testid=live] [data-testid="${id}"]`).first();

/** Reads what is in the guide frame as one plate. */
async function readTheGuide(page) {
  await element(page, 'guide-long').check({ force: true });
  const crop = element(page, 'look-crop');
  if (await crop.isVisible()) await crop.check({ force: true });
}

async function waitForPlate(page) {
  await page.locator(`[data-testid=live] [data-testid=plate-text][data-text="${text}"]`).waitFor();
  await page.locator('[data-testid=live] [data-testid=track-state][data-state=confirmed]').waitFor();
  await page.locator(`[data-testid=history-row][data-text="${text}"]`).waitFor();
}

test('a plate before the camera is read, confirmed and kept', async (t) => {
  const clip = await writeClip(t, await launch(t), SAMPLE);
  const browser = await launch(t, fakeCamera(clip));
  const { page, context } = await openDemo(t, browser, { query: '#camera', viewport: { width: 390, height: 844 }, context: { permissions: ['camera', 'clipboard-read', 'clipboard-write'] } });
  await readTheGuide(page);
  await element(page, 'camera-start').click();
  await waitFor(page, 'viewport', 'data-state', 'running');
  await waitForPlate(page);
  const { votes, agreeing } = await live(page, 'track-votes').evaluate((node) => ({ ...node.dataset }));
  assert.ok(Number(agreeing) >= 2 && Number(agreeing) <= Number(votes), `${agreeing} of ${votes}`);
  assert.equal(await element(page, 'overlay').locator('.track polygon').count(), 1, 'the plate is outlined');
  assert.ok(Number((await element(page, 'fps').getAttribute('data-fps')) || 1) > 0);
  await assertFits(page);
  await keepPicture(page, 'camera-phone');

  await element(page, 'history-copy').click();
  await waitFor(page, 'history-copy', 'data-copied', 'true');
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  const [download] = await Promise.all([page.waitForEvent('download'), element(page, 'history-csv').click()]);
  const csv = await readFile(await download.path(), 'utf8');
  assert.match(csv, new RegExp(`^\uFEFFtext,kind,confidence,valid,source,first,last,times\r\n${text},`));

  await element(page, 'pause').click();
  await waitFor(page, 'viewport', 'data-state', 'paused');
  assert.equal(await page.evaluate(() => document.querySelector('video').srcObject?.active), false, 'the camera is off');
  await element(page, 'camera-resume').click();
  await waitFor(page, 'viewport', 'data-state', 'running');
  await element(page, 'stop').click();
  await waitFor(page, 'viewport', 'data-state', 'idle');

  await page.reload();
  await page.locator(`[data-testid=history-row][data-text="${text}"]`).waitFor();
  await element(page, 'history-clear').click();
  assert.equal(await page.locator('[data-testid=history-row]').count(), 0);
  await context.close();
});

test('a refused camera is explained, in both languages, and pictures go on', async (t) => {
  const browser = await launch(t, ['--use-fake-device-for-media-stream']);
  const { page, context } = await openDemo(t, browser, { query: '#camera' });
  const session = await context.newCDPSession(page);
  const { origin } = new URL(page.url());
  await session.send('Browser.setPermission', { permission: { name: 'camera' }, setting: 'denied', origin });
  await element(page, 'camera-start').click();
  await waitFor(page, 'viewport', 'data-state', 'denied');
  assert.ok((await element(page, 'camera-screen').locator('ol li').count()) >= 2, 'the steps are listed');
  const english = await element(page, 'camera-screen').innerText();
  await element(page, 'lang-ko').click();
  assert.notEqual(await element(page, 'camera-screen').innerText(), english);
  await keepPicture(page, 'camera-denied');
  await element(page, 'tab-pictures').click();
  await page.locator('[data-testid=sample][data-text]').first().click();
  await page.locator('[data-testid=plate-text][data-text]:not([data-text=""])').first().waitFor();
});

test('each other failure of a camera has its own words', async (t) => {
  const { page } = await openDemo(t, await launch(t), { query: '#camera' });
  for (const [name, state] of [
    ['NotReadableError', 'in-use'],
    ['NotFoundError', 'no-camera'],
    ['TypeError', 'error'],
  ]) {
    await page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('as the test has it', name));
    }, name);
    await element(page, 'camera-start').click();
    await waitFor(page, 'viewport', 'data-state', state);
  }
});

test('a page without HTTPS says that cameras need it, and reads pictures all the same', async (t) => {
  const browser = await launch(t, ['--host-resolver-rules=MAP insecure.test 127.0.0.1']);
  const address = url.replace('localhost', 'insecure.test');
  const { page } = await openDemo(t, browser, { query: '#camera', address });
  await waitFor(page, 'viewport', 'data-state', 'insecure');
  await element(page, 'tab-pictures').click();
  await page.locator('[data-testid=plate-text][data-text]:not([data-text=""])').first().waitFor();
});

test('lamp, zoom and other cameras are offered where there are any', async (t) => {
  const browser = await launch(t, ['--use-fake-device-for-media-stream=device-count=2', '--use-fake-ui-for-media-stream']);
  const init = () => {
    const wishes = { torch: false, zoom: 1 };
    const { getSettings } = MediaStreamTrack.prototype;
    MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true, zoom: { min: 1, max: 4, step: 0.5 } });
    MediaStreamTrack.prototype.getSettings = function settings() {
      return { ...getSettings.call(this), ...wishes };
    };
    MediaStreamTrack.prototype.applyConstraints = async ({ advanced }) => void Object.assign(wishes, ...advanced);
    globalThis.wishes = wishes;
  };
  const { page } = await openDemo(t, browser, { query: '#camera', context: { permissions: ['camera'] }, init });
  await element(page, 'camera-start').click();
  await waitFor(page, 'viewport', 'data-state', 'running');
  await element(page, 'torch').click();
  await waitFor(page, 'torch', 'aria-pressed', 'true');
  await element(page, 'zoom').fill('2.5');
  assert.deepEqual(await page.evaluate(() => globalThis.wishes), { torch: true, zoom: 2.5 });
  const cameras = element(page, 'camera-list');
  await cameras.waitFor();
  assert.equal(await cameras.locator('option').count(), 2);
  await cameras.selectOption({ index: 1 });
  await waitFor(page, 'viewport', 'data-state', 'running');
  await page.waitForFunction(() => document.querySelector('[data-testid=camera-list]')?.selectedIndex === 1);
});

test('a machine without a camera says so', async (t) => {
  const browser = await launch(t, ['--use-fake-device-for-media-stream=device-count=0', '--use-fake-ui-for-media-stream']);
  const { page } = await openDemo(t, browser, { query: '#camera', context: { permissions: ['camera'] } });
  await element(page, 'camera-start').click();
  await waitFor(page, 'viewport', 'data-state', 'no-camera');
  assert.ok(await element(page, 'camera-open').isVisible(), 'a video file can be opened instead');
});

test('a video file is read like a camera', async (t) => {
  const { page } = await openDemo(t, await launch(t), { query: '#camera' });
  await readTheGuide(page);
  await page.evaluate(`globalThis.drawFrame = ${drawFrame}`);
  const video = await page.evaluate(recordVideo, SAMPLE);
  // Slow machines read few frames a second, and the clip is short.
  await element(page, 'video').evaluate((node) => {
    node.defaultPlaybackRate = 0.1;
  });
  await element(page, 'file-input').setInputFiles({ name: 'clip.webm', mimeType: 'video/webm', buffer: Buffer.from(video, 'base64') });
  await waitFor(page, 'viewport', 'data-source', 'video');
  await waitForPlate(page);
  await element(page, 'stop').click();
  await element(page, 'file-input').setInputFiles({ name: 'broken.webm', mimeType: 'video/webm', buffer: Buffer.from('no video') });
  await waitFor(page, 'viewport', 'data-state', 'video');
});

/** Runs in the page: two seconds of the sample as a WebM, recorded from a canvas. */
async function recordVideo(sample) {
  const image = new Image();
  image.src = `./samples/${sample}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const context = canvas.getContext('2d');
  const recorder = new MediaRecorder(canvas.captureStream(20), { mimeType: 'video/webm', videoBitsPerSecond: 4e6 });
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => (recorder.onstop = resolve));
  recorder.start();
  for (let i = 0; i < 40; i += 1) {
    globalThis.drawFrame(context, image, i);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  recorder.stop();
  await stopped;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
