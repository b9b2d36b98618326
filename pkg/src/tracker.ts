import { KrLprError } from './errors.js';
import { parsePlate } from './plate.js';
import type { RawObservation, RawTrack, RawTracker } from './raw.js';
import { boundingBox, toQuad } from './result.js';
import type { Plate, PlateParts, PlateSource, RecognizeOptions, RecognizeResult, Rect, Track, TrackUpdate } from './types.js';

/** What reads a frame: a recognizer. @internal */
export interface FrameReader {
  recognize(source: PlateSource, options?: RecognizeOptions): Promise<RecognizeResult>;
}

/** Options of {@link PlateTracker.push}. */
export interface PushOptions {
  /** Reads this part of the frame only, in pixels of the source. */
  region?: Rect;
  /** Gives up; the promise rejects with the signal's `reason`. */
  signal?: AbortSignal;
}

interface Waiting {
  frame: PlateSource;
  timestampMs: number;
  region: Rect | undefined;
  signal: AbortSignal | undefined;
  resolve(result: TrackUpdate): void;
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
  /** The plate of each track as it was seen last. */
  #seen = new Map<number, Plate>();
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
  push(frame: PlateSource, timestampMs: number, options: PushOptions = {}): Promise<TrackUpdate> {
    const { region, signal } = options;
    return new Promise((resolve, reject) => {
      if (this.#closed) throw closed();
      signal?.throwIfAborted();
      const abort = (): void => {
        if (this.#waiting === waiting) this.#waiting = undefined;
        reject(signal?.reason);
      };
      const leave = (): void => signal?.removeEventListener('abort', abort);
      const waiting: Waiting = { frame, timestampMs, region, signal, resolve, reject, leave };
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
    this.#seen.clear();
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

  async #follow({ frame, timestampMs, region, signal }: Waiting): Promise<TrackUpdate> {
    const epoch = this.#epoch;
    const { plates, rejected, timing, size } = await this.#reader.recognize(frame, {
      minConfidence: 0, // the tracker weighs doubtful readings itself
      ...(region ? { region } : {}),
      ...(signal ? { signal } : {}),
    });
    const readings = [...plates, ...rejected];
    if (this.#closed) throw closed();
    if (epoch !== this.#epoch) return { tracks: this.#tracks, skipped: true };
    const raw = await this.#raw.push(timestampMs, readings.map(toObservation));
    if (this.#closed) throw closed();
    if (epoch !== this.#epoch) return { tracks: this.#tracks, skipped: true };
    this.#tracks = raw.tracks.flatMap((track) => this.#toTrack(track, readings) ?? []);
    this.#seen = new Map(this.#tracks.map(({ id, best }) => [id, best]));
    return { tracks: this.#tracks, skipped: false, timing, size };
  }

  /** What the frames say of a track, put into the plate that was seen last. */
  #toTrack(raw: RawTrack, readings: Plate[]): Track | undefined {
    const { corners, smoothed, text, confidence, valid, chars, kind, ...rest } = raw;
    const cornerPoints = toQuad(corners);
    const [at] = cornerPoints;
    // The tracker holds corners in single precision.
    const isHere = ({ cornerPoints: [{ x, y }] }: Plate): boolean => Math.abs(x - at.x) < 0.1 && Math.abs(y - at.y) < 0.1;
    const seen = readings.find(isHere) ?? this.#seen.get(raw.id);
    if (!seen) return undefined;
    const others = seen.candidates.filter((candidate) => candidate.text !== text);
    const best: Plate = {
      ...seen,
      text,
      confidence,
      valid,
      chars,
      kind: kind ?? seen.kind,
      parts: text === seen.text ? seen.parts : partsOf(text),
      candidates: [{ text, confidence, valid }, ...others],
      boundingBox: boundingBox(cornerPoints),
      cornerPoints,
    };
    return { ...rest, best, smoothedCornerPoints: toQuad(smoothed) };
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

function partsOf(text: string): PlateParts {
  const parsed = parsePlate(text);
  if (!parsed) return {};
  const { region, classCode, use, serial } = parsed;
  return { ...(region ? { region } : {}), ...(classCode ? { classCode } : {}), use, serial };
}
