// The entry `kr-lpr/scanner`: a camera, a stream and a playing video, from one line to plates, and closed by one call.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, url } from './browser.mjs';
import { fakeCamera, writeClip } from './clip.mjs';

const SAMPLE = 'private-film.jpg';

/** A page with a camera, which may be used or not; `live()` is the number of the camera's tracks that are on. */
async function openScannerPage(t, cameraArguments, permissions) {
  const page = await openPage(t, await launch(t, cameraArguments));
  await page.context().grantPermissions(permissions, { origin: url });
  await page.evaluate(async () => {
    const { PlateScanner } = await import('/kr-lpr/scanner.js');
    const { getUserMedia } = MediaDevices.prototype;
    const streams = [];
    MediaDevices.prototype.getUserMedia = async function (wishes) {
      const stream = await getUserMedia.call(this, wishes);
      streams.push(stream);
      return stream;
    };
    const live = () => streams.flatMap((stream) => stream.getTracks()).filter(({ readyState }) => readyState === 'live').length;
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const until = async (condition) => {
      for (let i = 0; i < 3000 && !condition(); i += 1) await sleep(20);
      if (!condition()) throw new Error(`in vain: ${condition}`);
    };
    const video = document.body.appendChild(document.createElement('video'));
    const track = { mode: 'crop' };
    Object.assign(globalThis, { PlateScanner, live, sleep, until, video, track });
  });
  return page;
}

/** The workers of the page end a moment after they were told to. */
async function workersEnd(page) {
  for (let i = 0; i < 100 && page.workers().length > 0; i += 1) await new Promise((resolve) => setTimeout(resolve, 50));
  return page.workers().length;
}

test('plates of a camera, a stream and a playing video', { timeout: 300_000 }, async (t) => {
  const clip = await writeClip(t, await launch(t), SAMPLE);
  const page = await openScannerPage(t, fakeCamera(clip), ['camera']);
  await t.test('a camera, in one line', () => scanCamera(page));
  await t.test('a stream, a playing video and a recognizer of the caller’s stay the caller’s', () => scanOwn(page));
});

async function scanCamera(page) {
  const outcome = await page.evaluate(async () => {
    const told = [];
    const states = [];
    let updates = 0;
    const scanner = await PlateScanner.start(video, (plate, track) => told.push([plate.text, track.state]), { track });
    scanner.addEventListener('update', () => (updates += 1));
    scanner.addEventListener('statechange', ({ detail }) => states.push(detail.state));
    const running = [scanner.camera.state, live(), video.srcObject !== null];
    await until(() => told.length > 0);
    const seen = updates;
    await until(() => updates > seen + 5);
    scanner.pause();
    const paused = [scanner.camera.state, live()];
    await scanner.resume();
    const resumed = [scanner.camera.state, live()];
    await scanner.close();
    await scanner.close();
    const closed = [scanner.camera.state, live(), video.srcObject];
    const again = (await attempt(scanner.resume())).error.code;
    const reading = (await attempt(scanner.recognizer.recognize(video))).error.code;
    return { told, running, paused, resumed, closed, states, again, reading };
  });
  const { told, ...rest } = outcome;
  assert.equal(told.length, 1, `told of ${JSON.stringify(told)}`);
  // The first frame of a camera that opens may show nothing yet, and so has a track of its own.
  assert.equal(told[0][1], 'confirmed');
  assert.match(told[0][0], /^[0-9]{2,3}[가-힣][0-9]{4}$/);
  assert.deepEqual(rest, {
    running: ['running', 1, true],
    paused: ['paused', 0],
    resumed: ['running', 1],
    closed: ['idle', 0, null],
    states: ['paused', 'starting', 'running', 'idle'],
    again: 'CLOSED',
    reading: 'CLOSED',
  });
  assert.equal(await workersEnd(page), 0);
}

async function scanOwn(page) {
  const outcome = await page.evaluate(async () => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const scan = async (source) => {
      const told = [];
      const scanner = await PlateScanner.start(source, (plate) => told.push(plate.text), { recognizer, track, camera: { maxFps: 10 } });
      await until(() => told.length > 0);
      await scanner[Symbol.asyncDispose]();
      return [told.length, scanner.camera, live()];
    };
    const ofStream = await scan(stream);
    Object.assign(video, { srcObject: stream, muted: true });
    await video.play();
    const ofVideo = await scan(video);
    const left = [video.srcObject === stream, video.paused];
    const { size } = await recognizer.recognize(video);
    return { ofStream, ofVideo, left, width: size.width > 0 };
  });
  assert.deepEqual(outcome, { ofStream: [1, null, 1], ofVideo: [1, null, 1], left: [true, false], width: true });
}

test('what cannot start leaves nothing open', async (t) => {
  const page = await openScannerPage(t, ['--use-fake-device-for-media-stream'], []);
  const outcome = await page.evaluate(async () => {
    const denied = await attempt(PlateScanner.start(video));
    const aborted = await attempt(PlateScanner.start(video, undefined, { signal: AbortSignal.abort() }));
    const option = await attempt(PlateScanner.start(video, undefined, { track: { minAgreeing: 1 } }));
    return { denied: denied.error.code, aborted: aborted.error.name, option: option.error.code, live: live() };
  });
  assert.deepEqual(outcome, { denied: 'CAMERA', aborted: 'AbortError', option: 'BAD_INPUT', live: 0 });
  assert.equal(await workersEnd(page), 0);
});
