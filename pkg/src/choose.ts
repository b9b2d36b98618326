import type { Assets } from './assets.js';
import type { EngineOptions } from './engine.js';
import { KrLprError, messageOf } from './errors.js';
import { Session } from './session.js';
import { probeAdapter } from './support.js';
import type { Backend } from './options.js';
import type { AllWeights } from './weights.js';

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
export async function choose(assets: Assets, options: EngineOptions, weights: AllWeights): Promise<Choice> {
  const { backend = 'auto', signal } = options;
  const prepared = (on: Backend): Promise<Choice> => prepare(on, assets, options, weights);
  if (backend === 'cpu') return prepared('cpu');
  if (backend === 'webgpu') {
    const probe = await probeAdapter();
    signal?.throwIfAborted();
    if (probe.adapter === 'none') {
      throw new KrLprError('UNSUPPORTED', `${probe.reason}; use the backend 'cpu', or 'auto' to fall back to it`);
    }
    return prepared('webgpu');
  }

  const stay = (cpu: Choice, fallbackReason: string): Choice => ({ ...cpu, fallbackReason });
  if (!assets.builds.webgpu) return stay(await prepared('cpu'), 'this entry of the package has the CPU only');
  const [cpu, probe] = await Promise.all([prepared('cpu'), probeAdapter()]);
  if (probe.adapter === 'none') return stay(cpu, probe.reason);
  if (probe.adapter === 'software') return stay(cpu, 'the only WebGPU adapter is a software one');
  if (options.warmup === false) return stay(cpu, 'not measured: warmup is off');
  try {
    const cpuMs = await cpu.session.measure();
    signal?.throwIfAborted();
    if (cpuMs <= FAST_ENOUGH_MS) {
      return stay(cpu, `the CPU reads a plate in ${cpuMs.toFixed(1)} ms, faster than a GPU can answer`);
    }
    return await race(cpu, cpuMs, prepared, signal);
  } catch (error) {
    cpu.session.free();
    throw error;
  }
}

/** Opens WebGPU, too, and keeps the faster one. */
async function race(
  cpu: Choice,
  cpuMs: number,
  prepared: (on: Backend) => Promise<Choice>,
  signal: AbortSignal | undefined,
): Promise<Choice> {
  let gpu: Choice | undefined;
  try {
    gpu = await prepared('webgpu');
    const gpuMs = await gpu.session.measure();
    signal?.throwIfAborted();
    if (gpuMs < cpuMs) {
      cpu.session.free();
      return gpu;
    }
    gpu.session.free();
    return { ...cpu, fallbackReason: `WebGPU reads a plate in ${gpuMs.toFixed(1)} ms, the CPU in ${cpuMs.toFixed(1)} ms` };
  } catch (error) {
    gpu?.session.free();
    signal?.throwIfAborted();
    return { ...cpu, fallbackReason: `WebGPU failed: ${messageOf(error)}` };
  }
}

/** Opens a backend and, unless told otherwise, reads a blank plate on it. @internal */
export async function prepare(
  backend: Backend,
  assets: Assets,
  options: EngineOptions,
  weights: AllWeights,
): Promise<Choice> {
  const { warmup = true, signal, onProgress } = options;
  const session = await Session.open(backend, assets, options, weights);
  if (!warmup) return { session, warmupMs: 0 };
  const report = (loaded: number): void => onProgress({ phase: 'warmup', loaded, total: 1 });
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
