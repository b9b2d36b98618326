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
