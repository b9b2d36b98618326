// Input that somebody made to do harm: damaged files, sizes and options at random, nonsense for the worker. The same every
// time; `KR_LPR_FUZZ` multiplies how much of it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { GOLDEN, openPageWithPicture, plates } from './browser.mjs';

const [{ file, text }] = plates;
const ROUNDS = 60 * Number(process.env.KR_LPR_FUZZ ?? 1);

/** xorshift32 (Marsaglia 2003): numbers from 0 up to below `end`. */
function random(seed) {
  let state = seed;
  return (end) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % end;
  };
}

/** Reads, and sorts what came of it: a result, or the code of a KrLprError; anything else is a finding. */
async function outcomeOf(source, options) {
  try {
    const { plates, rejected } = await recognizer.recognize(source, options);
    return Array.isArray(plates) && Array.isArray(rejected) ? 'read' : 'no result';
  } catch (error) {
    return error instanceof lib.KrLprError ? (error.code === 'BACKEND_LOST' ? `${error.code}: ${error.message}` : error.code) : `${error?.name}: ${error?.message}`;
  }
}

async function stillReads(page) {
  const after = await page.evaluate(async () => (await recognizer.recognize(picture, { minConfidence: 0 })).plates[0].text);
  assert.equal(after, text, 'the recognizer still works');
}

test('damaged files', async (t) => {
  const page = await openPageWithPicture(t, file, [outcomeOf]);
  const whole = [...(await readFile(new URL(file, GOLDEN)))];
  const next = random(7);
  const files = Array.from({ length: ROUNDS }, () => {
    const bytes = [...whole];
    for (let flips = 1 + next(8); flips > 0; flips -= 1) bytes[next(3) ? next(64) : next(bytes.length)] = next(256);
    return next(4) ? bytes : bytes.slice(0, next(bytes.length));
  });
  const outcomes = await page.evaluate(async (files) => {
    const outcomes = [];
    for (const bytes of files) outcomes.push(await outcomeOf(new Blob([new Uint8Array(bytes)])));
    return outcomes;
  }, files);
  assert.deepEqual(outcomes.filter((outcome) => outcome !== 'read' && outcome !== 'BAD_INPUT'), []);
  assert.ok(outcomes.includes('BAD_INPUT'));
  await stillReads(page);
});

test('sizes and options at random', async (t) => {
  const page = await openPageWithPicture(t, file, [outcomeOf, random]);
  const outcomes = await page.evaluate(async (rounds) => {
    const next = random(11);
    const odd = [undefined, null, NaN, Infinity, -1, 0, 0.5, 1, 2, 3, 7, 1e9, 2 ** 31, 2 ** 53, '', '5', 'auto', 'crop', 'scene', [], {}, true, () => 1, Symbol('x'), 1n];
    const pick = (from = odd) => from[next(from.length)];
    const number = () => pick([-5, 0, 1, 10, 50.5, 1e5, NaN, Infinity]);
    const point = () => (next(5) ? { x: number(), y: number() } : pick());
    const rectangle = () => (next(5) ? { x: number(), y: number(), width: number(), height: number() } : pick());
    const outcomes = [];
    for (let round = 0; round < rounds; round += 1) {
      const [width, height, channels] = [next(4) ? 1 + next(300) : pick(), next(4) ? 1 + next(100) : pick(), pick([1, 3, 4, undefined, pick()])];
      const length = [width, height, channels ?? 4].reduce((product, side) => product * (typeof side === 'number' ? side : 0), 1);
      const fits = length > 0 && length < 1e6 ? length : 16;
      const data = next(8) ? new Uint8Array(next(6) ? fits : next(1000)).map(() => next(256)) : pick();
      const source = next(10) ? { data, width, height, channels } : pick();
      const options = next(10) ? {} : pick();
      if (options && typeof options === 'object') {
        for (const name of ['mode', 'nBest', 'minConfidence', 'grammar', 'align', 'plateImage', 'attention', 'maxPlates']) {
          if (!next(4)) options[name] = pick();
        }
        if (!next(4)) options.quad = next(4) ? [point(), point(), point(), point()] : pick();
        if (!next(4)) options.region = rectangle();
      }
      outcomes.push(await outcomeOf(source, options ?? undefined));
    }
    return outcomes;
  }, 5 * ROUNDS);
  const unexpected = outcomes.filter((outcome) => !['read', 'BAD_INPUT', 'UNSUPPORTED'].includes(outcome));
  assert.deepEqual(unexpected, []);
  assert.ok(outcomes.includes('read') && outcomes.includes('BAD_INPUT'));
  await stillReads(page);
});

test('nonsense for the worker, and from it', async (t) => {
  const page = await openPageWithPicture(t, file, [outcomeOf, random]);
  const outcomes = await page.evaluate(async (rounds) => {
    const next = random(13);
    const odd = [undefined, null, -1, 0, 1, 2, NaN, 'x', [], {}, true];
    const pick = (from = odd) => from[next(from.length)];
    const worker = new Worker('/kr-lpr/worker.js', { type: 'module' });
    recognizer.close();
    globalThis.recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker });
    const noIds = [undefined, null, -1, NaN, 'x', [], {}]; // the page's own calls count from 1
    const verbs = ['hello', 'read', 'detect', 'track', 'push', 'retrack', 'untrack', 'abort', 'nothing', undefined];
    for (let round = 0; round < rounds; round += 1) {
      const message = next(5)
        ? { krLpr: pick(verbs), id: next(3) ? 1e6 + next(9) : pick(noIds), pixels: next(2) ? pick() : { data: new Uint8Array(9), width: pick(), height: pick(), channels: pick() }, options: pick(), tracker: pick(), timestampMs: pick(), readings: pick() }
        : pick();
      worker.postMessage(message);
      const reply = next(5) ? { krLpr: pick(['ready', 'done', 'failed', 'progress', 'nothing']), id: 1e6 + next(9), value: pick(), error: pick(), progress: pick() } : pick();
      worker.dispatchEvent(new MessageEvent('message', { data: reply }));
    }
    const outcomes = [];
    for (let i = 0; i < 3; i += 1) outcomes.push(await outcomeOf(picture, {}));
    return outcomes;
  }, 5 * ROUNDS);
  assert.deepEqual(outcomes, ['read', 'read', 'read']);
  await stillReads(page);
});
