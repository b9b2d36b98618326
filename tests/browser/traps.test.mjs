// Traps inside of the wasm on the page's own thread: nothing waits for ever, nothing else is taken for one, a new one reads.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, plates } from './browser.mjs';
import { collectGarbage } from './series.mjs';

const [{ file, text }] = plates;

/** Bodies of a function of a module with one page of memory. */
const TRAPS = {
  unreachable: { body: [0x00], message: /unreachable/ },
  'an address out of bounds': { body: [0x41, 0x7f, 0x28, 0x02, 0x00, 0x1a], message: /out of bounds/ },
  'a call without end': { body: [0x10, 0x00], message: /call stack/ },
};

/**
 * Has the wasm call `fault`, when there is one, whenever it looks at the clock, which it does in the middle of reading; and
 * keeps every memory that is made, weakly.
 */
function faultyClock() {
  globalThis.memories = [];
  globalThis.trap = (body) => {
    const code = [body.length + 2, 0, ...body, 0x0b];
    const sections = [
      [1, 1, 0x60, 0, 0], // a type: nothing in, nothing out
      [3, 1, 0],
      [5, 1, 0, 1],
      [7, 1, 1, 0x66, 0, 0], // the function is exported as `f`
      [10, 1, ...code],
    ];
    const bytes = sections.flatMap(([id, ...content]) => [id, content.length, ...content]);
    const module = new WebAssembly.Module(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, ...bytes]));
    return new WebAssembly.Instance(module).exports.f;
  };
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (module, imports) => {
    for (const functions of Object.values(imports)) {
      const name = Object.keys(functions).find((name) => name.startsWith('__wbg_now_'));
      const now = functions[name];
      functions[name] = (clock) => {
        globalThis.fault?.();
        return now(clock);
      };
    }
    const instance = await instantiate(module, imports);
    memories.push(new WeakRef(instance.exports.memory));
    return instance;
  };
}

async function openFaultyPage(t) {
  const page = await openPage(t, await launch(t), { init: faultyClock });
  await page.evaluate(async (file) => {
    globalThis.picture = await image(file);
    globalThis.create = () => lib.PlateRecognizer.create({ backend: 'cpu', worker: false });
    globalThis.read = async (recognizer) => (await recognizer.recognize(picture, { minConfidence: 0 })).plates[0].text;
    globalThis.within = (ms, promise) => {
      let timer;
      const late = new Promise((_, reject) => (timer = setTimeout(reject, ms, new Error('pending'))));
      return Promise.race([promise, late]).finally(() => clearTimeout(timer));
    };
  }, file);
  return page;
}

for (const [name, { body, message }] of Object.entries(TRAPS)) {
  test(`${name} ends the recognizers of the page, and a new one reads`, async (t) => {
    const page = await openFaultyPage(t);
    const outcome = await page.evaluate(async (body) => {
      const [one, other] = [await create(), await create()];
      const tracker = one.createTracker();
      const before = [await read(one), await read(other)];
      fault = trap(body);
      const underway = [one.recognize(picture), one.detect(picture), other.recognize(picture)];
      const died = await Promise.all(underway.map((call) => attempt(within(10_000, call))));
      fault = undefined;
      const later = [one.recognize(picture), other.detect(picture), tracker.push(picture, 1), new Promise(() => one.createTracker())];
      const refused = await Promise.all(later.map((call) => attempt(within(10_000, call))));
      tracker.close();
      await within(10_000, Promise.all([one, other].map((recognizer) => recognizer[Symbol.asyncDispose]())));
      const closed = await attempt(one.recognize(picture));
      const [fresh, beside] = await Promise.all([create(), create()]);
      const track = await fresh.createTracker().push(picture, 1);
      const again = [await read(fresh), await read(beside)];
      return { before, errors: [...died, ...refused].map(({ error }) => error), closed: closed.error.code, again, tracks: track.tracks.length };
    }, body);
    const { errors, ...rest } = outcome;
    assert.deepEqual(errors.map((error) => error?.code), Array(7).fill('BACKEND_LOST'), errors.map((error) => error?.message).join('; '));
    for (const error of errors) assert.match(error.message, message);
    assert.deepEqual(rest, { before: [text, text], closed: 'CLOSED', again: [text, text], tracks: 1 });

    await collectGarbage(await page.context().newCDPSession(page));
    const kept = await page.evaluate(() => memories.map((memory) => memory.deref() !== undefined));
    assert.deepEqual(kept, [false, true], 'the memory of the dead one is given back');
  });
}

test('a trap in warming up rejects `create`, and the next one reads', async (t) => {
  const page = await openFaultyPage(t);
  const outcome = await page.evaluate(async (body) => {
    fault = trap(body);
    const first = await attempt(within(10_000, create()));
    fault = undefined;
    return { first: first.error?.code, again: await read(await create()) };
  }, TRAPS.unreachable.body);
  assert.deepEqual(outcome, { first: 'BACKEND_LOST', again: text });
});

test('errors of the page and of its other wasm are left alone', async (t) => {
  const page = await openFaultyPage(t);
  const outcome = await page.evaluate(async (body) => {
    const recognizer = await create();
    const heard = [];
    addEventListener('error', (event) => {
      event.preventDefault(); // so that it does not fail this test
      heard.push(event.error.name);
    });
    const reading = read(recognizer);
    queueMicrotask(() => { throw new TypeError('of the page'); });
    queueMicrotask(trap(body));
    setTimeout(trap(body));
    const first = await reading;
    await new Promise((resolve) => setTimeout(resolve, 10));
    return { texts: [first, await read(recognizer)], heard };
  }, TRAPS.unreachable.body);
  assert.deepEqual(outcome, { texts: [text, text], heard: ['TypeError', 'RuntimeError', 'RuntimeError'] });
});
