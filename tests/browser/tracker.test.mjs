// Which frames a tracker reads when they come faster than it can. Needs no browser, only the compiled package.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const dist = process.env.KR_LPR_DIST ?? new URL('../../pkg/dist/', import.meta.url).href;
const { PlateTracker } = await import(new URL('tracker.js', dist).href);

/** A reader whose frames are read when the test says so, and a raw tracker that notes what it is told. */
function setUp() {
  const reads = [];
  const told = [];
  const reader = {
    recognize: (frame, { signal, minConfidence }) =>
      new Promise((resolve, reject) => {
        assert.equal(minConfidence, 0);
        signal?.addEventListener('abort', () => reject(signal.reason));
        reads.push({ frame, done: () => resolve({ plates: [], rejected: [plate(frame)] }), fail: reject });
      }),
  };
  const raw = {
    push(timestampMs, readings) {
      told.push([timestampMs, ...readings.map((reading) => reading.corners[0])]);
      const track = { id: 1, text: `${timestampMs}`, corners: [told.at(-1)[1], 0, 3, 4, 5, 6, 7, 8], smoothed: [8, 7, 6, 5, 4, 3, 2, 1] };
      return { tracks: [track], ignored: 0, restarted: false };
    },
    reset: () => told.push('reset'),
    free: () => told.push('free'),
  };
  return { reads, told, tracker: new PlateTracker(reader, raw) };
}

const plate = (x) => ({
  text: 'seen',
  confidence: 0.5,
  candidates: [{ text: 'seen' }],
  chars: [],
  kind: 'ev',
  kindConfidence: 1,
  sharpness: 1,
  cornerPoints: [{ x, y: 0 }],
});
const settle = () => new Promise((resolve) => setImmediate(resolve));

test('of the frames that come while one is read only the newest is read', async () => {
  const { reads, told, tracker } = setUp();
  const results = [10, 20, 30, 40].map((time) => tracker.push(time + 1, time));
  await settle();
  assert.deepEqual(reads.map((read) => read.frame), [11]);
  assert.deepEqual((await Promise.all([results[1], results[2]])).map((result) => result.skipped), [true, true]);
  reads[0].done();
  const first = await results[0];
  assert.equal(first.skipped, false);
  const [{ best, smoothedCornerPoints }] = first.tracks;
  assert.deepEqual(best.cornerPoints[1], { x: 3, y: 4 });
  assert.deepEqual(best.candidates.map(({ text }) => text), ['10', 'seen'], 'what the frames say, then what this one says');
  assert.equal(best.kind, 'ev', 'what nobody votes on is of the plate as it was seen last');
  assert.deepEqual(smoothedCornerPoints[0], { x: 8, y: 7 });
  await settle();
  reads[1].done();
  assert.equal((await results[3]).tracks[0].best.text, '40');
  assert.deepEqual(told, [[10, 11], [40, 41]]);
});

test('a frame that fails does not keep the next one from being read', async () => {
  const { reads, tracker } = setUp();
  const [first, second] = [tracker.push(1, 1), tracker.push(2, 2)];
  reads[0].fail(new Error('broken'));
  await assert.rejects(first, /broken/);
  await settle();
  reads[1].done();
  assert.equal((await second).skipped, false);
});

test('aborting gives up a frame that is read and one that waits', async () => {
  const { reads, told, tracker } = setUp();
  const [now, later] = [new AbortController(), new AbortController()];
  const first = tracker.push(1, 1, { signal: now.signal });
  const second = tracker.push(2, 2, { signal: later.signal });
  later.abort(new Error('later'));
  await assert.rejects(second, /later/);
  now.abort(new Error('now'));
  await assert.rejects(first, /now/);
  await assert.rejects(tracker.push(3, 3, { signal: now.signal }), /now/);
  await settle();
  assert.deepEqual([reads.length, told], [1, []]);
});

test('after a reset frames from before count no more', async () => {
  const { reads, told, tracker } = setUp();
  const [first, second] = [tracker.push(1, 1), tracker.push(2, 2)];
  tracker.reset();
  reads[0].done();
  assert.deepEqual(await Promise.all([first, second]), Array(2).fill({ tracks: [], skipped: true }));
  assert.deepEqual(told, ['reset']);
});

test('closing ends what is under way and frees the memory once', async () => {
  const { reads, told, tracker } = setUp();
  const ends = [tracker.push(1, 1), tracker.push(2, 2)].map((result) => assert.rejects(result, { code: 'CLOSED' }));
  tracker.close();
  tracker[Symbol.dispose]?.();
  assert.deepEqual(told, []);
  reads[0].done();
  await Promise.all(ends);
  await settle();
  await assert.rejects(tracker.push(3, 3), { code: 'CLOSED' });
  assert.throws(() => tracker.reset(), { code: 'CLOSED' });
  assert.deepEqual(told, ['free']);
});
