/**
 * Opening an engine: in a worker, if it may be and can be.
 * @module
 */
import type { Assets } from './assets.js';
import type { Engine, EngineOptions } from './engine.js';
import { KrLprError } from './errors.js';
import { openLocal } from './local.js';
import type { CreateOptions } from './options.js';
import { portOf } from './port.js';
import { NoWorkerError, openRemote } from './remote.js';

/** A worker of the platform's. @internal */
export type AnyWorker = Exclude<CreateOptions['worker'], undefined | boolean>;

/** Opens an engine in the given worker, or in one that `start` starts, or here on `assets`. @internal */
export async function openEngine(
  assets: Assets,
  worker: boolean | AnyWorker,
  start: () => AnyWorker,
  options: EngineOptions,
): Promise<Engine> {
  if (worker === false) return openLocal(assets, options);
  if (worker !== true) return inGivenWorker(worker, options);
  try {
    return await openRemote(portOf(started(start)), options, true);
  } catch (error) {
    if (!(error instanceof NoWorkerError)) throw error;
    return openLocal(assets, { ...options, workerReason: error.message });
  }
}

/** Workers that were given to a recognizer, which ends them when it closes or fails to open. */
const taken = new WeakSet<object>();

async function inGivenWorker(worker: AnyWorker, options: EngineOptions): Promise<Engine> {
  if (typeof worker?.postMessage !== 'function') {
    throw new KrLprError('BAD_INPUT', 'worker must be true, false or a Worker');
  }
  if (taken.has(worker)) throw new KrLprError('BAD_INPUT', 'this worker serves or served another recognizer; give each its own');
  taken.add(worker);
  try {
    return await openRemote(portOf(worker), options, false);
  } catch (error) {
    if (!(error instanceof NoWorkerError)) throw error;
    throw new KrLprError('LOAD_FAILED', `worker: ${error.message}`, { cause: error });
  }
}

/** Constructors throw where the page's origin or policy forbids workers. */
function started<Some>(start: () => Some): Some {
  try {
    return start();
  } catch (cause) {
    if (cause instanceof NoWorkerError) throw cause;
    const why = cause instanceof DOMException && cause.name === 'SecurityError' ? `. ${OTHER_SITE}` : '';
    throw new NoWorkerError(`the worker could not be started: ${String(cause)}${why}`, { cause });
  }
}

const OTHER_SITE =
  'Where the package comes from another site than the page, such as a CDN, put a script beside the page whose one line imports ' +
  "that site's worker.js (import 'https://…/worker.js'), and give new Worker('./that-script.js', { type: 'module' }) as the option `worker`";
