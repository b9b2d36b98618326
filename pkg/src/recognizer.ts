import { Queue, abortable } from './abort.js';
import { type Engine, closed, reasonOf } from './engine.js';
import { KrLprError } from './errors.js';
import type { DetectOptions, RecognizeOptions, TrackOptions } from './options.js';
import type { PlateSource, Rect } from './picture.js';
import { type FileDecoder, isEncoded, takePixels } from './pixels.js';
import { type DetailEvent, EventBase, emit } from './platform.js';
import { checkDetectOptions, checkOptions, checkTrackOptions } from './request.js';
import { toBoxes, toResult, toTaken } from './result.js';
import type { PlateBox, RecognizeResult, RecognizerInfo, Support } from './results.js';
import { support } from './support.js';
import type { Taken } from './taken.js';
import { PlateTracker } from './tracker.js';

/** The events of a {@link PlateRecognizer}, by name. */
export interface RecognizerEvents {
  /**
   * The GPU was lost, and the CPU has taken over. The calls underway are answered by the CPU; `info.fallbackReason` says what
   * happened. The event tells the new `info`.
   */
  backendchange: DetailEvent<Readonly<RecognizerInfo>>;
}

/** Pictures that are decoded at a time: one is read, and the next is got ready. */
const DECODED = 2;

/**
 * What every `PlateRecognizer` can do, whichever entry of the package it comes from.
 *
 * Calls may overlap: they are carried out one after another.
 */
export class Recognizer extends EventBase<RecognizerEvents> {
  readonly #engine: Engine;
  readonly #decode: FileDecoder | undefined;
  readonly #decoding = new Queue(DECODED);
  #closed: Promise<void> | undefined;

  /** Use `PlateRecognizer.create`. */
  protected constructor(opened: object, decode?: unknown) {
    super();
    const engine = opened as Engine;
    this.#engine = engine;
    this.#decode = decode as FileDecoder | undefined;
    engine.onChange = (info): void => emit(this, 'backendchange', info);
  }

  /** Whether plates can be read here, on one backend at least. Downloads nothing; never rejects. */
  static async isSupported(): Promise<boolean> {
    return (await support()).simd;
  }

  /** Tells what is there to read plates with, and what is missing. Downloads nothing; never rejects. */
  static getSupport(): Promise<Support> {
    return support();
  }

  /** What this recognizer runs on. Another object after a `backendchange`. */
  get info(): Readonly<RecognizerInfo> {
    return this.#engine.info;
  }

  /**
   * Reads the plates in a picture.
   *
   * Rejects with a {@link KrLprError}: `BAD_INPUT` when the picture or an option cannot be used (the recognizer goes on
   * working), `UNSUPPORTED` for a scene without weights that find plates and where the browser keeps pixels from pages,
   * `BACKEND_LOST` (it does not go on working), or `CLOSED`; with the signal's `reason` when aborted.
   */
  async recognize(source: PlateSource, options: RecognizeOptions = {}): Promise<RecognizeResult> {
    const { signal } = options;
    this.#assertOpen();
    signal?.throwIfAborted();
    const { raw, region } = checkOptions(options);
    if (raw.mode === 'scene' && this.info.detector === null) throw noDetector(`mode 'scene'`);
    return this.#withPixels(source, region, signal, async (taken, capture) => {
      const inTaken = raw.quad ? { ...raw, quad: toTaken(raw.quad, taken) } : raw;
      return toResult(await this.#engine.read(taken.pixels, inTaken, signal), taken, capture);
    });
  }

  /**
   * Finds the plates in a picture without reading them, the surest first.
   *
   * Rejects like {@link Recognizer.recognize}; with `UNSUPPORTED` without weights that find plates.
   */
  async detect(source: PlateSource, options: DetectOptions = {}): Promise<PlateBox[]> {
    const { signal } = options;
    this.#assertOpen();
    signal?.throwIfAborted();
    const { raw, region } = checkDetectOptions(options);
    if (this.info.detector === null) throw noDetector('`detect`');
    return this.#withPixels(source, region, signal, async (taken) =>
      toBoxes(await this.#engine.detect(taken.pixels, raw, signal), taken),
    );
  }

  /**
   * Makes a tracker, which follows plates over the frames of one video and says when their texts are certain. Close it when
   * the video ends.
   *
   * Throws a {@link KrLprError}: `BAD_INPUT` for an option that makes no sense, `BACKEND_LOST` or `CLOSED`.
   */
  createTracker(options: TrackOptions = {}): PlateTracker {
    this.#assertOpen();
    const { tracking, reading } = checkTrackOptions(options);
    if (reading.mode === 'scene' && this.info.detector === null) throw noDetector(`mode 'scene'`);
    return new PlateTracker(this.#engine.tracker(tracking), reading, this.#decode);
  }

  /**
   * Gives the memory back: in a worker at once, otherwise when the call underway has ended. That one and later ones reject
   * with `CLOSED`. Idempotent.
   */
  close(): void {
    // A backend that was lost cannot give anything back, and whoever closes it does not care.
    this.#closed ??= this.#engine.close().catch(() => undefined);
  }

  /** {@link Recognizer.close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** {@link Recognizer.close}, for `await using`: waits until the memory is given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#closed;
  }

  /** Works on the pixels of a source: on those it has now, or for what has to be decoded, when it is its turn. */
  async #withPixels<T>(
    source: PlateSource,
    region: Rect | undefined,
    signal: AbortSignal | undefined,
    work: (taken: Taken, capture: number) => Promise<T>,
  ): Promise<T> {
    const take = async (): Promise<T> => {
      this.#assertOpen();
      signal?.throwIfAborted();
      const start = performance.now();
      const taken = await takePixels(source, region, this.#decode);
      const capture = performance.now() - start;
      this.#assertOpen();
      signal?.throwIfAborted();
      return work(taken, capture);
    };
    const settled = await abortable(isEncoded(source) ? this.#decoding.run(take) : take(), signal);
    this.#assertOpen();
    return settled;
  }

  #assertOpen(): void {
    if (this.#closed) throw closed();
    if (this.#engine.lost.aborted) throw reasonOf(this.#engine.lost);
  }
}

function noDetector(what: string): KrLprError {
  return new KrLprError(
    'UNSUPPORTED',
    `${what} needs weights that find plates, and there are none loaded; give a crop, or the plate's corners in \`quad\``,
  );
}
