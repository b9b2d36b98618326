// The entry `kr-lpr/camera` with Chromium's made-up cameras, and readers that only note what they are given.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, url } from './browser.mjs';

/** Keeps every stream that the page opens, and lets a test hide the page, which headless browsers never do. */
function watchPage() {
  globalThis.streams = [];
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = async function (wishes) {
    const stream = await getUserMedia.call(this, wishes);
    streams.push(stream);
    return stream;
  };
  let visibilityState = 'visible';
  Object.defineProperty(Document.prototype, 'visibilityState', { get: () => visibilityState });
  globalThis.showPage = (shown) => {
    visibilityState = shown ? 'visible' : 'hidden';
    document.dispatchEvent(new Event('visibilitychange'));
  };
}

/**
 * A page with `count` cameras, which show a moving pattern, and a `video`; `make(read, options)`, which gives a camera whose frames `read` reads, and notes its states and
 * results in `states` and `frames`; `live()`, the number of tracks that are on; and `until(condition)`.
 */
async function openCameraPage(t, { count = 2, allowed = true } = {}) {
  const page = await openPage(t, await launch(t, [`--use-fake-device-for-media-stream=device-count=${count}`]), { init: watchPage });
  await allowCamera(page, allowed);
  await page.evaluate(async () => {
    const { PlateCamera } = await import('/kr-lpr/camera.js');
    const video = document.body.appendChild(document.createElement('video'));
    const make = (recognize = async () => 'read', options = {}) => {
      const camera = new PlateCamera(video, { recognize }, options);
      globalThis.states = [];
      globalThis.frames = [];
      camera.addEventListener('statechange', ({ detail }) => states.push(detail.state));
      camera.addEventListener('result', ({ detail }) => frames.push(detail));
      return camera;
    };
    const live = () => streams.flatMap((stream) => stream.getTracks()).filter(({ readyState }) => readyState === 'live').length;
    const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
    const until = async (condition) => {
      for (let i = 0; i < 500 && !condition(); i += 1) await sleep(20);
      if (!condition()) throw new Error(`in vain: ${condition}`);
    };
    Object.assign(globalThis, { PlateCamera, video, make, live, sleep, until });
  });
  return page;
}

/** What is not granted is refused. */
function allowCamera(page, allowed) {
  return page.context().grantPermissions(allowed ? ['camera'] : [], { origin: url });
}

test('cameras are listed, opened and read frame by frame', async (t) => {
  const page = await openCameraPage(t);
  const outcome = await page.evaluate(async () => {
    const list = await PlateCamera.list();
    const given = [];
    const region = { x: 1, y: 2, width: 30, height: 40 };
    const camera = make(async (frame, { signal, ...options }) => {
      given.push({ frame: frame === video, width: frame.videoWidth > 0, signal: signal instanceof AbortSignal, options });
      return given.length;
    }, { read: { region }, size: { width: 640, height: 480 } });
    const before = [camera.state, camera.error, camera.camera];
    await camera.start();
    const running = [camera.state, live(), [video.videoWidth, video.videoHeight]];
    const using = camera.camera;
    await until(() => frames.length >= 6);
    await camera.stop();
    const { length } = frames;
    await sleep(300);
    const stopped = [camera.state, live(), video.srcObject, camera.camera, frames.length - length];
    return { list, before, running, using, stopped, states, frames, given };
  });
  const { list, using, frames, given } = outcome;
  assert.equal(list.length, 2);
  assert.equal(new Set(list.map(({ id }) => id)).size, 2);
  assert.ok(list.every(({ id, label }) => id && label));
  assert.deepEqual(outcome.before, ['idle', null, null]);
  assert.deepEqual(outcome.running, ['running', 1, [640, 480]]);
  assert.ok(list.some(({ id, label }) => id === using.id && label === using.label));
  assert.deepEqual(outcome.stopped, ['idle', 0, null, null, 0]);
  assert.deepEqual(outcome.states, ['starting', 'running', 'idle']);
  assert.ok(frames.every(({ timestamp }, i) => i === 0 || timestamp > frames[i - 1].timestamp), 'timestamps rise');
  assert.deepEqual(frames.map(({ result }) => result), frames.map((_, i) => i + 1));
  for (const call of given) {
    const options = { search: 'quick', region: { x: 1, y: 2, width: 30, height: 40 } };
    assert.deepEqual(call, { frame: true, width: true, signal: true, options });
  }
});

