// Which frames are read when they come faster than they can be, or may be. Needs no browser, only the compiled package.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const dist = process.env.KR_LPR_DIST ?? new URL('../../pkg/dist/', import.meta.url).href;
const { FrameLoop } = await import(new URL('camera-frames.js', dist).href);
const { checkDetectOptions, checkOptions, checkTrackOptions } = await import(new URL('request.js', dist).href);
const { PlateTracker } = await import(new URL('tracker.js', dist).href);

/** An engine whose frames are read when the test says so; `reads` are those underway, by their first byte, and `told` the rest. */
function setUp() {
  const reads = [];
  const told = [];
  const engine = {
    push: (pixels, timestampMs, options, signal) =>
      new Promise((resolve, reject) => {
        assert.equal(options.mode, 'crop');
        signal?.addEventListener('abort', () => reject(signal.reason));
        const [name] = pixels.data;
        reads.push({ name, timestampMs, done: (update = seen(name, timestampMs)) => resolve(update), fail: reject });
      }),
    reset: () => told.push('reset'),
    free: () => told.push('free'),
  };
  return { reads, told, tracker: new PlateTracker(engine, { mode: 'crop' }) };
}

/** A frame of one grey pixel. */
const frame = (name) => ({ data: new Uint8Array([name]), width: 1, height: 1, channels: 1 });

const corners = [1, 2, 3, 4, 5, 6, 7, 8];
const timing = { preprocess: 1, detect: 0, recognize: 2, decode: 1, total: 4 };
const reading = (text) => ({ text, chars: [], candidates: [{ text }], parts: {}, kind: 'ev', kindConfidence: 1, sharpness: 1, corners });
const track = (id, text, more) => ({ id, text, chars: [], corners, smoothed: [...corners].reverse(), ...more });
/** A frame in which a plate is read as `name`, and known as `timestampMs`. */
const seen = (name, timestampMs) => ({ readings: [reading(`${name}`)], tracks: [track(1, `${timestampMs}`, { reading: 0 })], timing });

const settle = () => new Promise((resolve) => setImmediate(resolve));

test('pictures are searched thoroughly and frames quickly, unless the caller says otherwise', () => {
  const asked = (options) => [checkOptions(options).raw, checkDetectOptions(options).raw, checkTrackOptions(options).reading];
  assert.deepEqual(asked({}).map(({ search }) => search), ['thorough', 'thorough', 'quick']);
  for (const search of ['thorough', 'quick']) {
    assert.deepEqual(asked({ search }).map((raw) => raw.search), [search, search, search]);
  }
});

test('of the frames that come while one is read only the newest is read', async () => {
  const { reads, tracker } = setUp();
  const results = [10, 20, 30, 40].map((time) => tracker.push(frame(time + 1), time));
  await settle();
  assert.deepEqual(reads.map(({ name }) => name), [11]);
  assert.deepEqual((await Promise.all([results[1], results[2]])).map((result) => result.skipped), [true, true]);
  reads[0].done();
  const first = await results[0];
  assert.equal(first.skipped, false);
  assert.deepEqual(first.size, { width: 1, height: 1 });
  assert.ok(first.timing.total >= 4);
  const [{ best, smoothedCornerPoints }] = first.tracks;
  assert.deepEqual(best.cornerPoints[1], { x: 3, y: 4 });
  assert.deepEqual(best.candidates.map(({ text }) => text), ['10', '11'], 'what the frames say, then what this one says');
  assert.equal(best.kind, 'ev', 'what nobody votes on is of the plate as it was seen last');
  assert.deepEqual(smoothedCornerPoints[0], { x: 8, y: 7 });
  await settle();
  reads[1].done();
  assert.equal((await results[3]).tracks[0].best.text, '40');
  assert.deepEqual(reads.map(({ name, timestampMs }) => [name, timestampMs]), [[11, 10], [41, 40]]);
});

test('a plate that is not in a frame is shown as it was seen last', async () => {
  const { reads, tracker } = setUp();
  const first = tracker.push(frame(1), 1);
  await settle();
  reads[0].done();
  await first;
  const second = tracker.push(frame(2), 2);
  await settle();
  reads[1].done({ readings: [reading('another')], tracks: [track(1, '1'), track(2, 'another', { reading: 0 }), track(3, 'never seen')], timing });
  const { tracks } = await second;
  assert.deepEqual(tracks.map(({ id, best }) => [id, best.candidates.at(-1).text]), [[1, '1'], [2, 'another']].map(([id, text]) => [id, id === 1 ? '1' : text]));
});

