/**
 * A module worker that reads plates for one recognizer.
 *
 * Importing this module in a worker of your own turns it into one; give that worker as `PlateRecognizer.create({ worker })`.
 * It listens to its own messages only, so yours may travel beside them.
 *
 * ```ts
 * import 'kr-lpr/worker';
 * ```
 * @module
 */
import type { Assets } from './assets.js';
import { WASM, WEIGHTS } from './files.js';
import { serve } from './serve.js';
import * as cpu from './wasm/cpu/glue.js';
import * as webgpu from './wasm/webgpu/glue.js';

// Both scripts are part of the worker, since not every bundler can split its code. The modules are fetched when their backend
// is wanted.
const ASSETS: Assets = {
  builds: {
    cpu: { glue: async () => cpu, wasm: WASM.cpu },
    webgpu: { glue: async () => webgpu, wasm: WASM.webgpu },
  },
  weights: WEIGHTS,
};

/** What this file uses of a worker's global object. */
interface Scope {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
const scope = globalThis as unknown as Scope;

/** Pages import nothing here by accident: only a worker listens. */
if (typeof globalThis.document === 'undefined' && typeof scope.postMessage === 'function') {
  serve(
    ASSETS,
    (reply) => scope.postMessage(reply),
    (hear) => scope.addEventListener('message', ({ data }) => hear(data)),
  );
}
