import { SerialQueue } from './abort.js';
import type { Assets } from './assets.js';
import { type Choice, choose, prepare } from './choose.js';
import { type Engine, type EngineOptions, closed, reasonOf } from './engine.js';
import { KrLprError, messageOf } from './errors.js';
import type { Pixels } from './pixels.js';
import type { RawDetectOptions, RawDetection, RawOptions, RawResult, RawTrackOptions, RawTracker } from './raw.js';
import type { Session } from './session.js';
import type { RecognizerInfo } from './types.js';
import { type AllWeights, loadWeights } from './weights.js';

/** Loads the networks onto this thread. @internal */
export async function openLocal(assets: Assets, options: EngineOptions): Promise<Engine> {
  const weights = await loadWeights(options.weights, assets, options.onProgress, options.signal);
  const choice = await choose(assets, options, weights);
  return new LocalEngine(assets, options, weights, choice);
}

/** The networks on this thread. A GPU that is lost is replaced by the CPU, and what it was at is done again. */
class LocalEngine implements Engine {
  info: RecognizerInfo;
  onChange: (info: RecognizerInfo) => void = () => undefined;
  readonly #queue = new SerialQueue();
  readonly #loss = new AbortController();
  #session: Session;

  constructor(
    readonly assets: Assets,
    readonly options: EngineOptions,
    readonly weights: AllWeights,
    choice: Choice,
  ) {
    this.#session = choice.session;
    this.info = this.#describe(choice);
    this.#watch(choice.session);
  }

  get lost(): AbortSignal {
    return this.#loss.signal;
  }

  read(pixels: Pixels, options: RawOptions, signal: AbortSignal | undefined): Promise<RawResult> {
    return this.#run((session) => session.read(pixels, options), signal);
  }

  detect(pixels: Pixels, options: RawDetectOptions, signal: AbortSignal | undefined): Promise<RawDetection> {
    return this.#run((session) => session.detect(pixels, options), signal);
  }

  tracker(options: RawTrackOptions): RawTracker {
    return this.#session.tracker(options);
  }

  close(): Promise<void> {
    return this.#queue.run(async () => {
      this.#session.free();
      this.#loss.abort(closed());
    });
  }

  #run<T>(work: (session: Session) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return this.#queue.run(async () => {
      signal?.throwIfAborted();
      this.lost.throwIfAborted();
      try {
        return await work(this.#session);
      } catch (error) {
        if (!this.#session.lost.aborted) throw error;
        await this.#replace();
        signal?.throwIfAborted();
        return work(this.#session);
      }
    });
  }

  /** Notices a loss between two calls, too. */
  #watch(session: Session): void {
    const onLost = (): void => {
      const replaced = this.#queue.run(() => this.#replace());
      replaced.catch(() => undefined); // calls reject with it
    };
    // The session's signal is that of the thread's instance, which outlives this engine and would keep it.
    session.lost.addEventListener('abort', onLost, { once: true, signal: this.lost });
  }

  /** Puts the CPU in the place of a GPU that was lost; when it is the CPU that failed, this engine is at its end. */
  async #replace(): Promise<void> {
    const { lost, backend } = this.#session;
    if (!lost.aborted || this.lost.aborted) return;
    const why = reasonOf(lost);
    try {
      if (backend === 'cpu' || !this.assets.builds.cpu) throw why;
      const { signal: _, ...options } = this.options;
      const choice = await prepare('cpu', this.assets, { ...options, onProgress: () => undefined }, this.weights);
      this.#session = choice.session;
      this.#watch(choice.session);
      this.info = this.#describe({ ...choice, fallbackReason: why.message });
      this.onChange(this.info);
    } catch (cause) {
      const error =
        cause === why
          ? why
          : new KrLprError('BACKEND_LOST', `${why.message}; and the CPU could not take over: ${messageOf(cause)}`, { cause });
      this.#loss.abort(error);
      throw error;
    }
  }

  #describe({ session, warmupMs, fallbackReason }: Choice): RecognizerInfo {
    const { recognizer, detector } = this.weights;
    const { model, commit, simd, detector: detectorModel } = session.info;
    return Object.freeze({
      backend: session.backend,
      simd,
      worker: false,
      modelVersion: versionOf(model, commit),
      weightsSha256: recognizer.sha256,
      detectorVersion: detectorModel ?? null,
      detectorSha256: detector?.sha256 ?? null,
      warmupMs,
      ...(this.options.workerReason === undefined ? {} : { workerReason: this.options.workerReason }),
      ...(fallbackReason === undefined ? {} : { fallbackReason }),
    });
  }
}

/** Eight digits of a commit's hash tell it apart; what follows the hash stays. */
function versionOf(model: string, commit: string): string {
  return `${model}+${commit.replace(/^([0-9a-f]{8})[0-9a-f]*/, '$1')}`;
}
