import type { EngineOptions } from './engine.js';
import { KrLprError } from './errors.js';
import { hasSimd } from './support.js';
import type { CreateOptions } from './types.js';

/** Checks what can be checked before anything is loaded. @internal */
export function checkCreateOptions(options: CreateOptions): EngineOptions {
  const { backend = 'auto', wasm, weights, signal, onProgress = (): void => undefined, warmup = true } = options;
  signal?.throwIfAborted();
  if (backend !== 'auto' && backend !== 'cpu' && backend !== 'webgpu') {
    throw new KrLprError('BAD_INPUT', `backend is ${String(backend)}; it must be 'auto', 'cpu' or 'webgpu'`);
  }
  if (!hasSimd()) {
    throw new KrLprError('UNSUPPORTED', 'there is no WebAssembly with SIMD here, which every major browser has had since 2023');
  }
  return {
    backend,
    warmup,
    onProgress,
    ...(wasm === undefined ? {} : { wasm }),
    ...(weights === undefined ? {} : { weights }),
    ...(signal === undefined ? {} : { signal }),
  };
}
