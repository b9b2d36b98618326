import { Queue, macrotask } from './abort.js';
import type { Assets } from './assets.js';
import { type Choice, choose, prepare } from './choose.js';
import { type Engine, type EngineOptions, type EngineTracker, closed, reasonOf } from './engine.js';
import { KrLprError, messageOf } from './errors.js';
import type { RawDetectOptions, RawDetection, RawOptions, RawResult, RawTiming, RawTrackOptions } from './raw.js';
import type { RecognizerInfo } from './results.js';
import type { Session } from './session.js';
import type { Pixels } from './taken.js';
import { LocalTracker } from './local-tracker.js';
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
  readonly #queue = new Queue(1);
  readonly #loss = new AbortController();
  readonly #trackers = new Set<LocalTracker>();
  /** None once closed: whoever keeps this engine does not keep the module's memory. */
  #session: Session | undefined;

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

  tracker(options: RawTrackOptions): EngineTracker {
    const tracker = new LocalTracker(options, this.#opened);
    this.#trackers.add(tracker);
    const free = (): void => {
      this.#trackers.delete(tracker);
      tracker.free();
    };
    return {
      push: (pixels, timestampMs, reading, signal) =>
        this.#run((session) => tracker.push(session, timestampMs, pixels, reading), signal),
      reset: () => void this.#queue.run(async () => tracker.reset()),
      free: () => void this.#queue.run(async () => free()),
    };
  }

  close(): Promise<void> {
    return this.#queue.run(async () => {
      for (const tracker of this.#trackers) tracker.free();
      this.#trackers.clear();
      this.#session?.free();
      this.#session = undefined;
      this.#loss.abort(closed());
    });
  }

  get #opened(): Session {
    if (!this.#session) throw reasonOf(this.lost);
    return this.#session;
  }

  /** Works when earlier calls are done, and tells how long that took. */
  #run<T extends { timing: RawTiming }>(work: (session: Session) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return this.#queue.run(async () => {
      await macrotask();
      signal?.throwIfAborted();
      this.lost.throwIfAborted();
      const start = performance.now();
      const result = await this.#insist(work, signal);
      return { ...result, timing: { ...result.timing, total: performance.now() - start } };
    });
  }

  async #insist<T>(work: (session: Session) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    try {
      return await work(this.#opened);
    } catch (error) {
      if (!this.#opened.lost.aborted) throw error;
      await this.#replace();
      signal?.throwIfAborted();
      return work(this.#opened);
    }
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
    if (!this.#session?.lost.aborted || this.lost.aborted) return;
    const { lost, backend } = this.#session;
    const why = reasonOf(lost);
    try {
      if (backend === 'cpu' || !this.assets.builds.cpu) throw why;
      const { signal: _, ...options } = this.options;
      const choice = await prepare('cpu', this.assets, { ...options, onProgress: () => undefined }, this.weights);
      this.#session.free();
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
      recognizer: { version: versionOf(model, commit), sha256: recognizer.sha256 },
      detector: detectorModel === undefined ? null : { version: detectorModel, sha256: detector?.sha256 ?? null },
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
