// Creating, choosing a backend, overlapping calls, aborting and closing.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { launch, openPage, packageFile, plates } from './browser.mjs';

const [first, second = first] = plates;

test('what a recognizer says of itself', async (t) => {
  const page = await openPage(t, await launch(t));
  const { info, progress, version, sha256 } = await page.evaluate(async () => {
    const progress = [];
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', onProgress: (step) => progress.push(step) });
    return { info: recognizer.info, progress, version: lib.VERSION, sha256: lib.WEIGHTS_SHA256 };
  });
  const { recognizer, detector, warmupMs, ...rest } = info;
  assert.deepEqual(rest, { backend: 'cpu', simd: true, worker: true });
  assert.deepEqual([recognizer.sha256, detector?.sha256 ?? null], [sha256.recognizer, sha256.detector]);
  for (const { version } of [recognizer, detector]) assert.match(version, /^[\w.-]+(\+[\w-]+)?$/);
  assert.ok(warmupMs > 0);
  assert.equal(version, JSON.parse(await packageFile('package.json')).version);

  for (const phase of ['wasm', 'weights', 'compile', 'warmup']) {
    const steps = progress.filter((step) => step.phase === phase);
    assert.ok(steps.length >= 2, `${phase} is reported`);
    assert.ok(steps.every((step, i) => i === 0 || step.loaded >= steps[i - 1].loaded), `${phase} never falls`);
    assert.equal(steps.at(-1).loaded, steps.at(-1).total ?? steps.at(-1).loaded, `${phase} ends whole`);
  }
});

/** `init` makes the page's WebGPU what the case is about; that of a worker is out of its reach, so there is none here. */
const BACKENDS = [
  {
    name: 'auto, without WebGPU',
    init: () => Object.defineProperty(Navigator.prototype, 'gpu', { value: undefined }),
    expect: { backend: 'cpu', fallbackReason: /no WebGPU/ },
    webgpu: false,
  },
  {
    name: 'auto, without an adapter',
    init: () => (GPU.prototype.requestAdapter = async () => null),
    expect: { backend: 'cpu', fallbackReason: /no adapter/ },
    webgpu: false,
  },
  {
    name: 'auto, where asking for an adapter fails',
    init: () => (GPU.prototype.requestAdapter = () => Promise.reject(new TypeError('lost'))),
    expect: { backend: 'cpu', fallbackReason: /no adapter: lost/ },
    webgpu: false,
  },
  { name: 'auto, with a software adapter', expect: { backend: 'cpu', fallbackReason: /software/ }, webgpu: true },
  {
    name: 'auto, with an adapter that seems to be hardware',
    init: () => {
      const { get } = Object.getOwnPropertyDescriptor(GPUAdapter.prototype, 'info');
      const disguise = { vendor: 'acme', architecture: 'one', isFallbackAdapter: false };
      Object.defineProperty(GPUAdapter.prototype, 'info', {
        get() {
          const info = get.call(this);
          return new Proxy(info, { get: (_, key) => disguise[key] ?? info[key] });
        },
      });
    },
    expect: { backend: 'cpu', fallbackReason: /the CPU takes .* less than|WebGPU takes/ },
    webgpu: true,
  },
  {
    name: 'webgpu, without an adapter',
    init: () => (GPU.prototype.requestAdapter = async () => null),
    create: 'webgpu',
    expect: { code: 'UNSUPPORTED', message: /no adapter; use the backend 'cpu'/ },
    webgpu: false,
  },
];

