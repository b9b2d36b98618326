// Plays a video file and has its frames read like those of a camera: the newest each time, never two at once.

/**
 * Events: `frame` (detail: what the frame reader made of one), `readerror` (detail: the error), `change` when it plays,
 * pauses or ends.
 */
export class VideoFile extends EventTarget {
  #video;
  #reader;
  #region;
  #url = null;
  #gone = null;

  /** `region` is asked with every frame and gives the part of it to read, or undefined for all of it. */
  constructor(video, reader, region) {
    super();
    this.#video = video;
    this.#reader = reader;
    this.#region = region;
  }

  /** Plays `file`. Rejects when the browser cannot. */
  async open(file) {
    this.close();
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#url = URL.createObjectURL(file);
    const video = this.#video;
    video.srcObject = null;
    video.src = this.#url;
    video.controls = true;
    for (const type of ['play', 'pause', 'ended'])
      video.addEventListener(type, () => this.dispatchEvent(new Event('change')), { signal });
    video.addEventListener('seeking', () => this.#reader.reset(), { signal }); // other frames, other plates
    this.#watch(signal);
    await video.play();
  }

  /** It is on and plays. */
  get playing() {
    return this.#url !== null && !this.#video.paused && !this.#video.ended;
  }

  /** Plays on, or holds. */
  toggle() {
    if (this.playing) this.#video.pause();
    else this.#video.play().catch(() => {}); // it stays paused, and the button says so
  }

  /** Takes the video off. */
  close() {
    if (this.#url === null) return;
    this.#gone.abort();
    this.#video.controls = false;
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(this.#url);
    this.#url = null;
  }

  async #watch(signal) {
    let last = -1;
    while (!signal.aborted) {
      await nextFrame(this.#video);
      const { currentTime, readyState } = this.#video;
      if (signal.aborted || currentTime === last || readyState < HTMLMediaElement.HAVE_CURRENT_DATA) continue;
      last = currentTime;
      await this.#read(currentTime * 1000, signal);
    }
  }

  async #read(timestamp, signal) {
    try {
      const region = this.#region();
      const detail = await this.#reader.push(this.#video, timestamp, region ? { region, signal } : { signal });
      if (!signal.aborted) this.dispatchEvent(new CustomEvent('frame', { detail }));
    } catch (error) {
      if (!signal.aborted) this.dispatchEvent(new CustomEvent('readerror', { detail: error }));
    }
  }
}

/** Resolves with the next frame of the video, or the next repaint where the browser does not tell of frames. */
function nextFrame(video) {
  return new Promise((resolve) => {
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(() => resolve());
    else requestAnimationFrame(() => resolve());
  });
}
