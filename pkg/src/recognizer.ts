import { SerialQueue, abortable } from './abort.js';
import { choose } from './choose.js';
import { KrLprError } from './errors.js';
import { takePixels } from './pixels.js';
import { checkOptions } from './request.js';
import { toResult } from './result.js';
import { Session, assertBackend } from './session.js';
import { hasSimd, support } from './support.js';
import type { CreateOptions, PlateSource, RecognizeOptions, RecognizeResult, RecognizerInfo, Support } from './types.js';
import { loadWeights } from './weights.js';

/**
 * Reads licence plates. Make one with {@link PlateRecognizer.create}, keep it, and {@link PlateRecognizer.close} it.
 *
 * Calls may overlap: they are carried out one after another, in the order they were made.
 */
export class PlateRecognizer {
  /** What this recognizer runs on. */
  readonly info: Readonly<RecognizerInfo>;
  readonly #session: Session;
  readonly #queue = new SerialQueue();
  #closed: Promise<void> | undefined;

  private constructor(session: Session, info: RecognizerInfo) {
    this.#session = session;
    this.info = Object.freeze(info);
  }

  /**
   * Downloads the wasm module and the weights, picks the backend and warms it up.
   *
   * Rejects with a {@link KrLprError}: `UNSUPPORTED`, `LOAD_FAILED`, `INTEGRITY`, or `BAD_INPUT` for an option that makes no
   * sense; with the signal's `reason` when aborted.
   */
  static async create(options: CreateOptions = {}): Promise<PlateRecognizer> {
    const { backend = 'auto', signal, onProgress = (): void => undefined } = options;
    signal?.throwIfAborted();
    assertBackend(backend);
    if (!hasSimd()) {
      throw new KrLprError('UNSUPPORTED', 'this browser has no WebAssembly with SIMD, which every major one has had since 2023');
    }
    const weights = await loadWeights(options.weights, onProgress, signal);
    const { session, warmupMs, fallbackReason } = await choose(options, weights.bytes);
    return new PlateRecognizer(session, {
      backend: session.backend,
      simd: session.info.simd,
      worker: false,
      modelVersion: `${session.info.model}+${shortCommit(session.info.commit)}`,
      weightsSha256: weights.sha256,
      warmupMs,
      ...(fallbackReason === undefined ? {} : { fallbackReason }),
    });
  }

  /** Tells what this browser offers, without downloading anything. Never rejects. */
  static isSupported(): Promise<Support> {
    return support();
  }

  /**
   * Reads the plate in a picture.
   *
   * Rejects with a {@link KrLprError}: `BAD_INPUT` when the picture or an option cannot be used (the recognizer goes on
   * working), `BACKEND_LOST`, or `CLOSED`; with the signal's `reason` when aborted.
   */
  async recognize(source: PlateSource, options: RecognizeOptions = {}): Promise<RecognizeResult> {
    const { signal } = options;
    this.#assertOpen();
    signal?.throwIfAborted();
    const { raw, minConfidence } = checkOptions(options);

    const start = performance.now();
    const taken = takePixels(source).then((pixels) => ({ pixels, capture: performance.now() - start }));
    taken.catch(() => undefined); // reported when its turn comes
    const result = this.#queue.run(async () => {
      const { pixels, capture } = await taken;
      this.#assertOpen();
      signal?.throwIfAborted();
      return toResult(await this.#session.read(pixels, raw), pixels, minConfidence, capture);
    });
    const settled = await abortable(result, signal);
    this.#assertOpen();
    return settled;
  }

  /** Gives the memory back once the call in progress has ended; it and later ones reject with `CLOSED`. Idempotent. */
  close(): void {
    // A backend that was lost cannot give anything back, and whoever closes it does not care.
    this.#closed ??= this.#queue.run(async () => this.#session.free()).catch(() => undefined);
  }

  /** {@link PlateRecognizer.close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** {@link PlateRecognizer.close}, for `await using`: waits until the memory is given back. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close();
    await this.#closed;
  }

  #assertOpen(): void {
    if (this.#closed) throw new KrLprError('CLOSED', 'this recognizer was closed; create a new one');
  }
}

/** Eight digits of a commit's hash tell it apart; what follows the hash stays. */
function shortCommit(commit: string): string {
  return commit.replace(/^([0-9a-f]{8})[0-9a-f]*/, '$1');
}
