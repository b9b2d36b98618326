import { abortable } from './abort.js';
import type { Assets } from './assets.js';
import { type EngineOptions, reasonOf } from './engine.js';
import { KrLprError, fromWasm } from './errors.js';
import { type Instance, loadInstance } from './loader.js';
import type { Backend, TypicalFrame } from './options.js';
import type {
  RawDetectOptions,
  RawDetection,
  RawInfo,
  RawOptions,
  RawRecognizer,
  RawResult,
  RawTrackOptions,
  RawTracker,
  RawUpdate,
} from './raw.js';
import type { Pixels } from './taken.js';
import type { AllWeights } from './weights.js';

/** The networks on one backend. @internal */
export class Session {
  private constructor(
    readonly backend: Backend,
    readonly info: RawInfo,
    readonly raw: RawRecognizer,
    readonly instance: Instance,
  ) {}

  /** Starts the backend and puts the networks on it. */
  static async open(backend: Backend, assets: Assets, options: EngineOptions, weights: AllWeights): Promise<Session> {
    const build = assets.builds[backend];
    if (!build) throw new KrLprError('UNSUPPORTED', `this entry of the package has no backend '${backend}'`);
    const instance = await loadInstance(backend, build, options.wasm?.[backend], options.onProgress, options.signal);
    try {
      instance.lost.throwIfAborted();
      const raw = instance.module.Recognizer.open(weights.recognizer.bytes, weights.detector?.bytes);
      return new Session(backend, raw.info(), raw, instance);
    } catch (error) {
      instance.release();
      throw failure(error, instance);
    }
  }

  /** Aborts when the backend can do nothing any more; the reason is a `BACKEND_LOST`. */
  get lost(): AbortSignal {
    return this.instance.lost;
  }

  /** Reads the plates of a picture. */
  read({ data, width, height, channels }: Pixels, options: RawOptions): Promise<RawResult> {
    return this.#settle(() => this.raw.read(data, width, height, channels, options));
  }

  /** Finds the plates of a picture. */
  detect({ data, width, height, channels }: Pixels, options: RawDetectOptions): Promise<RawDetection> {
    return this.#settle(() => this.raw.detect(data, width, height, channels, options));
  }

  /** A tracker in the memory of this backend, for {@link Session.follow}. */
  tracker(options: RawTrackOptions): RawTracker {
    this.lost.throwIfAborted();
    try {
      return new this.instance.module.Tracker(options);
    } catch (error) {
      throw known(error, this.instance);
    }
  }

  /** Reads a frame and has one of this session's trackers follow its plates. */
  follow(tracker: RawTracker, timestampMs: number, pixels: Pixels, options: RawOptions): Promise<RawUpdate> {
    const { data, width, height, channels } = pixels;
    return this.#settle(() => this.raw.follow(tracker, timestampMs, data, width, height, channels, options));
  }

  /** Milliseconds that a grey frame takes, once, as if it had so many plates. */
  async time({ width, height, plates }: Required<TypicalFrame>): Promise<number> {
    const start = performance.now();
    await this.#settle(() => this.raw.rehearse(width, height, plates));
    return performance.now() - start;
  }

  /** Median milliseconds of five. */
  async measure(frame: Required<TypicalFrame>): Promise<number> {
    const times: number[] = [];
    while (times.length < 5) times.push(await this.time(frame));
    return times.sort((a, b) => a - b)[2] ?? 0;
  }

  /** Gives the networks' memory back, and that of the whole module with the last session on it. */
  free(): void {
    if (!this.lost.aborted) {
      try {
        this.raw.free();
      } catch (error) {
        known(error, this.instance);
      }
    }
    this.instance.release();
  }

  async #settle<T>(work: () => Promise<T>): Promise<T> {
    try {
      this.lost.throwIfAborted();
      return await abortable(work(), this.lost);
    } catch (error) {
      throw failure(error, this.instance);
    }
  }
}

/** The error that callers of a backend see. */
function failure(error: unknown, instance: Instance): KrLprError {
  return instance.lost.aborted ? reasonOf(instance.lost) : known(error, instance);
}

/** What the module threw; a fault inside is the end of the instance, whose memory cannot be trusted any more. */
function known(error: unknown, instance: Instance): KrLprError {
  const typed = fromWasm(error);
  if (typed.code === 'BACKEND_LOST') instance.lose(typed);
  return typed;
}
