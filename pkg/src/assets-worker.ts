import { WASM, WEIGHTS } from './addresses.js';
import type { Assets } from './assets.js';
import * as cpu from './wasm/cpu/glue.js';
import * as webgpu from './wasm/webgpu/glue.js';

/**
 * The package's files for a worker. The scripts are part of it, since not every bundler can split the code of a worker; the
 * modules are fetched when their backend is wanted.
 * @internal
 */
export const ASSETS: Assets = {
  builds: {
    cpu: { glue: async () => cpu, wasm: WASM.cpu },
    webgpu: { glue: async () => webgpu, wasm: WASM.webgpu },
  },
  weights: WEIGHTS,
};
