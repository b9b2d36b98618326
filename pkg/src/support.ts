import { messageOf } from './errors.js';
import type { Support } from './results.js';

/** A WebGPU adapter, as far as it matters which one it is. */
interface Adapter {
  info?: { vendor?: string; architecture?: string; isFallbackAdapter?: boolean };
  isFallbackAdapter?: boolean;
}

/** What looking for WebGPU found. @internal */
export type AdapterProbe =
  | { adapter: 'hardware' | 'software'; reason?: undefined }
  | { adapter: 'none'; reason: string };

/** The smallest module with a SIMD instruction: `i8x16.splat`, `i8x16.popcnt`. */
const SIMD_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11,
]);

/** @internal */
export function hasWasm(): boolean {
  return typeof WebAssembly === 'object' && typeof WebAssembly.compile === 'function';
}

/** @internal */
export function hasSimd(): boolean {
  return hasWasm() && WebAssembly.validate(SIMD_MODULE);
}

/**
 * Looks for a WebGPU adapter. `navigator.gpu` alone proves nothing: it is there without a usable GPU, too.
 * @internal
 */
export async function probeAdapter(): Promise<AdapterProbe> {
  const gpu = (globalThis.navigator as { gpu?: { requestAdapter(): Promise<Adapter | null> } } | undefined)?.gpu;
  if (!gpu) return { adapter: 'none', reason: 'this browser has no WebGPU, or the page is not served over HTTPS' };
  try {
    const adapter = await gpu.requestAdapter();
    if (!adapter) return { adapter: 'none', reason: 'WebGPU found no adapter' };
    return { adapter: isSoftware(adapter) ? 'software' : 'hardware' };
  } catch (error) {
    return { adapter: 'none', reason: `WebGPU found no adapter: ${messageOf(error)}` };
  }
}

/** Looks at what this browser offers. @internal */
export async function support(): Promise<Support> {
  const [wasm, simd, probe] = [hasWasm(), hasSimd(), await probeAdapter()];
  const missing = [
    wasm ? [] : ['this browser has no WebAssembly'],
    simd || !wasm ? [] : ['this browser has no WebAssembly SIMD'],
    probe.reason ?? [],
  ].flat();
  const found = { wasm, simd, webgpu: probe.adapter !== 'none' };
  return missing.length === 0 ? found : { ...found, reason: missing.join('; ') };
}

/** SwiftShader and llvmpipe compute on the CPU, only slower than the CPU backend does. */
function isSoftware(adapter: Adapter): boolean {
  return (
    adapter.info?.isFallbackAdapter === true ||
    adapter.isFallbackAdapter === true ||
    /swiftshader|llvmpipe|lavapipe/i.test(`${adapter.info?.vendor} ${adapter.info?.architecture}`)
  );
}
