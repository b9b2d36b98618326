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
  const bitmap = await createImageBitmap(await (await fetch('./plate.jpg')).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

globalThis.ready = true;
