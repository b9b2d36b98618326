/**
 * The package in Node: the CPU, in a worker thread, with files from the disk. The bytes of JPEG, PNG and WebP files are
 * decoded in another thread; raw pixels of a decoder of your choice are read as well.
 *
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * import { PlateRecognizer } from 'kr-lpr';
 *
 * const recognizer = await PlateRecognizer.create();
 * const { plates } = await recognizer.recognize(await readFile('car.jpg'));
 * ```
 * @module
 */
import { Worker, isMainThread } from 'node:worker_threads';
import { ASSETS } from './node-assets.js';
import { decodeFile } from './node-decode.js';
import { decodeInThread } from './node-decoding.js';
import { openEngine } from './open.js';
import type { CreateOptions } from './options.js';
import { Recognizer } from './recognizer.js';
import { checkCreateOptions } from './request.js';

/** The same class as in browsers; see `index.ts`. */
export class PlateRecognizer extends Recognizer {
  static async create(options: CreateOptions = {}): Promise<PlateRecognizer> {
    const { worker = isMainThread } = options;
    // The thread needs none of the process's own flags, of which `--input-type` would keep it from starting.
    const start = (): Worker => new Worker(new URL('./node-worker.js', import.meta.url), { execArgv: [] });
    const engine = await openEngine(ASSETS, worker, start, checkCreateOptions(options));
    return new PlateRecognizer(engine, engine.info.worker ? decodeInThread : decodeFile);
  }
}

export { KrLprError } from './errors.js';
export { PLATE_KINDS } from './plate-tables.js';
export { PlateTracker } from './tracker.js';
export { VERSION, WEIGHTS_SHA256 } from './version.js';
