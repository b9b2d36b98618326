// Runs in the browser: each function measures one contender on the same picture and returns every run's milliseconds.
import { PlateRecognizer } from './kr-lpr/index.js';

/** How far two runtimes may differ in a log-probability: they add up in another order. */
const TOLERANCE = 1e-3;

/**
 * `kr-lpr` through its public interface; the times are those it reports with each result. The recognizer's network has its
 * normalisation with it.
 */
globalThis.measureKrLpr = async (backend, warmup, runs) => {
  const image = await picture();
  const recognizer = await PlateRecognizer.create({ backend });
  const times = { preprocess: [], recognizer: [], decode: [] };
  for (let run = 0; run < warmup + runs; run++) {
    const { timing } = await recognizer.recognize(image, { mode: 'crop' });
    if (run < warmup) continue;
    times.preprocess.push(timing.preprocess);
    times.recognizer.push(timing.recognize);
    times.decode.push(timing.decode);
  }
  recognizer.close();
  return times;
};

/**
 * A frame of `width` x `height` pixels in which the picture, 160 pixels wide, hangs `plates` times, its plates found by
 * `search` and read. `seen` is how many plates the last run reported.
 */
globalThis.measureFrame = async ({ width, height, plates, search }, warmup, runs) => {
  const recognizer = await PlateRecognizer.create({ backend: 'cpu' });
  const image = await frame(width, height, plates);
  const times = { detect: [], read: [], total: [] };
  let seen;
  for (let run = 0; run < warmup + runs; run++) {
    const start = performance.now();
    const { timing, plates: found } = await recognizer.recognize(image, { search });
    const total = performance.now() - start; // with the way to the worker and back
    seen = found.length;
    if (run < warmup) continue;
    times.detect.push(timing.detect);
    times.read.push(timing.preprocess + timing.recognize + timing.decode);
    times.total.push(total);
  }
  recognizer.close();
  return { ...times, seen };
};

/**
 * A cluttered frame, followed: each frame shows it a little further to the left. `candidates` is how many of them the last frame
 * had, legible or not.
 */
globalThis.measureClutter = async (warmup, runs) => {
  const recognizer = await PlateRecognizer.create({ backend: 'cpu' });
  const tracker = recognizer.createTracker();
  const bitmap = await createImageBitmap(await (await fetch('./clutter.png')).blob());
  const frames = Array.from({ length: 8 }, (_, index) =>
    pixels(bitmap.width, bitmap.height, (context) => context.drawImage(bitmap, -2 * index, 0)),
  );
  const total = [];
  for (let run = 0; run < warmup + runs; run++) {
    const { timing } = await tracker.push(frames[run % frames.length], 40 * run);
    if (run >= warmup) total.push(timing.total);
  }
  const { plates, rejected } = await recognizer.recognize(frames[0], { search: 'quick' });
  recognizer.close();
  return { total, candidates: plates.length + rejected.length };
};

/** The same networks in onnxruntime-web on one thread with SIMD, each alone, on what the native bench read. */
globalThis.measureOnnxRuntime = async (warmup, runs) => {
  const ort = await import('./ort/ort.wasm.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL('./ort/', import.meta.url).href;
  const native = await (await fetch('./native.json')).json();
  const networks = {
    recognizer: { input: native.input, size: [96, 192], expected: { log_probs: native.log_probs, kind_logits: native.kind_logits } },
    detector: { input: native.overview, size: native.overview_size, expected: { maps: native.maps } },
  };
  const times = {};
  for (const [name, { input, size, expected }] of Object.entries(networks)) {
    const session = await ort.InferenceSession.create(`./${name}.onnx`, { executionProviders: ['wasm'] });
    const images = new ort.Tensor('float32', Float32Array.from(input), [1, 1, ...size]); // [batch, luma, height, width]
    const answer = await session.run({ images });
    for (const [output, values] of Object.entries(expected)) {
      const { data } = answer[output];
      const isSame = data.length === values.length && values.every((value, i) => Math.abs(value - data[i]) <= TOLERANCE * Math.max(1, Math.abs(value)));
      if (!isSame) throw new Error(`onnxruntime-web and the native build disagree on ${output}: this is not the same network`);
    }
    times[name] = [];
    for (let run = 0; run < warmup + runs; run++) {
      const start = performance.now();
      await session.run({ images });
      if (run >= warmup) times[name].push(performance.now() - start);
    }
  }
  return times;
};

/** The pixels of `plate.jpg`. */
async function picture() {
  const bitmap = await plate();
  return pixels(bitmap.width, bitmap.height, (context) => context.drawImage(bitmap, 0, 0));
}

/** Plates in rows and columns on a wall that grows darker downwards. */
async function frame(width, height, plates) {
  const bitmap = await plate();
  const [wide, tall] = [160, (160 * bitmap.height) / bitmap.width];
  const columns = Math.ceil(Math.sqrt(plates));
  const rows = Math.ceil(plates / columns);
  return pixels(width, height, (context) => {
    const wall = context.createLinearGradient(0, 0, 0, height);
    wall.addColorStop(0, '#8a8f96');
    wall.addColorStop(1, '#3c4046');
    context.fillStyle = wall;
    context.fillRect(0, 0, width, height);
    for (let i = 0; i < plates; i++) {
      const x = ((i % columns) + 0.5) * (width / columns) - wide / 2;
      const y = (Math.floor(i / columns) + 0.5) * (height / rows) - tall / 2;
      context.drawImage(bitmap, x, y, wide, tall);
    }
  });
}

async function plate() {
  return createImageBitmap(await (await fetch('./plate.jpg')).blob());
}

function pixels(width, height, draw) {
  const context = new OffscreenCanvas(width, height).getContext('2d');
  draw(context);
  return context.getImageData(0, 0, width, height);
}

globalThis.ready = true;
