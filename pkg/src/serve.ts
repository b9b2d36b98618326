/**
 * The worker's side of `messages.ts`: one recognizer of another thread is served.
 * @module
 */
import type { Assets } from './assets.js';
import { type Engine, type EngineTracker, reasonOf } from './engine.js';
import { KrLprError, messageOf } from './errors.js';
import { holdLife } from './life.js';
import { openLocal } from './local.js';
import { type PlainOptions, type Reply, type Request, isOurs, toPlain } from './messages.js';
import type { Pixels } from './taken.js';
import { VERSION } from './version.js';

/** Answers what `listen` hears by `post`. @internal */
export function serve(assets: Assets, post: (reply: Reply) => void, listen: (hear: (data: unknown) => void) => void): void {
  const server = new Server(assets, post);
  listen((data) => isOurs(data) && server.receive(data as Request));
  post({ krLpr: 'here' });
}

class Server {
  #engine: Engine | undefined;
  #greeted = false;
  /** The page's trackers by their numbers. */
  readonly #trackers = new Map<number, EngineTracker>();
  /** Calls that have not been answered yet. */
  readonly #underway = new Map<number, AbortController>();

  constructor(
    readonly assets: Assets,
    readonly post: (reply: Reply) => void,
  ) {}

  receive(request: Request): void {
    switch (request.krLpr) {
      case 'hello':
        if (this.#greeted) return;
        this.#greeted = true;
        return void holdLife(String(request.life)).then(() => this.post({ krLpr: 'ready', version: VERSION }));
      case 'abort':
        return this.#underway.get(request.id)?.abort();
      case 'open':
        return this.#answer(request.id, (signal) => this.#open(request.id, request.options, signal));
      case 'read':
        return this.#answer(request.id, (signal) => this.#opened.read(checked(request.pixels), request.options, signal));
      case 'detect':
        return this.#answer(request.id, (signal) => this.#opened.detect(checked(request.pixels), request.options, signal));
      case 'track':
        return this.#answer(request.id, async () => {
          this.#trackers.set(request.tracker, this.#opened.tracker({ ...request.options }));
        });
      case 'push': {
        const { pixels, timestampMs, options } = request;
        return this.#answer(request.id, (signal) => this.#tracker(request.tracker).push(checked(pixels), timestampMs, options, signal));
      }
      case 'retrack':
        return this.#trackers.get(request.tracker)?.reset();
      case 'untrack':
        this.#trackers.get(request.tracker)?.free();
        return void this.#trackers.delete(request.tracker);
      case 'close':
        return this.#answer(request.id, async () => this.#engine?.close());
    }
  }

  async #open(id: number, options: PlainOptions, signal: AbortSignal): Promise<unknown> {
    if (this.#engine) throw new KrLprError('BAD_INPUT', 'this worker serves a recognizer already; give each its own');
    const { recognizer, detector } = options.weights;
    const weights = { ...(recognizer ? { recognizer } : {}), ...(detector === undefined ? {} : { detector }) };
    const onProgress = (progress: Extract<Reply, { krLpr: 'progress' }>['progress']): void =>
      this.post({ krLpr: 'progress', id, progress });
    const engine = await openLocal(this.assets, { ...options, weights, signal, onProgress });
    this.#engine = engine;
    engine.onChange = (info): void => this.post({ krLpr: 'changed', info });
    engine.lost.addEventListener('abort', () => this.#lose(reasonOf(engine.lost)));
    return engine.info;
  }

  get #opened(): Engine {
    if (!this.#engine) throw new KrLprError('BAD_INPUT', 'this worker has not been opened');
    return this.#engine;
  }

  #tracker(number: number): EngineTracker {
    const known = this.#trackers.get(number);
    if (!known) throw new KrLprError('BAD_INPUT', `there is no tracker ${number}`);
    return known;
  }

  /** Carries a call out and tells how it ended. */
  #answer(id: number, work: (signal: AbortSignal) => Promise<unknown>): void {
    const controller = new AbortController();
    this.#underway.set(id, controller);
    Promise.resolve()
      .then(() => work(controller.signal))
      .then((value): Reply => ({ krLpr: 'done', id, value }))
      .catch((error: unknown): Reply => ({ krLpr: 'failed', id, error: toPlain(error) }))
      .then((reply) => {
        this.#underway.delete(id);
        this.post(reply);
      })
      .catch((error: unknown) => this.#lose(new KrLprError('BACKEND_LOST', `an answer could not be sent: ${messageOf(error)}`)));
  }

  #lose(error: KrLprError): void {
    this.post({ krLpr: 'lost', error: toPlain(error) });
  }
}

/** Wasm takes anything for pixels and breaks at what is none. */
function checked(pixels: Pixels): Pixels {
  const { data, width, height, channels } = pixels;
  if (!(data instanceof Uint8Array) || data.length !== width * height * channels) {
    throw new KrLprError('BAD_INPUT', 'a message with pixels that are none');
  }
  return pixels;
}
