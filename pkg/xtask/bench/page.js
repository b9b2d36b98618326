// Runs in the browser: each function measures one contender on the same picture and returns every run's milliseconds.
import { PlateRecognizer } from './kr-lpr/index.js';

/** How far two runtimes may differ in a log-probability: they add up in another order. */
const TOLERANCE = 1e-3;

/** `kr-lpr` through its public interface; the times are those it reports with each result. */
globalThis.measureKrLpr = async (backend, warmup, runs) => {
  const image = await picture();
  const recognizer = await PlateRecognizer.create({ backend });
  const preprocess = [];
  const network = [];
  for (let run = 0; run < warmup + runs; run++) {
    const { timing } = await recognizer.recognize(image, { mode: 'crop' });
    if (run < warmup) continue;
    preprocess.push(timing.preprocess);
    network.push(timing.recognize);
  }
  recognizer.close();
  return { preprocess, network };
};

/**
 * A frame of `width` x `height` pixels in which the picture, 160 pixels wide, hangs `plates` times, its plates found and read.
 * `seen` is how many plates the last run reported.
 */
globalThis.measureFrame = async ({ width, height, plates }, warmup, runs) => {
  const recognizer = await PlateRecognizer.create({ backend: 'cpu' });
  const image = await frame(width, height, plates);
  const times = { detect: [], read: [], total: [] };
  let seen;
  for (let run = 0; run < warmup + runs; run++) {
    const start = performance.now();
    const { timing, plates: found } = await recognizer.recognize(image);
    const total = performance.now() - start; // with the way to the worker and back
    seen = found.length;
    if (run < warmup) continue;
    times.detect.push(timing.detect);
    times.read.push(timing.preprocess + timing.recognize);
    times.total.push(total);
  }
  recognizer.close();
  return { ...times, seen };
};

/** The same network in onnxruntime-web on one thread with SIMD; the network alone, on the plate that the native bench read. */
globalThis.measureOnnxRuntime = async (warmup, runs) => {
  const ort = await import('./ort/ort.wasm.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = new URL('./ort/', import.meta.url).href;
  const session = await ort.InferenceSession.create('./recognizer.onnx', { executionProviders: ['wasm'] });
  const native = await (await fetch('./native.json')).json();
  const images = new ort.Tensor('float32', Float32Array.from(native.input), [1, 1, 96, 192]); // [batch, luma, height, width]
  const answer = await session.run({ images });
  for (const [name, expected] of [['log_probs', native.log_probs], ['kind_logits', native.kind_logits]]) {
    const { data } = answer[name];
    const same = data.length === expected.length && expected.every((value, i) => Math.abs(value - data[i]) <= TOLERANCE);
    if (!same) throw new Error(`onnxruntime-web and the native build disagree on ${name}: this is not the same network`);
  }
  const network = [];
  for (let run = 0; run < warmup + runs; run++) {
    const start = performance.now();
    await session.run({ images });
    if (run >= warmup) network.push(performance.now() - start);
  }
  return { network };
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
