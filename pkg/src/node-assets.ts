import type { Assets } from './assets.js';
import { WASM, WEIGHTS } from './files.js';
import { fileBytes } from './node-files.js';
import * as cpu from './wasm/cpu/glue.js';

/** The package's files in Node: on the disk, and those of the CPU alone. @internal */
export const ASSETS: Assets = {
  builds: { cpu: { glue: async () => cpu, wasm: () => fileBytes(WASM.cpu()) } },
  weights: Object.fromEntries(Object.entries(WEIGHTS).map(([network, address]) => [network, () => fileBytes(address())])),
};
