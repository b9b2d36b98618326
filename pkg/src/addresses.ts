/**
 * Where the package's files are: beside its scripts. Each address is a literal `new URL`, which is what bundlers look for.
 * `xtask/version.mjs` keeps the weights in step with the folder `weights`.
 * @module
 */

/** @internal */
export const WASM = {
  cpu: (): URL => new URL('./wasm/cpu/kr_lpr_bg.wasm', import.meta.url),
  webgpu: (): URL => new URL('./wasm/webgpu/kr_lpr_bg.wasm', import.meta.url),
};

/** @internal */
export const WEIGHTS = {
  recognizer: (): URL => new URL('./weights/recognizer.bin', import.meta.url),
  detector: (): URL => new URL('./weights/detector.bin', import.meta.url),
};
