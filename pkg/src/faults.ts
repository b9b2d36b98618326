/**
 * Noticing what fails inside wasm, or under it, and would be told to nobody.
 * @module
 */
import type { GlueGlobals } from './assets.js';

/**
 * Globals for a wasm module's script with which nothing that fails inside is missed.
 *
 * Rust's futures go on in microtasks. What is thrown there, by a trap for example, would reach nobody but the page's `error`
 * event, among the page's own errors, and the promise that waits for the future would never settle. Once `lost` has aborted
 * nothing of the module runs any more, since its memory cannot be trusted.
 * @internal
 */
export function guardedGlobals(lost: AbortSignal, onFault: (thrown: unknown) => void): GlueGlobals {
  const guarded =
    <Given extends unknown[]>(work: (...given: Given) => void) =>
    (...given: Given): void => {
      if (lost.aborted) return;
      try {
        work(...given);
      } catch (thrown) {
        onFault(thrown);
      }
    };
  return {
    queueMicrotask: (job) => queueMicrotask(guarded(job)),
    FinalizationRegistry: class<Held> extends FinalizationRegistry<Held> {
      constructor(free: (held: Held) => void) {
        super(guarded(free));
      }
    },
  };
}

/** A WebGPU device and adapter, as far as losing them is concerned. */
interface Device {
  lost: Promise<{ reason: string; message: string }>;
}
interface Adapter {
  requestDevice(...wishes: unknown[]): Promise<Device>;
}

/**
 * Tells of the loss of every WebGPU device opened until `stop`: the wasm module opens its own inside and, when it is lost,
 * waits for it forever.
 * @internal
 */
export function watchDevices(onLost: (reason: string) => void): { stop(): void } {
  const prototype = (globalThis as { GPUAdapter?: { prototype: Adapter } }).GPUAdapter?.prototype;
  if (!prototype) return { stop: () => undefined };
  const own = Object.getOwnPropertyDescriptor(prototype, 'requestDevice');
  const { requestDevice } = prototype;
  const watching = async function (this: Adapter, ...wishes: unknown[]): Promise<Device> {
    const device = await requestDevice.apply(this, wishes);
    void device.lost.then(({ reason, message }) => onLost(message || reason));
    return device;
  };
  prototype.requestDevice = watching;
  return {
    stop(): void {
      if (prototype.requestDevice === watching && own) Object.defineProperty(prototype, 'requestDevice', own);
    },
  };
}
