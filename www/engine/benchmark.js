// Measures both backends on the visitor's machine, one after the other, on one sample.

import { percentile } from './latency.js';
import { importPackage } from '../reader.js';
import { WEBGPU } from './webgpu.js';

/** At most so many readings are measured on each backend, after one that is not counted. */
export const READINGS = 40;

/** A slow backend, such as a GPU that the processor imitates, is measured for so long and at least so often. */
const PATIENCE_MS = 10_000;
const LEAST = 3;

export const BACKENDS = WEBGPU === 'ready' ? ['cpu', 'webgpu'] : ['cpu'];

/**
 * Measures one backend.
 *
 * @param {'cpu' | 'webgpu'} backend
 * @param {ImageBitmap} picture
 * @param {(done: number) => void} onReading told how many readings are done
 * @param {AbortSignal} signal
 * @returns {Promise<object>} milliseconds `ready`, `first`, `p50`, `p95`, readings a second `rate`, `bytes` received and the
 *   `text` that was read
 */
async function measure(backend, picture, onReading, signal) {
  const { PlateRecognizer } = await importPackage();
  const received = { wasm: 0, weights: 0 };
  const onProgress = ({ phase, loaded }) => {
    if (phase in received) received[phase] = loaded;
  };
  const start = performance.now();
  const recognizer = await PlateRecognizer.create({ backend, onProgress, signal });
  const ready = performance.now() - start;
  try {
    const times = [];
    let text = '';
    for (let done = 0; done <= READINGS; done += 1) {
      if (done > LEAST && performance.now() - start - ready > PATIENCE_MS) break;
      const began = performance.now();
      const { plates, rejected } = await recognizer.recognize(picture, { signal });
      times.push(performance.now() - began);
      text = (plates[0] ?? rejected[0])?.text ?? '';
      onReading(done);
      // Lets the page draw between two readings where there is no worker.
      await new Promise((resolve) => setTimeout(resolve));
    }
    const [first, ...rest] = times;
    const p50 = percentile(rest, 0.5);
    const bytes = received.wasm + received.weights;
    return { backend, ready, first, p50, p95: percentile(rest, 0.95), rate: 1000 / p50, bytes, text };
  } finally {
    recognizer.close();
  }
}

/** Measures every backend; one that cannot run gives `{ backend, error }`. Rejects only when aborted. */
export async function benchmark(blob, { onStart, onReading, onRow, signal }) {
  const picture = await createImageBitmap(blob);
  for (const backend of BACKENDS) {
    onStart(backend);
    try {
      onRow(await measure(backend, picture, (done) => onReading(backend, done), signal));
    } catch (error) {
      signal.throwIfAborted();
      onRow({ backend, error });
    }
  }
  picture.close();
}
