import { WASM, WEIGHTS } from './addresses.js';
import type { Assets } from './assets.js';

/** The package's files for the calling thread: each build's script is fetched when its backend is wanted. @internal */
export const ASSETS: Assets = {
  builds: {
    cpu: { glue: () => import('./wasm/cpu/glue.js'), wasm: WASM.cpu },
    webgpu: { glue: () => import('./wasm/webgpu/glue.js'), wasm: WASM.webgpu },
  },
  weights: WEIGHTS,
};
