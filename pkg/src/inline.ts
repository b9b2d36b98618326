/**
 * The package in one script: the CPU's wasm and the weights are part of it, nothing is fetched, and there is no worker.
 *
 * For places where files beside the script cannot be found: development servers that bundle dependencies before serving
 * them, browser extensions, pages opened from a disk. It is a third larger to download than the files are, and is in no
 * cache but the script's.
 *
 * ```ts
 * import { PlateRecognizer } from 'kr-lpr/inline';
 * ```
 * @module
 */
import type { Assets } from './assets.js';
import { openLocal } from './local.js';
import type { CreateOptions } from './options.js';
import { Recognizer } from './recognizer.js';
import { checkCreateOptions } from './request.js';
import * as cpu from './wasm/cpu/glue.js';
import { WASM, WEIGHTS } from './wasm/inline-files.js';

const ASSETS: Assets = {
  builds: { cpu: { glue: async () => cpu, wasm: () => unpack(WASM) } },
  weights: Object.fromEntries(Object.entries(WEIGHTS).map(([network, packed]) => [network, () => unpack(packed)])),
};

/** The same class as elsewhere; see `index.ts`. */
export class PlateRecognizer extends Recognizer {
  static async create(options: CreateOptions = {}): Promise<PlateRecognizer> {
    return new PlateRecognizer(await openLocal(ASSETS, checkCreateOptions(options)));
  }
}

/** The bytes of a file that was compressed with gzip and written in base 64. */
async function unpack(packed: string): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const unzipped = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(unzipped).arrayBuffer());
}

export { KrLprError } from './errors.js';
export { PLATE_KINDS } from './plate-tables.js';
export { PlateTracker } from './tracker.js';
export { VERSION, WEIGHTS_SHA256 } from './version.js';
