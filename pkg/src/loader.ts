import { SharedTask, abortable } from './abort.js';
import type { Build, Glue } from './assets.js';
import { bytesOf, download, viewOf } from './download.js';
import { KrLprError, fromWasm, messageOf } from './errors.js';
import { watchDevices } from './gpu-devices.js';
import type { RawModule } from './raw.js';
import type { Backend, Progress, WasmSource } from './types.js';

/** A wasm module that runs. @internal */
export interface Instance {
  module: RawModule;
  /**
   * Aborts when nothing will come of it any more, with a `BACKEND_LOST` as its reason: it trapped, or its GPU was lost.
   * Promises of the module then never settle.
   */
  lost: AbortSignal;
  /** Declares it lost. */
  lose(reason: KrLprError): void;
}

/** The generated code keeps its wasm instance in a module variable, so there is one instance of each build a thread. */
const instances = new Map<Backend, SharedTask<Instance, Progress>>();

/**
 * Starts `build`, or waits for or returns the one already started.
 * @internal
 */
export function loadInstance(
  backend: Backend,
  build: Build,
  source: WasmSource | undefined,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<Instance> {
  let task = instances.get(backend);
  if (!task || task.abandoned) {
    task = new SharedTask((shared, emit) => start(backend, build, source, emit, shared));
    instances.set(backend, task);
  }
  const joined = task;
  return joined.join(signal, onProgress).catch((error: unknown) => {
    // A failure can be tried again; a caller that left does not spoil it for the others.
    if (!signal?.aborted && instances.get(backend) === joined) instances.delete(backend);
    throw error;
  });
}

async function start(
  backend: Backend,
  build: Build,
  source: WasmSource | undefined,
  emit: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Instance> {
  const [glue, compiled] = await Promise.all([
    loadGlue(backend, build),
    Promise.resolve(source ?? build.wasm()).then((from) => compile(from, `${backend} wasm`, emit, signal)),
  ]);
  signal.throwIfAborted();
  let exports: object & { __wasm_call_ctors?(): void };
  try {
    exports = await glue.default({ module_or_path: compiled });
  } catch (cause) {
    throw new KrLprError('LOAD_FAILED', `${backend} wasm: could not be started: ${messageOf(cause)}`, { cause });
  }
  construct(exports);
  const loss = new AbortController();
  const lose = (reason: KrLprError): void => loss.abort(reason);
  glue.onPanic((message) => lose(new KrLprError('BACKEND_LOST', `the ${backend} backend failed inside: ${message}`)));
  const devices =
    backend === 'webgpu' &&
    watchDevices((why) => lose(new KrLprError('BACKEND_LOST', `the GPU was lost, reset or taken by the system: ${why}`)));
  try {
    await abortable(glue.openDevice(), loss.signal);
  } catch (error) {
    throw fromWasm(error);
  } finally {
    if (devices) devices.stop();
  }
  emit({ phase: 'compile', loaded: 1, total: 1 });
  return { module: glue, lost: loss.signal, lose };
}

const constructed = new WeakSet<object>();

/**
 * Runs the static constructors (the GPU build has some), once. The build exports this function because the linker would
 * otherwise make every call from JavaScript run all of them again: half a second a plate.
 */
function construct(exports: object & { __wasm_call_ctors?(): void }): void {
  if (constructed.has(exports)) return;
  constructed.add(exports);
  exports.__wasm_call_ctors?.();
}

async function loadGlue(backend: Backend, build: Build): Promise<Glue> {
  try {
    return await build.glue();
  } catch (cause) {
    throw new KrLprError('LOAD_FAILED', `${backend} wasm: its script could not be loaded: ${messageOf(cause)}`, { cause });
  }
}

async function compile(
  source: WasmSource,
  what: string,
  emit: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const bytes = await read(source as string | URL | Response | BufferSource, what, emit, signal);
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

async function read(
  source: string | URL | Response | BufferSource,
  what: string,
  emit: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (typeof source === 'string' || source instanceof URL || source instanceof Response) {
    const report = (loaded: number, total: number | undefined): void =>
      emit({ phase: 'wasm', loaded, ...(total === undefined ? {} : { total }) });
    return bytesOf(await download(source, what, report, signal), what, signal);
  }
  if (!ArrayBuffer.isView(source) && !(source instanceof ArrayBuffer)) {
    throw new KrLprError('BAD_INPUT', `${what} must be an address, a Response, bytes or a WebAssembly.Module`);
  }
  return viewOf(source);
}