test('a tracker is pushed the time of each frame, with options made for it', async (t) => {
  const page = await openCameraPage(t);
  const { pushed, frames, count } = await page.evaluate(async () => {
    const pushed = [];
    let count = 0;
    const tracker = {
      push: async (frame, timestamp, { signal, ...options }) => void pushed.push({ timestamp, frame: frame === video, options }),
    };
    const camera = new PlateCamera(video, tracker, { read: () => ({ region: { x: (count += 1), y: 0, width: 9, height: 9 } }) });
    const frames = [];
    camera.addEventListener('result', ({ detail }) => frames.push(detail.timestamp));
    await camera.start();
    await until(() => frames.length >= 4);
    await camera.stop();
    return { pushed, frames, count };
  });
  assert.deepEqual(frames, pushed.slice(0, frames.length).map(({ timestamp }) => timestamp));
  assert.ok(pushed.every(({ frame, options }, i) => frame && options.region.x === i + 1));
  assert.equal(count, pushed.length);
});

test('a slow reader has one frame at a time, the newest', async (t) => {
  const page = await openCameraPage(t);
  const { most, gaps } = await page.evaluate(async () => {
    let [underway, most] = [0, 0];
    const camera = make(async () => {
      most = Math.max(most, (underway += 1));
      await sleep(600);
      underway -= 1;
    });
    await camera.start();
    await until(() => frames.length >= 5);
    await camera.stop();
    return { most, gaps: frames.slice(1).map(({ timestamp }, i) => timestamp - frames[i].timestamp) };
  });
  assert.equal(most, 1);
  // The next frame of the camera comes after 50 ms.
  assert.ok(gaps.every((gap) => gap > 200), `frames are ${gaps} ms apart`);
});

test('no more frames are read than asked for', async (t) => {
  const page = await openCameraPage(t);
  const { stamps, refused } = await page.evaluate(async () => {
    const camera = make(undefined, { maxFps: 5 });
    await camera.start();
    await until(() => frames.length >= 6);
    await camera.stop();
    const refused = [0, -1, 121, NaN].map((maxFps) => {
      try {
        return make(undefined, { maxFps });
      } catch ({ code }) {
        return code;
      }
    });
    return { stamps: frames.map(({ timestamp }) => timestamp), refused };
  });
  // A frame that was due may come late and the next one in time.
  assert.ok(stamps.at(-1) - stamps[0] >= (stamps.length - 2) * 200, `frames at ${stamps}`);
  assert.deepEqual(refused, Array(4).fill('BAD_INPUT'));
});

test('a capture clock that is set back, as another camera may have one, stops nothing', async (t) => {
  const page = await openCameraPage(t);
  const outcome = await page.evaluate(async () => {
    let offset = 1e6;
    const { requestVideoFrameCallback } = HTMLVideoElement.prototype;
    HTMLVideoElement.prototype.requestVideoFrameCallback = function (callback) {
      return requestVideoFrameCallback.call(this, (now, data) => callback(now, { ...data, captureTime: now + offset }));
    };
    const camera = make(undefined, { maxFps: 10 });
    await camera.start();
    await until(() => frames.length >= 3);
    offset = 0;
    const { length } = frames;
    await until(() => frames.length >= length + 3);
    const rate = frames.slice(length).map(({ timestamp }) => timestamp);
    await camera.stop();
    await camera.start();
    const after = frames.length;
    await until(() => frames.length >= after + 2);
    await camera.stop();
    return { state: states.at(-1), gaps: rate.slice(1).map((timestamp, i) => timestamp - rate[i]) };
  });
  assert.equal(outcome.state, 'idle');
  assert.ok(outcome.gaps.every((gap) => gap > 40), `frames are ${outcome.gaps} ms apart`);
});

