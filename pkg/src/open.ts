import type { Engine, EngineOptions } from './engine.js';
import { KrLprError } from './errors.js';
import { checkCreateOptions } from './open-options.js';
import { NoWorkerError, openRemote } from './remote.js';
import { startWorker } from './start-worker.js';
import type { CreateOptions } from './types.js';

/** Opens an engine in a browser: in a worker, if it may be and can be. @internal */
export async function openInBrowser(options: CreateOptions): Promise<Engine> {
  const checked = checkCreateOptions(options);
  // Code that runs in a worker already has left the page in peace.
  const { worker = typeof document !== 'undefined' } = options;
  if (worker === false) return openHere(checked);
  if (worker !== true) return inGivenWorker(worker, checked);
  try {
    if (typeof Worker !== 'function') throw new NoWorkerError('there are no workers here');
    return await openRemote(start(), checked, true);
  } catch (error) {
    if (!(error instanceof NoWorkerError)) throw error;
    return openHere({ ...checked, workerReason: error.message });
  }
}

/** Workers that were given to a recognizer, which ends them when it closes or fails to open. */
const taken = new WeakSet<Worker>();

async function inGivenWorker(worker: Worker, options: EngineOptions): Promise<Engine> {
  if (typeof worker?.postMessage !== 'function') {
    throw new KrLprError('BAD_INPUT', 'worker must be true, false or a Worker');
  }
  if (taken.has(worker)) throw new KrLprError('BAD_INPUT', 'this worker serves or served another recognizer; give each its own');
  taken.add(worker);
  try {
    return await openRemote(worker, options, false);
  } catch (error) {
    if (!(error instanceof NoWorkerError)) throw error;
    throw new KrLprError('LOAD_FAILED', `worker: ${error.message}`, { cause: error });
  }
}

/** The constructor throws where the page's origin or policy forbids workers. */
function start(): Worker {
  try {
    return startWorker();
  } catch (cause) {
    throw new NoWorkerError(`the worker could not be started: ${String(cause)}`, { cause });
  }
}

async function openHere(options: EngineOptions): Promise<Engine> {
  const here = await import('./here.js').catch((cause: unknown) => {
    throw new KrLprError('LOAD_FAILED', `the script here.js could not be loaded: ${String(cause)}`, { cause });
  });
  return here.openHere(options);
}
