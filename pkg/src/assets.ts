import type { RawModule } from './raw.js';
import type { Backend, WasmSource, WeightsSource } from './options.js';

/** The networks that have weights. @internal */
export type Network = 'recognizer' | 'detector';

/** Globals that a module's script uses in place of the thread's own. @internal */
export type GlueGlobals = Pick<typeof globalThis, 'queueMicrotask' | 'FinalizationRegistry'>;

/** What wasm-bindgen generates, as a function of the build's own: each call is to start an instance of its own. @internal */
export interface Glue {
  instantiate(globals: GlueGlobals): Bindings;
}

/** The script of one instance, as far as starting it is concerned. @internal */
export interface Bindings extends RawModule {
  /** Starts it and gives what the module exports. */
  default(options: { module_or_path: WebAssembly.Module }): Promise<WasmExports>;
}

/** What we use of a module's exports ourselves. @internal */
export interface WasmExports {
  __wasm_call_ctors?(): void;
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
