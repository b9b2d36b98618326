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
 * A CPU that takes no longer for a frame stays: mapping results for reading costs WebGPU about as much however fast the GPU is,
 * so downloading its module, three times the size, could win nothing.
 */
const FAST_ENOUGH_MS = 8;

/** What `auto` found out on this thread, by what it measured with: nothing is measured twice. */
const measured = new Map<string, { backend: Backend; why: string | undefined }>();

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
  const key = JSON.stringify([options.typical, weights.recognizer.sha256, weights.detector?.sha256]);
  const known = measured.get(key);
  if (known?.backend === 'webgpu') {
    try {
      return await prepared('webgpu');
    } catch {
      signal?.throwIfAborted();
      measured.delete(key);
    }
  }
  const [cpu, probe] = await Promise.all([prepared('cpu'), probeAdapter()]);
  if (probe.adapter === 'none') return stay(cpu, probe.reason);
  if (probe.adapter === 'software') return stay(cpu, 'the only WebGPU adapter is a software one');
  if (options.warmup === false) return stay(cpu, 'not measured: warmup is off');
  if (known?.why !== undefined) return stay(cpu, known.why);
  try {
    const cpuMs = await cpu.session.measure(options.typical);
    signal?.throwIfAborted();
    const choice =
      cpuMs <= FAST_ENOUGH_MS
        ? stay(cpu, `the CPU takes ${cpuMs.toFixed(1)} ms for ${frameOf(options)}, less than a GPU needs to answer`)
        : await race(cpu, cpuMs, options, prepared);
    measured.set(key, { backend: choice.session.backend, why: choice.fallbackReason });
    return choice;
  } catch (error) {
    cpu.session.free();
    throw error;
  }
}

function frameOf({ typical: { width, height, plates } }: EngineOptions): string {
  return `a frame of ${width}x${height} with ${plates} ${plates === 1 ? 'plate' : 'plates'}`;
}

/** Opens WebGPU, too, and keeps the faster one. */
async function race(
  cpu: Choice,
  cpuMs: number,
  options: EngineOptions,
  prepared: (on: Backend) => Promise<Choice>,
): Promise<Choice> {
  const { signal } = options;
  let gpu: Choice | undefined;
  try {
    gpu = await prepared('webgpu');
    const gpuMs = await gpu.session.measure(options.typical);
    signal?.throwIfAborted();
    if (gpuMs < cpuMs) {
      cpu.session.free();
      return gpu;
    }
    gpu.session.free();
    const why = `WebGPU takes ${gpuMs.toFixed(1)} ms for ${frameOf(options)}, the CPU ${cpuMs.toFixed(1)} ms`;
    return { ...cpu, fallbackReason: why };
  } catch (error) {
    gpu?.session.free();
    signal?.throwIfAborted();
    return { ...cpu, fallbackReason: `WebGPU failed: ${messageOf(error)}` };
  }
}

/** Opens a backend and, unless told otherwise, reads a grey frame on it. @internal */
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
    const warmupMs = await session.time(options.typical);
    signal?.throwIfAborted();
    report(1);
    return { session, warmupMs };
  } catch (error) {
    session.free();
    throw error;
  }
}
