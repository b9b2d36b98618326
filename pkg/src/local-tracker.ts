import type { RawOptions, RawTrackOptions, RawTracker, RawUpdate } from './raw.js';
import type { Session } from './session.js';
import type { Pixels } from './taken.js';

/**
 * A tracker in the memory of the session that reads its frames. Where another session takes over, it starts afresh there, and
 * goes on counting its tracks.
 * @internal
 */
export class LocalTracker {
  readonly #options: RawTrackOptions;
  #session: Session | undefined;
  #raw: RawTracker | undefined;
  /** The number of the last track of earlier sessions, and of all. */
  #before = 0;
  #last = 0;

  constructor(options: RawTrackOptions, session: Session) {
    this.#options = options;
    this.#begin(session);
  }

  /** Reads a frame and follows its plates. */
  async push(session: Session, timestampMs: number, pixels: Pixels, reading: RawOptions): Promise<RawUpdate> {
    const raw = (session === this.#session && this.#raw) || this.#begin(session);
    const { tracks, ...rest } = await session.follow(raw, timestampMs, pixels, reading);
    const numbered = tracks.map((track) => ({ ...track, id: this.#before + track.id }));
    this.#last = Math.max(this.#last, ...numbered.map(({ id }) => id));
    return { ...rest, tracks: numbered };
  }

  /** Forgets every plate. */
  reset(): void {
    if (!this.#session?.lost.aborted) this.#raw?.reset();
  }

  /** Gives the memory back. */
  free(): void {
    if (!this.#session?.lost.aborted) this.#raw?.free();
    this.#raw = undefined;
    this.#session = undefined;
  }

  #begin(session: Session): RawTracker {
    this.#session = session;
    this.#before = this.#last;
    return (this.#raw = session.tracker(this.#options));
  }
}
