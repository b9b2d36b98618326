/**
 * The package in Node: the CPU, on the calling thread, with files from the disk. Only raw pixels can be read; decoding
 * pictures is left to a library of your choice.
 *
 * ```ts
 * import { PlateRecognizer } from 'kr-lpr';
 * import sharp from 'sharp';
 *
 * const { data, info } = await sharp('car.jpg').removeAlpha().raw().toBuffer({ resolveWithObject: true });
 * const recognizer = await PlateRecognizer.create();
 * await recognizer.recognize({ data, width: info.width, height: info.height, channels: 3 });
 * ```
 * @module
 */
import { readFile } from 'node:fs/promises';
import { WASM, WEIGHTS } from './addresses.js';
import type { Assets } from './assets.js';
import { KrLprError, messageOf } from './errors.js';
import { openLocal } from './local.js';
import { checkCreateOptions } from './open-options.js';
import { Recognizer } from './recognizer.js';
import { support } from './support.js';
import type { CreateOptions, Support } from './types.js';

const ASSETS: Assets = {
  builds: { cpu: { glue: () => import('./wasm/cpu/glue.js'), wasm: () => file(WASM.cpu()) } },
  weights: Object.fromEntries(Object.entries(WEIGHTS).map(([network, address]) => [network, () => file(address())])),
};

/** The same class as in browsers; see `index.ts`. */
export class PlateRecognizer extends Recognizer {
  static async create(options: CreateOptions = {}): Promise<PlateRecognizer> {
    return new PlateRecognizer(await openLocal(ASSETS, checkCreateOptions(options)));
  }

  static isSupported(): Promise<Support> {
    return support();
  }
}

async function file(address: URL): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readFile(address);
  } catch (cause) {
    throw new KrLprError('LOAD_FAILED', `${address.pathname} could not be read: ${messageOf(cause)}`, { cause });
  }
}

export { KrLprError } from './errors.js';
export { PLATE_KINDS } from './plate-tables.js';
export { Recognizer } from './recognizer.js';
export { PlateTracker } from './tracker.js';
export { VERSION, WEIGHTS_SHA256 } from './version.js';
