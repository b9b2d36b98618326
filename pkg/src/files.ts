/**
 * Where the package's files are: beside its scripts. Each address is a literal `new URL`, which is what bundlers look for.
 * `xtask/version.mjs` keeps the weights in step with the folder `weights`.
 * @module
 */
import { KrLprError } from './errors.js';

/** @internal */
export const WASM = {
  cpu: (): URL => beside(() => new URL('./wasm/cpu/kr_lpr_cpu.wasm', import.meta.url)),
  webgpu: (): URL => beside(() => new URL('./wasm/webgpu/kr_lpr_webgpu.wasm', import.meta.url)),
};

/** @internal */
export const WEIGHTS = {
  recognizer: (): URL => beside(() => new URL('./weights/recognizer.bin', import.meta.url)),
  detector: (): URL => beside(() => new URL('./weights/detector.bin', import.meta.url)),
};

/** A script that is no module, such as an IIFE of a bundler, does not know where it comes from. */
function beside(address: () => URL): URL {
  try {
    return address();
  } catch (cause) {
    throw new KrLprError(
      'LOAD_FAILED',
      'this script does not know its own address (`import.meta.url`), since it was not bundled as a module, so it cannot find the ' +
        "package's files. Import `kr-lpr/inline`, which has them in it, or give their addresses in the options `wasm` and `weights`",
      { cause },
    );
  }
}
