/**
 * Reads South Korean licence plates in the browser.
 *
 * ```ts
 * import { PlateRecognizer } from 'kr-lpr';
 * const recognizer = await PlateRecognizer.create();
 * const { plates } = await recognizer.recognize(canvas);
 * plates[0]?.text; // '123가4567'
 * ```
 * @module
 */
import type { Assets } from './assets.js';
import { WASM, WEIGHTS } from './files.js';
import { openEngine } from './open.js';
import type { CreateOptions } from './options.js';
import { Recognizer } from './recognizer.js';
import { NoWorkerError } from './remote.js';
import { checkCreateOptions } from './request.js';
import * as cpu from './wasm/cpu/glue.js';

// Service workers have no `import()`: what every thread needs is there from the beginning.
const ASSETS: Assets = {
  builds: {
    cpu: { glue: async () => cpu, wasm: WASM.cpu },
    webgpu: { glue: () => import('./wasm/webgpu/glue.js'), wasm: WASM.webgpu },
  },
  weights: WEIGHTS,
};

/**
 * Reads licence plates. Make one with {@link PlateRecognizer.create}, keep it, and {@link PlateRecognizer.close} it.
 *
 * Calls may overlap: they are carried out one after another.
 */
export class PlateRecognizer extends Recognizer {
  /**
   * Starts a worker, downloads the wasm module and the weights, picks the backend and warms it up.
   *
   * Rejects with a {@link KrLprError}: `UNSUPPORTED`, `LOAD_FAILED`, `INTEGRITY`, or `BAD_INPUT` for an option that makes no
   * sense; with the signal's `reason` when aborted.
   */
  static async create(options: CreateOptions = {}): Promise<PlateRecognizer> {
    // Code that runs in a worker already has left the page in peace.
    const { worker = typeof document !== 'undefined' } = options;
    return new PlateRecognizer(await openEngine(ASSETS, worker, startWorker, checkCreateOptions(options)));
  }
}

/** From the package's own file: bundlers look for exactly these words. */
function startWorker(): Worker {
  if (typeof Worker !== 'function') throw new NoWorkerError('there are no workers here');
  return new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'kr-lpr' });
}

export { KrLprError } from './errors.js';
export { PLATE_KINDS } from './plate-tables.js';
export { PlateTracker } from './tracker.js';
export { VERSION, WEIGHTS_SHA256 } from './version.js';
export type { KrLprErrorCode } from './errors.js';
export type * from './options.js';
export type * from './picture.js';
export type { DetailEvent, Listeners, Platform, PlatformClass, TypedEventTarget, WasmModule } from './platform.js';
export type { Recognizer, RecognizerEvents } from './recognizer.js';
export type * from './results.js';