test('the backend in use is the one that info names', async (t) => {
  const browser = await launch(t);
  for (const { name, init, create = 'auto', expect, webgpu } of BACKENDS) {
    await t.test(name, async (t) => {
      const page = await openPage(t, browser, { init });
      const requests = [];
      page.on('request', (request) => requests.push(new URL(request.url()).pathname));
      const outcome = await page.evaluate(async (backend) => {
        const { value, error } = await attempt(lib.PlateRecognizer.create({ backend, worker: false }));
        const { PlateRecognizer } = lib;
        const again = value && (await PlateRecognizer.create({ backend, worker: false })).info.fallbackReason;
        return { ...(value ? value.info : error), again, support: await PlateRecognizer.getSupport(), can: await PlateRecognizer.isSupported() };
      }, create);
      for (const [key, expected] of Object.entries(expect)) {
        if (expected instanceof RegExp) assert.match(outcome[key], expected);
        else assert.equal(outcome[key], expected);
      }
      // With its milliseconds: nothing is measured twice.
      if (outcome.fallbackReason !== undefined) assert.equal(outcome.again, outcome.fallbackReason);
      const { reason, ...support } = outcome.support;
      assert.deepEqual(support, { wasm: true, simd: true, webgpu });
      assert.equal(outcome.can, true);
      assert.equal(typeof reason, webgpu ? 'undefined' : 'string');
      const fetched = requests.includes('/kr-lpr/wasm/webgpu/kr_lpr_webgpu.wasm');
      assert.ok(!fetched || /WebGPU takes/.test(outcome.fallbackReason), 'WebGPU is downloaded only to be measured');
    });
  }
});

test('calls that overlap are answered, each for itself', async (t) => {
  const page = await openPage(t, await launch(t));
  const answers = await page.evaluate(async (files) => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    const answers = [];
    const calls = files.map(async (file) => {
      const blob = await (await fetch(`/golden/${file}`)).blob();
      return { blob };
    });
    const blobs = await Promise.all(calls);
    const sources = [blobs[0].blob, await createImageBitmap(blobs[1].blob), new Blob(['no picture']), blobs[0].blob];
    await Promise.all(
      sources.map(async (source, i) => {
        const { value, error } = await attempt(recognizer.recognize(source, { minConfidence: 0 }));
        answers.push([i, value?.plates[0].text ?? error.code]);
      }),
    );
    return answers;
  }, [first.file, second.file]);
  assert.deepEqual(answers.sort(([a], [b]) => a - b), [[0, first.text], [1, second.text], [2, 'BAD_INPUT'], [3, first.text]]);
});

test('a canvas is read as it was at the call', async (t) => {
  const page = await openPage(t, await launch(t));
  const texts = await page.evaluate(async ([a, b]) => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    const canvas = document.createElement('canvas');
    const show = ({ width, height, data }) => {
      Object.assign(canvas, { width, height });
      canvas.getContext('2d').putImageData(new ImageData(data, width, height), 0, 0);
      return recognizer.recognize(canvas, { minConfidence: 0 });
    };
    const [pictureA, pictureB] = [await image(a), await image(b)];
    const results = await Promise.all([show(pictureA), show(pictureB)]);
    return results.map(({ plates }) => plates[0].text);
  }, [first.file, second.file]);
  assert.deepEqual(texts, [first.text, second.text]);
});

test('options shape the result', async (t) => {
  const page = await openPage(t, await launch(t));
  const { plain, strict, sure } = await page.evaluate(async (file) => {
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    const picture = await image(file);
    return {
      plain: await recognizer.recognize(picture, { nBest: 2 }),
      strict: await recognizer.recognize(picture, { grammar: 'strict', nBest: 8 }),
      sure: await recognizer.recognize(picture, { minConfidence: 1 }),
    };
  }, first.file);
  const [plate] = [...plain.plates, ...plain.rejected];
  assert.equal(plate.candidates[0].text, plate.text);
  assert.ok(plate.candidates.length <= 2);
  assert.equal(plate.valid, true);
  assert.equal(`${plate.parts.region ?? ''}${plate.parts.classCode}${plate.parts.use}${plate.parts.serial}`, plate.text);
  assert.equal(plate.image, undefined);
  assert.equal(plate.chars.length, [...(plate.parts.classCode + plate.parts.use + plate.parts.serial)].length + (plate.parts.region ? 1 : 0));
  for (const { confidence } of [plate, ...plate.chars, ...plate.candidates]) assert.ok(confidence >= 0 && confidence <= 1);
  const { x, y, width, height } = plate.boundingBox;
  for (const { char, cornerPoints } of plate.chars) {
    assert.equal(cornerPoints.length, 4, char);
    for (const point of cornerPoints) {
      assert.ok(point.x >= x && point.x <= x + width && point.y >= y && point.y <= y + height, `${char} is on the plate`);
    }
  }
  const [checked] = [...strict.plates, ...strict.rejected];
  assert.ok(checked.candidates.every(({ text, valid }) => valid || text.includes('?')), 'strict grammar gives only texts that a plate can carry');
  assert.equal(sure.plates.length + sure.rejected.length, 1, 'nothing is dropped');
});

