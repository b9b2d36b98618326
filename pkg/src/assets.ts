import type { RawModule } from './raw.js';
import type { Backend, WasmSource, WeightsSource } from './types.js';

/** The networks that have weights. @internal */
export type Network = 'recognizer' | 'detector';

/** What wasm-bindgen generates, as far as starting it is concerned. @internal */
export interface Glue extends RawModule {
  default(options: { module_or_path: WebAssembly.Module }): Promise<object & { __wasm_call_ctors?(): void }>;
}

/** A build of the library: its generated script and its module. @internal */
export interface Build {
  glue(): Promise<Glue>;
  wasm(): WasmSource | Promise<WasmSource>;
}

/**
 * Where an entry of the package gets the package's own files from: beside the scripts, from a disk, or from the script
 * itself.
 * @internal
 */
export interface Assets {
  builds: Partial<Record<Backend, Build>>;
  /** Absent where the package has none. */
  weights: Partial<Record<Network, () => WeightsSource | Promise<WeightsSource>>>;
}
