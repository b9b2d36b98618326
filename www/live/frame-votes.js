// Stands in for the package's tracker where it has none: a text counts as confirmed once three frames read it.

const CONFIRM_AFTER = 3;
const LOST_AFTER_MS = 1500;

/** Has the part of the package's `PlateTracker` that the page uses; plates are told apart by their text alone. */
export class FrameVotes {
  #recognizer;
  #options;
  #seen = new Map();
  #nextId = 1;
  #busy = false;

  constructor(recognizer, options) {
    this.#recognizer = recognizer;
    this.#options = options;
  }

  async push(frame, timestamp, { region, signal } = {}) {
    if (this.#busy) return { tracks: [], skipped: true };
    this.#busy = true;
    try {
      const { plates, timing, size } = await this.#recognizer.recognize(frame, {
        ...this.#options,
        ...(region ? { region } : {}),
        signal,
      });
      for (const plate of plates) this.#vote(plate, timestamp);
      return { tracks: this.#tracks(timestamp), skipped: false, timing, size };
    } finally {
      this.#busy = false;
    }
  }

  close() {
    this.#seen.clear();
  }

  #vote(best, timestamp) {
    const known = this.#seen.get(best.text);
    const votes = (known?.votes ?? 0) + 1;
    const state = votes >= CONFIRM_AFTER ? 'confirmed' : 'tentative';
    const id = known?.id ?? this.#nextId++;
    const firstSeen = known?.firstSeen ?? timestamp;
    this.#seen.set(best.text, { id, state, best, votes, agreeing: votes, firstSeen, lastSeen: timestamp });
  }

  #tracks(timestamp) {
    for (const [text, { lastSeen }] of this.#seen) if (timestamp - lastSeen > LOST_AFTER_MS) this.#seen.delete(text);
    return [...this.#seen.values()].filter(({ lastSeen }) => lastSeen === timestamp);
  }
}
