import type { EngineTracker } from './engine.js';
import { KrLprError } from './errors.js';
import type { PushOptions } from './options.js';
import type { PlateSource, Rect } from './picture.js';
import { type FileDecoder, isEncoded, takePixels } from './pixels.js';
import type { RawOptions } from './raw.js';
import { checkRegion } from './request.js';
import { toPlate, toTiming, toTrack } from './result.js';
import type { Plate, Track, TrackUpdate } from './results.js';
import { type Taken, className } from './taken.js';

/** A frame that waits for its turn. */
interface Waiting {
  frame: Held;
  timestampMs: number;
  signal: AbortSignal | undefined;
  resolve(result: TrackUpdate): void;
  reject(reason: unknown): void;
  /** Lets go of the frame and of the signal. */
  leave(): void;
}

/**
 * Follows plates over the frames of a video and says when their texts are certain.
 *
 * Frames may come faster than they can be read: one is read at a time, and of those that come meanwhile the newest waits.
 */
export class PlateTracker {
  readonly #engine: EngineTracker;
  readonly #reading: RawOptions;
  readonly #decode: FileDecoder | undefined;
  #tracks: Track[] = [];
  /** The plate of each track as it was seen last. */
  #seen = new Map<number, Plate>();
  #busy = false;
  #waiting: Waiting | undefined;
  /** Counts resets; a frame that was begun before one tells nothing after it. */
  #epoch = 0;
  #closed = false;

  /** @internal */
  constructor(engine: EngineTracker, reading: RawOptions, decode?: FileDecoder) {
    this.#engine = engine;
    this.#reading = reading;
    this.#decode = decode;
  }

  /**
   * Reads a frame and follows its plates. `timestampMs` is milliseconds on any clock, such as `performance.now()`, a video's
   * `currentTime` times 1000 or a `VideoFrame`'s `timestamp` divided by 1000, and must not fall but for a video that begins again.
   *
   * The frame may be closed, or drawn over, as soon as this returns. While an earlier frame is being read this one waits; if a
   * newer one comes before its turn it resolves with `skipped: true`.
   *
   * Rejects as `recognize` does; with `BAD_INPUT` for a timestamp out of order, and when those of eight frames tell that they are
   * seconds (less than 1 ms apart) or microseconds (the same plate on the move in frames more than 10 s apart); with `CLOSED` once
   * closed, and with the signal's `reason` when aborted.
   */
  push(frame: PlateSource, timestampMs: number, options: PushOptions = {}): Promise<TrackUpdate> {
    return new Promise((resolve, reject) => {
      const { signal } = options;
      if (this.#closed) throw closed();
      signal?.throwIfAborted();
      const held = hold(frame, checkRegion(options.region), this.#decode);
      const abort = (): void => {
        if (this.#waiting === waiting) this.#waiting = undefined;
        waiting.leave();
        reject(signal?.reason);
      };
      const leave = (): void => {
        signal?.removeEventListener('abort', abort);
        held.drop();
      };
      const waiting: Waiting = { frame: held, timestampMs, signal, resolve, reject, leave };
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
    this.#engine.reset();
  }

  /** Gives the memory back; frames that are being read or wait reject with `CLOSED`. Idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.leave();
    waiting?.reject(closed());
    this.#engine.free();
  }

  /** {@link PlateTracker.close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** Reads the frames that wait, one after another, until none does. */
  async #read(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
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
    this.#busy = false;
  }

  async #follow({ frame, timestampMs, signal }: Waiting): Promise<TrackUpdate> {
    const epoch = this.#epoch;
    const start = performance.now();
    const taken = await frame.take();
    const capture = performance.now() - start;
    signal?.throwIfAborted();
    const { size } = taken;
    const raw = await this.#engine.push(taken.pixels, timestampMs, this.#reading, signal);
    if (this.#closed) throw closed();
    if (epoch !== this.#epoch) return { tracks: this.#tracks, skipped: true };
    this.#tracks = raw.tracks.flatMap((track) => {
      const reading = track.reading === undefined ? undefined : raw.readings[track.reading];
      const seen = reading ? toPlate(reading, taken) : this.#seen.get(track.id);
      return seen ? toTrack(track, seen, taken) : [];
    });
    this.#seen = new Map(this.#tracks.map(({ id, best }) => [id, best]));
    return { tracks: this.#tracks, skipped: false, timing: toTiming(raw.timing, capture), size: { ...size } };
  }

  #skipWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.leave();
    waiting?.resolve({ tracks: this.#tracks, skipped: true });
  }
}

/** A frame as it was when it was pushed. */
interface Held {
  take(): Promise<Taken>;
  /** Lets go of it; more often than once does no harm. */
  drop(): void;
}

/** Keeps a frame whatever becomes of the original: as another handle, which costs nothing, or else as pixels. */
function hold(source: PlateSource, region: Rect | undefined, decode: FileDecoder | undefined): Held {
  if (isEncoded(source)) return { take: () => takePixels(source, region, decode), drop: () => undefined };
  const frame = className(source) === 'VideoFrame' ? cloned(source as VideoFrame) : undefined;
  if (frame) return { take: () => takePixels(frame, region), drop: () => frame.close() };
  const taken = takePixels(source, region);
  taken.catch(() => undefined); // reported when its turn comes
  return { take: () => taken, drop: () => undefined };
}

/** A closed frame has no clone; taking its pixels says so. */
function cloned(frame: VideoFrame): VideoFrame | undefined {
  try {
    return frame.clone();
  } catch {
    return undefined;
  }
}

function closed(): KrLprError {
  return new KrLprError('CLOSED', 'this tracker was closed; make a new one');
}
