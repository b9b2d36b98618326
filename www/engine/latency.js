// How long readings take: the last of them, by stage, and how many there are in a second.

/** So many readings are looked back on. */
export const WINDOW = 120;

/** The stages of a reading, in order, as the package names them. */
export const STAGES = ['preprocess', 'detect', 'recognize', 'decode', 'total'];

const RATE_MS = 2000;

/** The value below which the share `p` of `values` lies (nearest rank). */
export function percentile(values, p) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)];
}

/** Collects the timings of one recognizer. */
export class Latency {
  #timings = [];
  #frames = [];

  /** Adds what one reading took. */
  add(timing) {
    this.#timings.push(timing);
    if (this.#timings.length > WINDOW) this.#timings.shift();
  }

  /** Counts a frame of a video read at `now`, milliseconds. */
  frame(now) {
    this.#frames.push(now);
  }

  /** Frames read a second over the last two, or null when none was. */
  fps(now) {
    this.#frames = this.#frames.filter((time) => now - time <= RATE_MS);
    if (this.#frames.length < 2) return null;
    return ((this.#frames.length - 1) * 1000) / Math.max(1, this.#frames.at(-1) - this.#frames[0]);
  }

  /** Starts anew, as for another recognizer. */
  clear() {
    this.#timings = [];
    this.#frames = [];
  }

  /** How many readings there are to look back on. */
  get count() {
    return this.#timings.length;
  }

  /** `{ stage, last, p50, p95 }` for each stage that took any time, in milliseconds. */
  rows() {
    return STAGES.map((stage) => {
      const values = this.#timings.map((timing) => timing[stage]);
      return { stage, last: values.at(-1), p50: percentile(values, 0.5), p95: percentile(values, 0.95) };
    }).filter(({ stage, p95 }) => stage !== 'detect' || p95 > 0);
  }
}