test('pausing turns the camera off, gives up what is underway, and resuming goes on', async (t) => {
  const page = await openCameraPage(t);
  const outcome = await page.evaluate(async () => {
    let [begun, aborted] = [0, 0];
    const camera = make((_, { signal }) => new Promise((resolve, reject) => {
      begun += 1;
      signal.addEventListener('abort', () => reject((aborted += 1)));
      setTimeout(resolve, 100);
    }));
    const failures = [];
    camera.addEventListener('readerror', ({ detail }) => failures.push(detail.error));
    camera.pause();
    await camera.resume();
    const neither = camera.state;
    await camera.start();
    await until(() => frames.length >= 2 && begun > frames.length);
    camera.pause();
    camera.pause();
    const paused = [camera.state, live(), video.srcObject !== null];
    const { length } = frames;
    await sleep(300);
    paused.push(frames.length - length);
    await camera.resume();
    await camera.resume();
    await until(() => frames.length >= length + 2);
    const resumed = [camera.state, live(), streams.length];
    camera.pause();
    await camera.stop();
    return { neither, paused, resumed, stopped: [camera.state, live()], states, failures: failures.length, aborted };
  });
  const { aborted, ...rest } = outcome;
  assert.deepEqual(rest, {
    neither: 'idle',
    paused: ['paused', 0, true, 0],
    resumed: ['running', 1, 2],
    stopped: ['idle', 0],
    states: ['starting', 'running', 'paused', 'starting', 'running', 'paused', 'idle'],
    failures: 0,
  });
  assert.ok(aborted > 0);
});

test('stopping waits for a reader that does not heed the signal', async (t) => {
  const page = await openCameraPage(t);
  const outcome = await page.evaluate(async () => {
    let underway = 0;
    const camera = make(async () => {
      underway += 1;
      await sleep(200);
      underway -= 1;
    });
    await camera.start();
    await until(() => underway === 1);
    const stopping = camera.stop();
    const atOnce = [camera.state, live()];
    await stopping;
    return { atOnce, underway, results: frames.length };
  });
  assert.deepEqual(outcome, { atOnce: ['idle', 0], underway: 0, results: 0 });
});

test('a hidden page turns the camera off for as long', async (t) => {
  const page = await openCameraPage(t);
  const outcome = await page.evaluate(async () => {
    const outcome = {};
    const look = (camera) => [camera.state, live()];
    const camera = make();
    await camera.start();
    showPage(false);
    outcome.hidden = look(camera);
    showPage(true);
    await until(() => camera.state === 'running');
    outcome.back = look(camera);
    camera.pause();
    showPage(false);
    showPage(true);
    await sleep(300);
    outcome.pausedByCaller = look(camera);

    showPage(false);
    await camera.resume();
    outcome.startedHidden = look(camera);
    showPage(true);
    await until(() => camera.state === 'running');

    await camera.stop();
    showPage(false);
    showPage(true);
    await sleep(300);
    outcome.stopped = look(camera);

    const steadfast = make(undefined, { pauseWhenHidden: false });
    await steadfast.start();
    showPage(false);
    outcome.steadfast = look(steadfast);
    showPage(true);
    await steadfast.stop();
    return outcome;
  });
  assert.deepEqual(outcome, {
    hidden: ['paused', 0],
    back: ['running', 1],
    pausedByCaller: ['paused', 0],
    startedHidden: ['paused', 0],
    stopped: ['idle', 0],
    steadfast: ['running', 1],
  });
});

test('another camera is changed to, at once or at the next start', async (t) => {
  const page = await openCameraPage(t);
  const outcome = await page.evaluate(async () => {
    const outcome = {};
    const [first, second] = (await PlateCamera.list()).map(({ id }) => id);
    const camera = make();
    await camera.setCamera(second);
    outcome.opened = streams.length;
    await camera.start();
    outcome.started = camera.camera.id === second;
    await camera.setCamera(first);
    outcome.changed = [camera.state, camera.camera.id === first, live()];
    outcome.states = [...states];
    const { length } = frames;
    await until(() => frames.length > length);

    outcome.gone = (await attempt(camera.setCamera('gone'))).error.code;
    outcome.failed = [camera.state, camera.error.code, live()];
    await camera.setCamera('user');
    await camera.start();
    outcome.facing = [camera.state, camera.error];
    await Promise.all([camera.setCamera(second), camera.setCamera(first)].map(attempt));
    outcome.last = [camera.state, camera.camera.id === first, live()];
    await camera.stop();
    return outcome;
  });
  assert.deepEqual(outcome, {
    opened: 0,
    started: true,
    changed: ['running', true, 1],
    states: ['starting', 'running', 'starting', 'running'],
    gone: 'CAMERA',
    failed: ['no-camera', 'CAMERA', 0],
    facing: ['running', null],
    last: ['running', true, 1],
  });
});

