import { KrLprError, fromWasm } from './errors.js';
import type {
  Plate,
  PlateChar,
  PlateKind,
  PlateSource,
  Quad,
  RecognizeOptions,
  RecognizeResult,
  Track,
  TrackResult,
} from './types.js';

/** What reads a frame: a recognizer. @internal */
export interface FrameReader {
  recognize(source: PlateSource, options?: RecognizeOptions): Promise<RecognizeResult>;
}

/** One plate of one frame, as `src/wasm/track.rs` takes it. @internal */
export interface RawObservation {
  confidence: number;
  chars: PlateChar[];
  /** x, y of the four corners. */
  corners: number[];
  kind: PlateKind;
  kindConfidence: number;
  sharpness: number;
}

/** A track as `src/wasm/track.rs` gives it. @internal */
export interface RawTrack extends Omit<Track, 'cornerPoints' | 'smoothedCornerPoints'> {
  corners: number[];
  smoothed: number[];
}

/** The tracker in wasm, here or in a worker. @internal */
export interface RawTracker {
  push(timestampMs: number, readings: RawObservation[]): RawTracks | Promise<RawTracks>;
  reset(): void;
  free(): void;
}

/** What a {@link RawTracker} says after a frame. @internal */
export interface RawTracks {
  tracks: RawTrack[];
  ignored: number;
  restarted: boolean;
}

interface Waiting {
  frame: PlateSource;
  timestampMs: number;
  signal: AbortSignal | undefined;
  resolve(result: TrackResult): void;
  reject(reason: unknown): void;
  /** Stops listening to the signal. */
  leave(): void;
}

/**
 * Follows plates over the frames of a video and says when their texts are certain.
 *
 * Frames may come faster than they can be read: one is read at a time, and of those that come meanwhile the newest waits.
 */
export class PlateTracker {
  readonly #reader: FrameReader;
  readonly #raw: RawTracker;
  #tracks: Track[] = [];
  #reading = false;
  #waiting: Waiting | undefined;
  /** Counts resets; a frame that was begun before one tells nothing after it. */
  #epoch = 0;
  #closed = false;

  /** @internal */
  constructor(reader: FrameReader, raw: RawTracker) {
    this.#reader = reader;
    this.#raw = raw;
  }

  /**
   * Reads a frame and follows its plates. `timestampMs` is on any clock, such as `performance.now()` or a video's
   * `currentTime` times 1000, and must not fall but for a video that begins again.
   *
   * While an earlier frame is being read this one waits; if a newer one comes before its turn it resolves with
   * `skipped: true`. The pixels are taken when its turn comes.
   *
   * Rejects as `recognize` does; with `BAD_INPUT` for a timestamp out of order, with `CLOSED` once closed, and with the
   * signal's `reason` when aborted.
   */
  push(frame: PlateSource, timestampMs: number, options: { signal?: AbortSignal } = {}): Promise<TrackResult> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (this.#closed) throw closed();
      signal?.throwIfAborted();
      const abort = (): void => {
        if (this.#waiting === waiting) this.#waiting = undefined;
        reject(signal?.reason);
      };
      const leave = (): void => signal?.removeEventListener('abort', abort);
      const waiting: Waiting = { frame, timestampMs, signal, resolve, reject, leave };
      signal?.addEventListener('abort', abort, { once: true });
      this.#skipWaiting();
      this.#waiting = waiting;
      void this.#read();
    });
  }

  /** Forgets every plate. A frame that is being read or waits resolves with `skipped: true`. */
  reset(): void {
    if (this.#closed) throw closed();
    this.#epoch += 1;
    this.#tracks = [];
    this.#skipWaiting();
    this.#raw.reset();
  }

  /** Gives the memory back; frames that are being read or wait reject with `CLOSED`. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.leave();
    waiting?.reject(closed());
    if (!this.#reading) this.#raw.free();
  }

  /** {@link PlateTracker.close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Reads the frames that wait, one after another, until none does. */
  async #read(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    for (let next = this.#waiting; next; next = this.#waiting) {
      this.#waiting = undefined;
      try {
        next.resolve(await this.#follow(next));
      } catch (error) {
        next.reject(this.#closed ? closed() : error);
      } finally {
        next.leave();
      }
    }
    this.#reading = false;
    if (this.#closed) this.#raw.free();
  }

  async #follow({ frame, timestampMs, signal }: Waiting): Promise<TrackResult> {
    const epoch = this.#epoch;
    const { plates, rejected } = await this.#reader.recognize(frame, {
      minConfidence: 0, // the tracker weighs doubtful readings itself
      ...(signal ? { signal } : {}),
    });
    if (this.#closed) throw closed();
    if (epoch !== this.#epoch) return { tracks: this.#tracks, skipped: true };
    let raw: RawTracks;
    try {
      raw = await this.#raw.push(timestampMs, [...plates, ...rejected].map(toObservation));
    } catch (error) {
      throw fromWasm(error);
    }
    if (this.#closed) throw closed();
    if (epoch !== this.#epoch) return { tracks: this.#tracks, skipped: true };
    this.#tracks = raw.tracks.map(toTrack);
    return { tracks: this.#tracks, skipped: false };
  }

  #skipWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.leave();
    waiting?.resolve({ tracks: this.#tracks, skipped: true });
  }
}

function closed(): KrLprError {
  return new KrLprError('CLOSED', 'this tracker was closed; make a new one');
}

function toObservation({ confidence, chars, cornerPoints, kind, kindConfidence, sharpness }: Plate): RawObservation {
  return { confidence, chars, corners: cornerPoints.flatMap(({ x, y }) => [x, y]), kind, kindConfidence, sharpness };
}

function toTrack({ corners, smoothed, ...rest }: RawTrack): Track {
  return { ...rest, cornerPoints: toQuad(corners), smoothedCornerPoints: toQuad(smoothed) };
}

function toQuad([x0 = 0, y0 = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0, x3 = 0, y3 = 0]: number[]): Quad {
  return [
    { x: x0, y: y0 },
    { x: x1, y: y1 },
    { x: x2, y: y2 },
    { x: x3, y: y3 },
  ];
}
