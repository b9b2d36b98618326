import { abortable } from './abort.js';
import { bytesOf } from './download.js';
import { type Engine, type EngineOptions, type EngineTracker, closed, reasonOf } from './engine.js';
import { KrLprError } from './errors.js';
import { awaitDeath } from './life.js';
import { type PlainOptions, type Reply, type Request, fromPlain, isOurs } from './messages.js';
import type { Progress } from './options.js';
import type { Port } from './port.js';
import type { RawDetectOptions, RawDetection, RawOptions, RawResult, RawTrackOptions } from './raw.js';
import type { RecognizerInfo } from './results.js';
import type { Pixels } from './taken.js';
import { VERSION } from './version.js';
import { sourcesOf } from './weights.js';

/** Longest that a worker may take to say that it is one of ours, in milliseconds, once it is known to run. */
const PATIENCE_MS = 10_000;

/** There is no worker to be had; the message says why. @internal */
export class NoWorkerError extends Error {}

/**
 * Loads the networks in a worker. Ends the worker when that fails, and rejects with {@link NoWorkerError} when the worker
 * itself does not start. `ours`: it runs nothing but this package's script.
 * @internal
 */
export async function openRemote(port: Port, options: EngineOptions, ours: boolean): Promise<Engine> {
  const engine = new RemoteEngine(port, ours);
  try {
    const { signal } = options;
    await abortable(engine.meet(), signal);
    const plain = await plainOptions(options);
    const info = await abortable(engine.open(plain, options.onProgress, signal), signal);
    engine.info = Object.freeze({ ...info, worker: true });
    return engine;
  } catch (error) {
    port.end();
    throw error;
  }
}

/** A call that waits for its answer. */
interface Call {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  onProgress: (progress: Progress) => void;
}

/** The networks in a worker. */
class RemoteEngine implements Engine {
  info!: RecognizerInfo; // told by the worker before anybody sees this object
  onChange: (info: RecognizerInfo) => void = () => undefined;
  readonly #port: Port;
  readonly #ours: boolean;
  readonly #loss = new AbortController();
  readonly #calls = new Map<number, Call>();
  #lastId = 0;
  #lastTracker = 0;
  /** It has said that it is one of ours. */
  #met = false;
  /** What it failed with, as far as that was told. */
  #why = '';
  #onReady: (version: unknown) => void = () => undefined;
  #greet: () => void = () => undefined;

  constructor(port: Port, ours: boolean) {
    this.#port = port;
    this.#ours = ours;
    const events = {
      message: (data: unknown) => isOurs(data) && this.#receive(data as Reply),
      garbled: () => this.#lose(lost('a message of the worker could not be read')),
      // What other code of the caller's worker throws is the caller's to handle; ours tells by messages.
      failed: (why: string) => {
        if (!ours && this.#met) return;
        this.#why = why;
        this.#lose(lost(`the worker failed: ${why || 'no reason given'}`));
      },
      ended: () => this.#lose(lost('the worker was ended')),
    };
    port.listen(events, this.lost);
  }

  get lost(): AbortSignal {
    return this.#loss.signal;
  }

  /** Waits until the worker says that it is one of ours. */
  meet(): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string): void => reject(new NoWorkerError(why));
      const late = (): void => fail(`the worker did not answer within ${PATIENCE_MS / 1000} seconds; its script has to import kr-lpr/worker`);
      // Ours may take any time to load, since a failure is sure to be told.
      const giveUp = this.#ours ? undefined : setTimeout(late, PATIENCE_MS);
      const onLost = (): void => {
        clearTimeout(giveUp);
        const why = this.#why ? ` (${this.#why})` : '';
        fail(`the worker could not be started${why}: its script is missing, broken, or forbidden by a content security policy (worker-src)`);
      };
      this.lost.addEventListener('abort', onLost, { once: true });
      this.#port.wait(true);
      this.#onReady = (version): void => {
        clearTimeout(giveUp);
        this.#port.wait(false);
        this.#met = true;
        this.lost.removeEventListener('abort', onLost);
        awaitDeath(life, () => this.#lose(lost('the worker was ended')), this.lost);
        if (version === VERSION) resolve();
        else fail(`the worker's script is of version ${String(version)}, this one of ${VERSION}; deploy both together`);
      };
      const life = `kr-lpr ${Date.now()} ${Math.random()}`;
      this.#greet = (): void => this.#post({ krLpr: 'hello', life });
      this.#greet();
    });
  }

  open(options: PlainOptions, onProgress: (progress: Progress) => void, signal: AbortSignal | undefined): Promise<RecognizerInfo> {
    return this.#call((id) => ({ krLpr: 'open', id, options }), { signal, onProgress });
  }

  read(pixels: Pixels, options: RawOptions, signal: AbortSignal | undefined): Promise<RawResult> {
    const own = owned(pixels);
    return this.#call((id) => ({ krLpr: 'read', id, pixels: own, options }), { signal, transfer: [own.data.buffer] });
  }

  detect(pixels: Pixels, options: RawDetectOptions, signal: AbortSignal | undefined): Promise<RawDetection> {
    const own = owned(pixels);
    return this.#call((id) => ({ krLpr: 'detect', id, pixels: own, options }), { signal, transfer: [own.data.buffer] });
  }

  tracker(options: RawTrackOptions): EngineTracker {
    this.#lastTracker += 1;
    const tracker = this.#lastTracker;
    const made = this.#call<void>((id) => ({ krLpr: 'track', id, tracker, options }), { signal: undefined });
    made.catch(() => undefined); // its first frame rejects with it
    const tell = (message: Request): void => {
      if (!this.lost.aborted) this.#post(message);
    };
    return {
      push: async (pixels, timestampMs, options, signal) => {
        await made;
        const own = owned(pixels);
        const message = (id: number): Request => ({ krLpr: 'push', id, tracker, pixels: own, timestampMs, options });
        return this.#call(message, { signal, transfer: [own.data.buffer] });
      },
      reset: () => tell({ krLpr: 'retrack', tracker }),
      free: () => tell({ krLpr: 'untrack', tracker }),
    };
  }

  async close(): Promise<void> {
    this.#lose(closed());
  }

  #call<T>(
    message: (id: number) => Request,
    { signal, onProgress = () => undefined, transfer = [] }: CallOptions,
  ): Promise<T> {
    if (this.lost.aborted) return Promise.reject(reasonOf(this.lost));
    this.#lastId += 1;
    const id = this.#lastId;
    const abort = (): void => this.#post({ krLpr: 'abort', id });
    return new Promise<T>((resolve, reject) => {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', abort, { once: true });
      this.#calls.set(id, { resolve: resolve as (value: unknown) => void, reject, onProgress });
      this.#port.wait(true);
      this.#post(message(id), transfer);
    }).finally(() => {
      this.#calls.delete(id);
      if (this.#calls.size === 0) this.#port.wait(false);
      signal?.removeEventListener('abort', abort);
    });
  }

  #post(message: Request, transfer: ArrayBuffer[] = []): void {
    this.#port.post(message, transfer);
  }

  #receive(reply: Reply): void {
    switch (reply.krLpr) {
      case 'here':
        return this.#greet();
      case 'ready':
        this.#greet = (): void => undefined;
        return this.#onReady(reply.version);
      case 'done':
        return this.#calls.get(reply.id)?.resolve(reply.value);
      case 'failed':
        return this.#calls.get(reply.id)?.reject(fromPlain(reply.error));
      case 'progress':
        return this.#calls.get(reply.id)?.onProgress(reply.progress);
      case 'changed':
        this.info = Object.freeze({ ...reply.info, worker: true });
        return this.onChange(this.info);
      case 'lost':
        return this.#lose(fromPlain(reply.error));
    }
  }

  /** Ends the worker, which gives all its memory back, and every call with it. */
  #lose(error: KrLprError): void {
    if (this.lost.aborted) return;
    this.#port.end();
    this.#loss.abort(error);
    for (const call of this.#calls.values()) call.reject(error);
  }
}