test('aborting rejects with the reason and leaves the rest alone', async (t) => {
  const page = await openPage(t, await launch(t));
  const outcome = await page.evaluate(async (file) => {
    const picture = await image(file);
    const isReason = (promise, reason) => promise.then(() => 'resolved', (error) => error === reason);
    const outcome = {};

    const before = AbortSignal.abort('never mind');
    outcome.createAborted = await isReason(lib.PlateRecognizer.create({ backend: 'cpu', signal: before }), 'never mind');

    const loading = new AbortController();
    const onProgress = ({ phase, loaded }) => phase === 'wasm' && loaded > 0 && loading.abort('too slow');
    outcome.createWhileLoading = await isReason(lib.PlateRecognizer.create({ backend: 'cpu', signal: loading.signal, onProgress }), 'too slow');

    // Two wait for the same module; one leaves.
    const leaving = new AbortController();
    const left = isReason(
      lib.PlateRecognizer.create({ backend: 'cpu', signal: leaving.signal, onProgress: ({ phase }) => phase === 'wasm' && leaving.abort('left') }),
      'left',
    );
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu' });
    outcome.leftOthersAlone = await left;

    outcome.recognizeAborted = await isReason(recognizer.recognize(picture, { signal: before }), 'never mind');
    const queued = new AbortController();
    const calls = [
      recognizer.recognize(picture, { minConfidence: 0 }),
      isReason(recognizer.recognize(picture, { signal: queued.signal }), 'changed my mind'),
      recognizer.recognize(picture, { minConfidence: 0 }),
    ];
    queued.abort('changed my mind');
    const [one, two, three] = await Promise.all(calls);
    outcome.recognizeQueued = two;
    outcome.texts = [one, three].map(({ plates }) => plates[0].text);
    const named = await attempt(recognizer.recognize(picture, { signal: AbortSignal.abort() }));
    outcome.name = named.error.name;
    return outcome;
  }, first.file);
  assert.deepEqual(outcome, {
    createAborted: true,
    createWhileLoading: true,
    leftOthersAlone: true,
    recognizeAborted: true,
    recognizeQueued: true,
    texts: [first.text, first.text],
    name: 'AbortError',
  });
});

test('a closed recognizer stays closed, others go on', async (t) => {
  const page = await openPage(t, await launch(t));
  const outcome = await page.evaluate(async (file) => {
    const picture = await image(file);
    const code = async (promise) => (await attempt(promise)).error?.code;
    const [one, other] = await Promise.all([1, 2].map(() => lib.PlateRecognizer.create({ backend: 'cpu' })));
    const underway = [one.recognize(picture), one.recognize(picture)].map(code);
    one.close();
    one.close();
    const outcome = { underway: await Promise.all(underway), later: await code(one.recognize(picture)), backend: one.info.backend };
    outcome.other = (await other.recognize(picture, { minConfidence: 0 })).plates[0].text;
    await other[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    other[Symbol.dispose]();
    outcome.disposed = await code(other.recognize(picture));
    const again = await lib.PlateRecognizer.create({ backend: 'cpu' });
    outcome.again = (await again.recognize(picture, { minConfidence: 0 })).plates[0].text;
    return outcome;
  }, first.file);
  assert.deepEqual(outcome, {
    underway: ['CLOSED', 'CLOSED'],
    later: 'CLOSED',
    backend: 'cpu',
    other: first.text,
    disposed: 'CLOSED',
    again: first.text,
  });
});

test('reading many large pictures does not pile up memory', async (t) => {
  const page = await openPage(t, await launch(t));
  const [after, later] = await page.evaluate(async () => {
    let memory;
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async (...given) => {
      const instance = await instantiate(...given);
      memory = (instance.instance ?? instance).exports.memory;
      return instance;
    };
    const recognizer = await lib.PlateRecognizer.create({ backend: 'cpu', worker: false });
    const read = async (times) => {
      for (let i = 0; i < times; i += 1) await recognizer.recognize({ data: new Uint8Array(2000 * 1000 * 4).fill(255), width: 2000, height: 1000 });
      return memory.buffer.byteLength;
    };
    return [await read(3), await read(20)];
  });
  assert.equal(later, after, 'the wasm memory stopped growing');
});
