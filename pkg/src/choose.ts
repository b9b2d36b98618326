import { messageOf, KrLprError } from './errors.js';
import { Session } from './session.js';
import { probeAdapter } from './support.js';
import type { Backend, CreateOptions, Progress } from './types.js';

/** A session that is ready to read, and how it came to be. @internal */
export interface Choice {
  session: Session;
  warmupMs: number;
  fallbackReason?: string;
}

/**
 * A CPU that reads within this many milliseconds stays: mapping a result buffer for reading costs WebGPU about as much
 * however fast the GPU is, so downloading its module, five times the size, could win nothing.
 */
const FAST_ENOUGH_MS = 8;

/** Opens the backend that `options` ask for. @internal */
export async function choose(options: CreateOptions, weights: Uint8Array): Promise<Choice> {
  const { backend = 'auto', signal } = options;
  if (backend === 'cpu') return prepare('cpu', options, weights);
  const probe = await probeAdapter();
  signal?.throwIfAborted();
  if (backend === 'webgpu') {
    if (probe.adapter === 'none') {
      throw new KrLprError('UNSUPPORTED', `${probe.reason}; use the backend 'cpu', or 'auto' to fall back to it`);
    }
    return prepare('webgpu', options, weights);
  }

  const cpu = await prepare('cpu', options, weights);
  const stay = (fallbackReason: string): Choice => ({ ...cpu, fallbackReason });
  if (probe.adapter === 'none') return stay(probe.reason);
  if (probe.adapter === 'software') return stay('the only WebGPU adapter is a software one');
  if (options.warmup === false) return stay('not measured: warmup is off');
  try {
    const cpuMs = await cpu.session.measure();
    signal?.throwIfAborted();
    if (cpuMs <= FAST_ENOUGH_MS) {
      return stay(`the CPU reads a plate in ${cpuMs.toFixed(1)} ms, faster than a GPU can answer`);
    }
    return await race(cpu, cpuMs, options, weights);
  } catch (error) {
    cpu.session.free();
    throw error;
  }
}

/** Opens WebGPU, too, and keeps the faster one. */
async function race(cpu: Choice, cpuMs: number, options: CreateOptions, weights: Uint8Array): Promise<Choice> {
  let gpu: Choice | undefined;
  try {
    gpu = await prepare('webgpu', options, weights);
    const gpuMs = await gpu.session.measure();
    options.signal?.throwIfAborted();
    if (gpuMs < cpuMs) {
      cpu.session.free();
      return gpu;
    }
    gpu.session.free();
    return { ...cpu, fallbackReason: `WebGPU reads a plate in ${gpuMs.toFixed(1)} ms, the CPU in ${cpuMs.toFixed(1)} ms` };
  } catch (error) {
    gpu?.session.free();
    options.signal?.throwIfAborted();
    return { ...cpu, fallbackReason: `WebGPU failed: ${messageOf(error)}` };
  }
}

/** Opens a backend and, unless told otherwise, reads a blank plate on it. */
async function prepare(backend: Backend, options: CreateOptions, weights: Uint8Array): Promise<Choice> {
  const { warmup = true, wasm, signal, onProgress = (): void => undefined } = options;
  const session = await Session.open(backend, wasm?.[backend], weights, onProgress, signal);
  if (!warmup) return { session, warmupMs: 0 };
  const report = (loaded: number): void => onProgress({ phase: 'warmup', loaded, total: 1 } satisfies Progress);
  try {
    report(0);
    const warmupMs = await session.time();
    signal?.throwIfAborted();
    report(1);
    return { session, warmupMs };
  } catch (error) {
    session.free();
    throw error;
  }
}