test('a frame is read as it was when it was given', async () => {
  const { reads, tracker } = setUp();
  let open = 0;
  /** As much of a `VideoFrame` as a tracker uses when a frame has to wait. */
  class VideoFrame {
    get [Symbol.toStringTag]() {
      return 'VideoFrame';
    }
    clone() {
      open += 1;
      return new VideoFrame();
    }
    close() {
      open -= 1;
    }
  }
  const first = tracker.push(frame(1), 1);
  const [skipped, waiting] = [tracker.push(new VideoFrame(), 2), tracker.push(new VideoFrame(), 3)];
  assert.equal((await skipped).skipped, true);
  assert.equal(open, 1, 'the frame that was passed over is closed, the one that waits is not');
  reads[0].done();
  await first;
  await assert.rejects(waiting, { code: 'BAD_INPUT' }); // there is no canvas here to draw it on
  await settle();
  assert.equal(open, 0);
});

test('a frame that fails does not keep the next one from being read', async () => {
  const { reads, tracker } = setUp();
  const [first, second] = [tracker.push(frame(1), 1), tracker.push(frame(2), 2)];
  await settle();
  reads[0].fail(new Error('broken'));
  await assert.rejects(first, /broken/);
  await settle();
  reads[1].done();
  assert.equal((await second).skipped, false);
});

test('aborting gives up a frame that is read and one that waits', async () => {
  const { reads, told, tracker } = setUp();
  const [now, later] = [new AbortController(), new AbortController()];
  const first = tracker.push(frame(1), 1, { signal: now.signal });
  const second = tracker.push(frame(2), 2, { signal: later.signal });
  await settle();
  later.abort(new Error('later'));
  await assert.rejects(second, /later/);
  now.abort(new Error('now'));
  await assert.rejects(first, /now/);
  await assert.rejects(tracker.push(frame(3), 3, { signal: now.signal }), /now/);
  await settle();
  assert.deepEqual([reads.length, told], [1, []]);
});

test('after a reset frames from before count no more', async () => {
  const { reads, told, tracker } = setUp();
  const [first, second] = [tracker.push(frame(1), 1), tracker.push(frame(2), 2)];
  await settle();
  tracker.reset();
  reads[0].done();
  assert.deepEqual(await Promise.all([first, second]), Array(2).fill({ tracks: [], skipped: true }));
  assert.deepEqual(told, ['reset']);
});

test('closing ends what is under way and frees the memory once', async () => {
  const { reads, told, tracker } = setUp();
  const ends = [tracker.push(frame(1), 1), tracker.push(frame(2), 2)].map((result) => assert.rejects(result, { code: 'CLOSED' }));
  await settle();
  tracker.close();
  tracker[Symbol.dispose]?.();
  reads[0].done();
  await Promise.all(ends);
  await settle();
  await assert.rejects(tracker.push(frame(3), 3), { code: 'CLOSED' });
  assert.throws(() => tracker.reset(), { code: 'CLOSED' });
  assert.deepEqual(told, ['free']);
});

test('a region that is none is refused', async () => {
  const { tracker } = setUp();
  await assert.rejects(tracker.push(frame(1), 1, { region: { x: 0, y: 0, width: 0, height: 1 } }), { code: 'BAD_INPUT' });
});

test('frames come as often as allowed, no two at once, whatever the rate of the camera', async () => {
  // When frames are captured, and which of them are read at ten a second.
  for (const [what, captured, read] of [
    ['30 a second', [0, 33, 67, 100, 133, 167, 200, 233, 267, 300], [0, 100, 200, 300]],
    ['12 a second', [0, 83, 167, 250, 333, 417, 500], [0, 167, 250, 333, 417]],
    ['late ones', [0, 190, 200, 233, 267, 300, 333], [0, 190, 267]],
    ['a clock that is set back', [5000, 5100, 40, 73, 107, 140], [5000, 5100, 40, 140]],
  ]) {
    let callback;
    const video = { requestVideoFrameCallback: (next) => void (callback = next), cancelVideoFrameCallback: () => (callback = undefined) };
    const given = [];
    const loop = new FrameLoop(video, 10, async (timestamp) => void given.push(timestamp));
    loop.start();
    for (const captureTime of captured) {
      callback(0, { captureTime });
      await loop.idle();
    }
    loop.stop();
    assert.deepEqual(given, read, what);
    assert.equal(callback, undefined);
  }
});
