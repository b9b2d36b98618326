import { KrLprError } from './errors.js';

/**
 * Calls back for the frames of a video: never twice for one, never while the last call is underway, and no oftener than
 * allowed. A frame that comes too early is passed over, so that the newest is always the next.
 *
 * Timestamps are those of the capture where the browser tells them. Another camera may have another clock.
 * @internal
 */
export class FrameLoop {
  readonly #video: HTMLVideoElement;
  readonly #interval: number;
  readonly #onFrame: (timestamp: number) => Promise<void>;
  #cancel: (() => void) | undefined;
  /** The call that is underway. */
  #call: Promise<void> | undefined;
  /** When the next frame is due, and when the last one came. */
  #due = 0;
  #last = Infinity;

  /** `maxFps`: most calls in a second. */
  constructor(video: HTMLVideoElement, maxFps: number, onFrame: (timestamp: number) => Promise<void>) {
    this.#video = video;
    this.#interval = 1000 / maxFps;
    this.#onFrame = onFrame;
  }

  start(): void {
    if (!this.#cancel) this.#wait();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Resolves once no call is underway. */
  async idle(): Promise<void> {
    await this.#call;
  }

  #wait(): void {
    const video = this.#video;
    if ('requestVideoFrameCallback' in video) {
      const handle = video.requestVideoFrameCallback((now, { captureTime }) => this.#frame(captureTime ?? now));
      this.#cancel = (): void => video.cancelVideoFrameCallback(handle);
      return;
    }
    // Older Firefox: look at every repaint whether the picture has moved on.
    const { currentTime } = video as HTMLVideoElement;
    const look = (now: number): void => {
      if ((video as HTMLVideoElement).currentTime !== currentTime) this.#frame(now);
      else handle = requestAnimationFrame(look);
    };
    let handle = requestAnimationFrame(look);
    this.#cancel = (): void => cancelAnimationFrame(handle);
  }

  #frame(timestamp: number): void {
    this.#wait();
    // The first frame is due at once, and so is the first of a clock that was set back.
    if (timestamp < this.#last) this.#due = timestamp;
    this.#last = timestamp;
    if (this.#call || timestamp < this.#due) return;
    // Counting from when it was due, not from now, keeps the rate asked for when it is no divisor of the camera's. A frame that
    // comes late does not have the next one follow at once.
    this.#due = Math.max(this.#due, timestamp - this.#interval / 2) + this.#interval;
    this.#call = this.#onFrame(timestamp).finally(() => {
      this.#call = undefined;
    });
  }
}

/** Checks the most frames to read in a second. @internal */
export function checkMaxFps(maxFps = 20): number {
  if (maxFps > 0 && maxFps <= 120) return maxFps;
  throw new KrLprError('BAD_INPUT', `maxFps is ${String(maxFps)}; it must be above 0 and at most 120`);
}
