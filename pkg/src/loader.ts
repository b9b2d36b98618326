import { SharedTask, abortable } from './abort.js';
import type { Build, Glue } from './assets.js';
import { bytesOf } from './download.js';
import { KrLprError, fromWasm, messageOf } from './errors.js';
import { guardedGlobals, watchDevices } from './faults.js';
import type { Backend, Progress, WasmSource } from './options.js';
import type { RawModule } from './raw.js';

/** A wasm module that runs. @internal */
export interface Instance {
  module: RawModule;
  /**
   * Aborts when nothing will come of it any more, with a `BACKEND_LOST` as its reason: it trapped, or its GPU was lost.
   * Promises of the module then never settle, since nothing that waits in it goes on.
   */
  lost: AbortSignal;
  /** Declares it lost. */
  lose(reason: KrLprError): void;
  /** One user more. */
  hold(): void;
  /** One user less: without any, nothing keeps the module's memory. */
  release(): void;
}

/** One of each build a thread, which all recognizers there share; one that was lost, or that nobody uses, is none of them. */
const instances = new Map<Backend, SharedTask<Instance, Progress>>();

/**
 * Starts `build`, or waits for or returns the one already started. Who gets it has to release it.
 * @internal
 */
export async function loadInstance(
  backend: Backend,
  build: Build,
  source: WasmSource | undefined,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<Instance> {
  let task = instances.get(backend);
  if (!task || task.abandoned) {
    const fresh = new SharedTask<Instance, Progress>((shared, emit) =>
      start(backend, build, source, emit, shared, () => forget(backend, fresh)),
    );
    task = fresh;
    instances.set(backend, task);
  }
  const joined = task;
  try {
    const instance = await joined.join(signal, onProgress);
    instance.hold();
    return instance;
  } catch (error) {
    // A failure can be tried again; a caller that left does not spoil it for the others.
    if (!signal?.aborted) forget(backend, joined);
    throw error;
  }
}

function forget(backend: Backend, task: SharedTask<Instance, Progress>): void {
  if (instances.get(backend) === task) instances.delete(backend);
}

async function start(
  backend: Backend,
  build: Build,
  source: WasmSource | undefined,
  emit: (progress: Progress) => void,
  signal: AbortSignal,
  onUseless: () => void,
): Promise<Instance> {
  const [glue, compiled] = await Promise.all([
    loadGlue(backend, build),
    Promise.resolve(source ?? build.wasm()).then((from) => compile(from, `${backend} wasm`, emit, signal)),
  ]);
  signal.throwIfAborted();
  const loss = new AbortController();
  const lose = (reason: KrLprError): void => {
    onUseless();
    loss.abort(reason);
  };
  const module = glue.instantiate(guardedGlobals(loss.signal, (thrown) => lose(fromWasm(thrown))));
  try {
    const exports = await module.default({ module_or_path: compiled });
    // Static constructors, of which the GPU build has some. The build exports this function because the linker would
    // otherwise make every call from JavaScript run all of them again: half a second a plate.
    exports.__wasm_call_ctors?.();
  } catch (cause) {
    throw new KrLprError('LOAD_FAILED', `${backend} wasm: could not be started: ${messageOf(cause)}`, { cause });
  }
  module.onPanic((message) => lose(new KrLprError('BACKEND_LOST', `the ${backend} backend failed inside: ${message}`)));
  const devices =
    backend === 'webgpu' &&
    watchDevices((why) => lose(new KrLprError('BACKEND_LOST', `the GPU was lost, reset or taken by the system: ${why}`)));
  try {
    await abortable(module.openDevice(), loss.signal);
  } catch (error) {
    throw fromWasm(error);
  } finally {
    if (devices) devices.stop();
  }
  emit({ phase: 'compile', loaded: 1, total: 1 });
  let users = 0;
  const release = (): void => {
    users -= 1;
    // The next one on a GPU would have to build every shader again.
    if (users === 0 && backend === 'cpu') onUseless();
  };
  return { module, lost: loss.signal, lose, hold: () => void (users += 1), release };
}

async function loadGlue(backend: Backend, build: Build): Promise<Glue> {
  try {
    return await build.glue();
  } catch (cause) {
    throw new KrLprError('LOAD_FAILED', `${backend} wasm: its script could not be loaded: ${messageOf(cause)}`, { cause });
  }
}

/** Compiles what `source` gives; `what` names it in errors. @internal */
export async function compile(
  source: WasmSource,
  what: string,
  emit: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const report = (loaded: number, total: number | undefined): void =>
    emit({ phase: 'wasm', loaded, ...(total === undefined ? {} : { total }) });
  const bytes = await bytesOf(source as Exclude<WasmSource, WebAssembly.Module>, what, report, signal);
  if (bytes[0] !== 0x00 || bytes[1] !== 0x61 || bytes[2] !== 0x73 || bytes[3] !== 0x6d) {
    const start = new TextDecoder().decode(bytes.subarray(0, 15)).replace(/\s+/g, ' ');
    throw new KrLprError(
      'LOAD_FAILED',
      `${what}: not a wasm file, it starts with "${start}". If a server answers unknown addresses with its index page, ` +
        `deploy the .wasm files of this package beside its scripts, or give their address in the option \`wasm\``,
    );
  }
  emit({ phase: 'compile', loaded: 0, total: 1 });
  try {
    return await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>);
  } catch (cause) {
    throw new KrLprError('LOAD_FAILED', `${what}: could not be compiled: ${messageOf(cause)}`, { cause });
  }
}
