// Reads the frames of a camera or a video with the package's tracker, whatever becomes of the recognizer meanwhile.

/** A frame that nobody read. */
const SKIPPED = { tracks: [], skipped: true };

/** What `PlateCamera` and `VideoFile` hand their frames to. */
export class FrameReader {
  #reader;
  #look;
  #tracker = null;
  #owner = null;
  #mode = '';

  /**
   * @param {import('../reader.js').Reader} reader
   * @param {() => string} look what to look for, asked with every frame: `auto`, `scene` or `crop`
   */
  constructor(reader, look) {
    this.#reader = reader;
    this.#look = look;
  }

  /** Reads a frame; resolves to the package's `TrackUpdate`. A frame is skipped while the reader loads. */
  async push(frame, timestamp, options) {
    const tracker = this.#trackerNow();
    if (!tracker) return SKIPPED;
    const owner = this.#owner;
    try {
      const update = await tracker.push(frame, timestamp, options);
      if (update.timing) this.#reader.note(update.timing);
      return update;
    } catch (error) {
      // The backend was switched while the frame was read: the next recognizer reads the next frame.
      if (error.code === 'CLOSED' && owner !== this.#reader.recognizer) return SKIPPED;
      throw error;
    }
  }

  /** Forgets what was seen, as for another video. */
  reset() {
    this.#tracker?.close();
    this.#tracker = null;
  }

  #trackerNow() {
    const { recognizer } = this.#reader;
    const { mode, ...rest } = this.#reader.optionsFor(this.#look());
    if (recognizer !== this.#owner || mode !== this.#mode) this.reset();
    this.#owner = recognizer;
    this.#mode = mode;
    if (recognizer) this.#tracker ??= recognizer.createTracker({ mode, ...rest });
    return this.#tracker;
  }
}