test('starting twice opens one camera; stopping meanwhile opens none', async (t) => {
  const page = await openCameraPage(t);
  const outcome = await page.evaluate(async () => {
    const outcome = {};
    const camera = make();
    await Promise.all([camera.start(), camera.start()]);
    await camera.start();
    outcome.twice = [camera.state, streams.length, live()];
    await Promise.all([camera.stop(), camera.stop()]);
    await camera.stop();

    const started = attempt(camera.start());
    await camera.stop();
    const { error } = await started;
    outcome.meanwhile = [error.code, camera.state, camera.error, live(), video.srcObject];

    const givenUp = attempt(camera.start());
    const stopping = camera.stop();
    const again = attempt(camera.start());
    outcome.again = [(await givenUp).error?.code, (await again).error ?? 'started', await stopping, camera.state, live()];

    const changing = attempt(camera.setCamera('environment'));
    await camera.stop();
    outcome.changing = [(await changing).error?.code, camera.state, live()];
    await sleep(300);
    outcome.later = [camera.state, live()];
    return outcome;
  });
  assert.deepEqual(outcome, {
    twice: ['running', 1, 1],
    meanwhile: ['CAMERA', 'idle', null, 0, null],
    again: ['CAMERA', 'started', undefined, 'running', 1],
    changing: ['CAMERA', 'idle', 0],
    later: ['idle', 0],
  });
});

test('a camera that is refused or missing says so, and starts once it may', async (t) => {
  await t.test('refused', async (t) => {
    const page = await openCameraPage(t, { allowed: false });
    const start = () => page.evaluate(async () => {
      globalThis.camera ??= make();
      const { error } = await attempt(camera.start());
      return { codes: [error?.code, camera.error?.code].map((code) => code ?? null), state: camera.state, live: live(), states };
    });
    assert.deepEqual(await start(), { codes: ['CAMERA', 'CAMERA'], state: 'denied', live: 0, states: ['starting', 'denied'] });
    await allowCamera(page, true);
    const { states, ...then } = await start();
    assert.deepEqual(then, { codes: [null, null], state: 'running', live: 1 });
    assert.deepEqual(states.slice(2), ['starting', 'running']);
  });
  await t.test('missing', async (t) => {
    const page = await openCameraPage(t, { count: 0 });
    const outcome = await page.evaluate(async () => {
      const camera = make();
      const { error } = await attempt(camera.start());
      return { list: await PlateCamera.list(), code: error.code, state: camera.state, states };
    });
    assert.deepEqual(outcome, { list: [], code: 'CAMERA', state: 'no-camera', states: ['starting', 'no-camera'] });
  });
  await t.test('asked for', async (t) => {
    const page = await openCameraPage(t);
    const states = await page.evaluate(async () => {
      Permissions.prototype.query = async () => ({ state: 'prompt' });
      const camera = make();
      await camera.start();
      await camera.stop();
      return states;
    });
    assert.deepEqual(states, ['prompt', 'starting', 'running', 'idle']);
  });
});

test('what goes wrong while it runs', async (t) => {
  const page = await openCameraPage(t);
  const outcome = await page.evaluate(async () => {
    const outcome = {};
    let error = new Error('of one frame');
    const camera = make(async () => {
      if (error) throw error;
    });
    const failures = [];
    camera.addEventListener('readerror', ({ detail }) => failures.push(detail.error === error));
    await camera.start();
    await until(() => failures.length >= 2);
    error = undefined;
    await until(() => frames.length >= 2);
    outcome.oneFrame = [camera.state, failures.every(Boolean)];

    error = new lib.KrLprError('CLOSED', 'closed');
    await until(() => camera.state !== 'running');
    outcome.reader = [camera.state, camera.error === error, live()];

    error = undefined;
    await camera.start();
    const [track] = streams.at(-1).getVideoTracks();
    track.stop();
    track.dispatchEvent(new Event('ended')); // no event tells of a track that the page stopped itself
    await until(() => camera.state !== 'running');
    outcome.unplugged = [camera.state, camera.error.code, live()];
    return outcome;
  });
  assert.deepEqual(outcome, { oneFrame: ['running', true], reader: ['error', true, 0], unplugged: ['no-camera', 'CAMERA', 0] });
});