interface CallOptions {
  signal: AbortSignal | undefined;
  onProgress?: (progress: Progress) => void;
  transfer?: ArrayBuffer[];
}

function lost(message: string): KrLprError {
  return new KrLprError('BACKEND_LOST', `${message}; create a new recognizer`);
}

/** Pixels that can be given away: those of the caller are copied, and no more of their buffer than they are. */
function owned(pixels: Pixels): Pixels & { data: Uint8Array<ArrayBuffer> } {
  const data = pixels.ours ? (pixels.data as Uint8Array<ArrayBuffer>) : new Uint8Array(pixels.data);
  return { ...pixels, data, ours: true };
}

/** Options in a form that can be sent. */
async function plainOptions(options: EngineOptions): Promise<PlainOptions> {
  const { backend = 'auto', warmup = true, typical, wasm = {}, weights, signal, onProgress } = options;
  const plain = async <T>(source: T | URL | Response, what: string, phase: 'wasm' | 'weights'): Promise<Exclude<T, URL | Response> | Uint8Array | string> => {
    if (source instanceof Response) {
      const report = (loaded: number, total: number | undefined): void =>
        onProgress({ phase, loaded, ...(total === undefined ? {} : { total }) });
      return bytesOf(source, what, report, signal);
    }
    // A worker would resolve it against its own address.
    if (typeof source === 'string' || source instanceof URL) return absolute(source, what);
    return source as Exclude<T, URL | Response>;
  };
  const { recognizer, detector } = sourcesOf(weights);
  const [cpu, webgpu] = await Promise.all([plain(wasm.cpu, 'cpu wasm', 'wasm'), plain(wasm.webgpu, 'webgpu wasm', 'wasm')]);
  return {
    backend,
    warmup,
    typical,
    wasm: { ...(cpu ? { cpu } : {}), ...(webgpu ? { webgpu } : {}) } as PlainOptions['wasm'],
    weights: {
      recognizer: await plain(recognizer, 'recognizer weights', 'weights'),
      detector: await plain(detector, 'detector weights', 'weights'),
    } as PlainOptions['weights'],
  };
}

function absolute(address: string | URL, what: string): string {
  try {
    return new URL(address, globalThis.document?.baseURI ?? globalThis.location?.href).href;
  } catch (cause) {
    throw new KrLprError('BAD_INPUT', `${what}: '${String(address)}' is no address`, { cause });
  }
}
