/**
 * The package in Node: the CPU, in a worker thread, with files from the disk. Only raw pixels can be read; decoding
 * pictures is left to a library of your choice.
 *
 * ```ts
 * import { PlateRecognizer } from 'kr-lpr';
 * import sharp from 'sharp';
 *
 * const { data, info } = await sharp('car.jpg').rotate().removeAlpha().raw().toBuffer({ resolveWithObject: true });
 * const recognizer = await PlateRecognizer.create();
 * await recognizer.recognize({ data, width: info.width, height: info.height, channels: 3 });
 * ```
 * @module
 */
import { Worker, isMainThread } from 'node:worker_threads';
import { ASSETS } from './node-assets.js';
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
    return new PlateRecognizer(await openEngine(ASSETS, worker, start, checkCreateOptions(options)));
  }
}

export { KrLprError } from './errors.js';
export { PLATE_KINDS } from './plate-tables.js';
export { PlateTracker } from './tracker.js';
export { VERSION, WEIGHTS_SHA256 } from './version.js';
