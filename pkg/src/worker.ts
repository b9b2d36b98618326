/**
 * The worker's side of `messages.ts`: a module worker that reads plates for one recognizer.
 *
 * Importing this module in a worker of your own turns it into one; give that worker as `PlateRecognizer.create({ worker })`.
 * It listens to its own messages only, so yours may travel beside them.
 *
 * ```ts
 * import 'kr-lpr/worker';
 * ```
 * @module
 */
import { ASSETS } from './assets-worker.js';
import { type Engine, reasonOf } from './engine.js';
import { KrLprError, messageOf } from './errors.js';
import { holdLife } from './life.js';
import { openLocal } from './local.js';
import type { Pixels } from './pixels.js';
import type { RawTracker } from './raw.js';
import { type PlainOptions, type Reply, type Request, isOurs, toPlain } from './messages.js';
import { VERSION } from './version.js';

/** What this file uses of a worker's global object. */
interface Scope {
  postMessage(message: Reply): void;
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}
const scope = globalThis as unknown as Scope;

let engine: Engine | undefined;

/** The page's trackers by their numbers. */
const trackers = new Map<number, RawTracker>();

/** Calls that have not been answered yet. */
const underway = new Map<number, AbortController>();

/** Pages import nothing here by accident: only a worker listens. */
if (typeof globalThis.document === 'undefined' && typeof scope.postMessage === 'function') {
  scope.addEventListener('message', ({ data }) => {
    if (isOurs(data)) receive(data as Request);
  });
}

function receive(request: Request): void {
  switch (request.krLpr) {
    case 'hello':
      return void holdLife(String(request.life)).then(() => scope.postMessage({ krLpr: 'ready', version: VERSION }));
    case 'abort':
      return underway.get(request.id)?.abort();
    case 'open':
      return answer(request.id, (signal) => open(request.id, request.options, signal));
    case 'read':
      return answer(request.id, (signal) => opened().read(checked(request.pixels), request.options, signal));
    case 'detect':
      return answer(request.id, (signal) => opened().detect(checked(request.pixels), request.options, signal));
    case 'track':
      return answer(request.id, async () => void trackers.set(request.tracker, opened().tracker({ ...request.options })));
    case 'observe':
      return answer(request.id, async () => tracker(request.tracker).push(request.timestampMs, request.readings));
    case 'retrack':
      return trackers.get(request.tracker)?.reset();
    case 'untrack':
      trackers.get(request.tracker)?.free();
      return void trackers.delete(request.tracker);
    case 'close':
      return answer(request.id, async () => engine?.close());
  }
}

async function open(id: number, options: PlainOptions, signal: AbortSignal): Promise<unknown> {
  if (engine) throw new KrLprError('BAD_INPUT', 'this worker serves a recognizer already; give each its own');
  const onProgress = (progress: Extract<Reply, { krLpr: 'progress' }>['progress']): void =>
    scope.postMessage({ krLpr: 'progress', id, progress });
  const { recognizer, detector } = options.weights;
  const weights = { ...(recognizer ? { recognizer } : {}), ...(detector === undefined ? {} : { detector }) };
  engine = await openLocal(ASSETS, { ...options, weights, signal, onProgress });
  engine.onChange = (info): void => scope.postMessage({ krLpr: 'changed', info });
  const { lost } = engine;
  lost.addEventListener('abort', () => lose(reasonOf(lost)));
  return engine.info;
}

function opened(): Engine {
  if (!engine) throw new KrLprError('BAD_INPUT', 'this worker has not been opened');
  return engine;
}

/** Wasm takes anything for pixels and breaks at what is none. */
function checked(pixels: Pixels): Pixels {
  const { data, width, height, channels } = pixels;
  if (!(data instanceof Uint8Array) || data.length !== width * height * channels) {
    throw new KrLprError('BAD_INPUT', 'a message with pixels that are none');
  }
  return pixels;
}

function tracker(number: number): RawTracker {
  const known = trackers.get(number);
  if (!known) throw new KrLprError('BAD_INPUT', `there is no tracker ${number}`);
  return known;
}

/** Carries a call out and tells how it ended. */
function answer(id: number, work: (signal: AbortSignal) => Promise<unknown>): void {
  const controller = new AbortController();
  underway.set(id, controller);
  Promise.resolve()
    .then(() => work(controller.signal))
    .then((value): Reply => ({ krLpr: 'done', id, value }))
    .catch((error: unknown): Reply => ({ krLpr: 'failed', id, error: toPlain(error) }))
    .then((reply) => {
      underway.delete(id);
      scope.postMessage(reply);
    })
    .catch((error: unknown) => lose(new KrLprError('BACKEND_LOST', `an answer could not be sent: ${messageOf(error)}`)));
}

function lose(error: KrLprError): void {
  scope.postMessage({ krLpr: 'lost', error: toPlain(error) });
}
