import { SerialQueue, abortable } from './abort.js';
import { type Engine, closed, reasonOf } from './engine.js';
import { KrLprError } from './errors.js';
import { type Taken, takePixels } from './pixels.js';
import { checkDetectOptions, checkOptions, checkTrackOptions, shifted } from './request.js';
import { toBoxes, toResult } from './result.js';
import { PlateTracker } from './tracker.js';
import type {
  DetectOptions,
  PlateBox,
  PlateSource,
  RecognizeOptions,
  RecognizeResult,
  RecognizerEvents,
  RecognizerInfo,
  Rect,
  TrackOptions,
} from './types.js';

/**
 * What every `PlateRecognizer` can do, whichever entry of the package it comes from.
 *
 * Calls may overlap: they are carried out one after another, in the order they were made.
 */
export class Recognizer {
  readonly #engine: Engine;
  readonly #queue = new SerialQueue();
  readonly #listeners = new Set<(info: Readonly<RecognizerInfo>) => void>();
  #closed: Promise<void> | undefined;

  /** Use `PlateRecognizer.create`. */
  protected constructor(opened: object) {
    const engine = opened as Engine;
    this.#engine = engine;
    engine.onChange = (info): void => this.#listeners.forEach((listener) => listener(info));
  }

  /** What this recognizer runs on. Another object after a `backendchange`. */
  get info(): Readonly<RecognizerInfo> {
    return this.#engine.info;
  }

  /**
   * Calls `listener` on every event of that name; call what is returned to end that.
   *
   * `backendchange`: the GPU was lost, and the CPU has taken over. The calls underway are answered by the CPU;
   * `info.fallbackReason` says what happened.
   */
  on<Name extends keyof RecognizerEvents>(event: Name, listener: (detail: RecognizerEvents[Name]) => void): () => void {
    if (event !== 'backendchange') throw new KrLprError('BAD_INPUT', `there is no event '${String(event)}'`);
    const own = (detail: RecognizerEvents[Name]): void => listener(detail);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /**
   * Reads the plates in a picture.
   *
   * Rejects with a {@link KrLprError}: `BAD_INPUT` when the picture or an option cannot be used (the recognizer goes on
   * working), `UNSUPPORTED` for a scene without weights that find plates, `BACKEND_LOST` (it does not go on working), or
   * `CLOSED`; with the signal's `reason` when aborted.
   */
  async recognize(source: PlateSource, options: RecognizeOptions = {}): Promise<RecognizeResult> {
    const { signal } = options;
    this.#assertOpen();
    signal?.throwIfAborted();
    const { raw, region } = checkOptions(options);
    if (raw.mode === 'scene' && this.info.detectorVersion === null) throw noDetector(`mode 'scene'`);
    return this.#inTurn(source, region, signal, async (taken, capture) => {
      const { x, y, pixels } = taken;
      const inPart = raw.quad ? { ...raw, quad: shifted(raw.quad, -x, -y) } : raw;
      const start = performance.now();
      const result = await this.#engine.read(pixels, inPart, signal);
      return toResult(result, taken, { capture, reading: performance.now() - start });
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
    if (this.info.detectorVersion === null) throw noDetector('`detect`');
    return this.#inTurn(source, region, signal, async (taken) =>
      toBoxes(await this.#engine.detect(taken.pixels, raw, signal), taken),
    );
  }

  /**
   * Follows plates over the frames of one video and says when their texts are certain. Close it when the video ends.
   *
   * Throws a {@link KrLprError}: `BAD_INPUT` for an option that makes no sense, `BACKEND_LOST` or `CLOSED`.
   */
  track(options: TrackOptions = {}): PlateTracker {
    this.#assertOpen();
    const { tracking, reading } = checkTrackOptions(options);
    const reader = {
      recognize: (source: PlateSource, each?: RecognizeOptions) => this.recognize(source, { ...reading, ...each }),
    };
    return new PlateTracker(reader, this.#engine.tracker(tracking));
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

  /** Takes the pixels now, and works on them when earlier calls are done. */
  async #inTurn<T>(
    source: PlateSource,
    region: Rect | undefined,
    signal: AbortSignal | undefined,
    work: (taken: Taken, capture: number) => Promise<T>,
  ): Promise<T> {
    const start = performance.now();
    const pixels = takePixels(source, region).then((taken) => ({ taken, capture: performance.now() - start }));
    pixels.catch(() => undefined); // reported when its turn comes
    const result = this.#queue.run(async () => {
      const { taken, capture } = await pixels;
      this.#assertOpen();
      signal?.throwIfAborted();
      return work(taken, capture);
    });
    const settled = await abortable(result, signal);
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
