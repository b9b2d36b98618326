/**
 * A camera that is read frame by frame, without any user interface.
 *
 * ```ts
 * import { PlateRecognizer } from 'kr-lpr';
 * import { PlateCamera } from 'kr-lpr/camera';
 *
 * const recognizer = await PlateRecognizer.create();
 * const camera = new PlateCamera(document.querySelector('video'), recognizer.createTracker());
 * camera.addEventListener('result', ({ detail }) => console.log(detail.result.tracks));
 * camera.addEventListener('statechange', ({ detail }) => console.log(detail.state)); // 'prompt', 'running', 'denied', ...
 * await camera.start();
 * ```
 * @module
 */
import { FrameLoop, checkMaxFps } from './camera-frames.js';
import {
  type CameraFailure,
  constrain,
  failureOf,
  focusContinuously,
  listCameras,
  openStream,
  showStream,
  stopStream,
  torchOf,
  willPrompt,
  zoomOf,
} from './camera-stream.js';
import type {
  CameraEvents,
  CameraInfo,
  CameraOptions,
  CameraState,
  FrameRecognizer,
  FrameResult,
  FrameTracker,
  Torch,
  Zoom,
} from './camera-types.js';
import { KrLprError } from './errors.js';
import { EventBase, type Platform, emit } from './platform.js';
import type { RecognizeResult } from './results.js';

export { KrLprError } from './errors.js';
export type { KrLprErrorCode } from './errors.js';
export type * from './camera-types.js';
export type { PushOptions, RecognizeOptions } from './options.js';
export type { PlateSource, Rect, Size } from './picture.js';
export type { DetailEvent, Listeners, Platform, PlatformClass, TypedEventTarget } from './platform.js';
export type { RecognizeResult } from './results.js';

/**
 * Opens a camera, shows it in a video element, and reads its frames: the newest each time, never two at once, none while
 * the page is hidden. The camera's tracks are stopped whenever it is not running.
 */
export class PlateCamera<Result = RecognizeResult> extends EventBase<CameraEvents<Result>> {
  readonly #video: HTMLVideoElement;
  readonly #read: (timestamp: number, signal: AbortSignal) => Promise<Result>;
  readonly #loop: FrameLoop;
  #options: CameraOptions;
  #state: CameraState = 'idle';
  #error: KrLprError | null = null;
  #stream: MediaStream | undefined;
  #opening: Promise<void> | undefined;
  /** What is underway for this run of the camera; aborted when it ends. */
  #run = new AbortController();
  /** Paused by us, since the page is hidden; not by the caller. */
  #hidden = false;

  /**
   * @param video Where the camera is shown; what iOS needs to be set on it is set.
   * @param reader What reads the frames: a recognizer, or a tracker made by its `createTracker()`. It is not closed with the camera.
   */
  constructor(
    video: Platform<'HTMLVideoElement'>,
    reader: FrameRecognizer<Result> | FrameTracker<Result>,
    options: CameraOptions = {},
  ) {
    super();
    const { read = {} } = options;
    const maxFps = checkMaxFps(options.maxFps);
    this.#video = video;
    this.#options = options;
    this.#read = (timestamp, signal) => {
      const wishes = { ...(typeof read === 'function' ? read(video) : read), signal };
      if ('push' in reader) return reader.push(video, timestamp, wishes);
      // Another frame follows at once.
      return reader.recognize(video, { search: 'quick', ...wishes });
    };
    this.#loop = new FrameLoop(video, maxFps, (timestamp) => this.#frame(timestamp));
  }

  /** The cameras there are; ids and labels are empty until the user has allowed one. Empty where there is no way to ask. */
  static list(): Promise<CameraInfo[]> {
    return listCameras();
  }

  /** Where it is; a `statechange` event tells of each change. */
  get state(): CameraState {
    return this.#state;
  }

  /** Why the state is what it is, when it is a failure; otherwise `null`. */
  get error(): KrLprError | null {
    return this.#error;
  }

  /** The camera in use; `null` when none is open. */
  get camera(): CameraInfo | null {
    const track = this.#track;
    if (!track) return null;
    const { deviceId = '', facingMode } = track.getSettings();
    const facing = facingMode === 'user' || facingMode === 'environment' ? facingMode : null;
    return { id: deviceId, label: track.label, facing };
  }

  /** The camera's lamp. Known while `running`. */
  get torch(): Torch {
    return torchOf(this.#track);
  }

  /** The camera's zoom. Known while `running`. */
  get zoom(): Zoom {
    return zoomOf(this.#track);
  }

  /**
   * Opens the camera, asking the user if need be, and begins to read. Call it from a click: browsers like that better.
   *
   * Rejects with a {@link KrLprError} `CAMERA` when the camera cannot be used (`state` says why), or when it is stopped
   * meanwhile. Does nothing while it runs.
   */
  start(): Promise<void> {
    if (this.#state === 'running') return Promise.resolve();
    this.#watchPage(true);
    const before = this.#opening;
    if (before && !this.#run.signal.aborted) return before;
    this.#run = new AbortController();
    const opening = this.#open(this.#run, before).finally(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    this.#opening = opening;
    return opening;
  }

  /**
   * Turns the camera off, at once. Resolves once nothing is underway any more: a frame that is being read is aborted, and
   * a reader of one's own that does not heed that is waited for. Idempotent.
   */
  async stop(): Promise<void> {
    this.#watchPage(false);
    this.#release();
    this.#video.srcObject = null;
    this.#enter('idle');
    await this.#opening?.catch(() => undefined);
    await this.#loop.idle();
  }

  /** Turns the camera off and leaves its last picture; {@link PlateCamera.resume} goes on. Does nothing unless `running`. */
  pause(): void {
    this.#hidden = false;
    if (this.#state !== 'running') return;
    this.#release();
    this.#enter('paused');
  }

  /** Goes on after {@link PlateCamera.pause}. Rejects like {@link PlateCamera.start}. Does nothing unless `paused`. */
  async resume(): Promise<void> {
    if (this.#state === 'paused') await this.start();
  }

  /**
   * Changes to another camera: `'user'`, `'environment'`, or an id of {@link PlateCamera.list}. Takes effect at once while
   * running, otherwise at the next start. Rejects like {@link PlateCamera.start}.
   */
  async setCamera(idOrFacing: string): Promise<void> {
    const { deviceId: _, ...rest } = this.#options;
    const facing = idOrFacing === 'user' || idOrFacing === 'environment';
    this.#options = facing ? { ...rest, facing: idOrFacing } : { ...rest, deviceId: idOrFacing };
    if (this.#state !== 'running' && !this.#opening) return;
    await this.#restart();
  }

  /** Switches the lamp. Rejects with `UNSUPPORTED` where there is none to switch. */
  async setTorch(on: boolean): Promise<void> {
    const track = this.#track;
    if (!track || !this.torch.supported) throw new KrLprError('UNSUPPORTED', 'this camera has no torch that can be switched');
    await constrain(track, { torch: on });
    // Some Androids leave the lamp on until the camera is closed.
    if (!on && this.torch.on) await this.#restart();
  }

  /** Zooms, within `zoom.min` and `zoom.max`. Rejects with `UNSUPPORTED` where the browser cannot. */
  async setZoom(value: number): Promise<void> {
    const track = this.#track;
    const { supported, min, max } = this.zoom;
    if (!track || !supported) throw new KrLprError('UNSUPPORTED', 'this camera cannot zoom');
    if (!Number.isFinite(value)) throw new KrLprError('BAD_INPUT', `the zoom is ${String(value)}; it must be a number`);
    await constrain(track, { zoom: Math.min(Math.max(value, min), max) });
  }

  /** {@link PlateCamera.stop}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  get #track(): MediaStreamTrack | undefined {
    return this.#stream?.getVideoTracks()[0];
  }

  async #restart(): Promise<void> {
    this.#release();
    this.#enter('starting');
    await this.start();
  }

  /** `before`: an opening that was given up and may hold the camera still. */
  async #open(run: AbortController, before: Promise<void> | undefined): Promise<void> {
    const stillWanted = (): void => {
      if (run.signal.aborted) throw new KrLprError('CAMERA', 'the camera was stopped while it started');
    };
    let stream: MediaStream | undefined;
    try {
      await before?.catch(() => undefined);
      stillWanted();
      if (!globalThis.isSecureContext || !navigator.mediaDevices?.getUserMedia) {
        throw new KrLprError('CAMERA', 'cameras need a page served over HTTPS, or from localhost');
      }
      const prompt = await willPrompt();
      stillWanted();
      this.#enter(prompt ? 'prompt' : 'starting');
      stream = await openStream(this.#options);
      stillWanted();
      this.#enter('starting');
      await showStream(this.#video, stream);
      stillWanted();
    } catch (thrown) {
      if (stream) stopStream(stream);
      if (!run.signal.aborted) this.#fail(globalThis.isSecureContext ? failureOf(thrown) : insecure(thrown));
      throw failureOf(thrown).error;
    }
    this.#stream = stream;
    for (const track of stream.getVideoTracks()) {
      track.addEventListener('ended', () => void this.#ended(run), { signal: run.signal });
      void focusContinuously(track);
    }
    this.#enter('running');
    this.#loop.start();
    this.#pageChanged();
  }

  /** The track ended without us: unplugged, or the permission was taken back. */
  async #ended(run: AbortController): Promise<void> {
    const permission = await navigator.permissions
      ?.query({ name: 'camera' as PermissionName })
      .catch(() => undefined);
    if (run.signal.aborted) return;
    const denied = permission?.state === 'denied';
    const message = denied ? 'the permission to use the camera was taken back' : 'the camera was unplugged or taken away';
    this.#fail({ state: denied ? 'denied' : 'no-camera', error: new KrLprError('CAMERA', message) });
  }

  async #frame(timestamp: number): Promise<void> {
    const { signal } = this.#run;
    try {
      const result = await this.#read(timestamp, signal);
      if (signal.aborted) return;
      const detail: FrameResult<Result> = { result, timestamp };
      emit(this, 'result', detail);
    } catch (error) {
      if (signal.aborted) return;
      emit(this, 'readerror', { error });
      // No later frame would fare better.
      if (error instanceof KrLprError && (error.code === 'BACKEND_LOST' || error.code === 'CLOSED')) {
        this.#fail({ state: 'error', error });
      }
    }
  }

  #fail({ state, error }: CameraFailure): void {
    this.#release();
    this.#enter(state, error);
  }

  /** Ends this run: no more frames, no more calls, the light goes out. */
  #release(): void {
    this.#run.abort();
    this.#loop.stop();
    if (this.#stream) stopStream(this.#stream);
    this.#stream = undefined;
  }

  #enter(state: CameraState, error: KrLprError | null = null): void {
    if (state === this.#state && error === this.#error) return;
    this.#state = state;
    this.#error = error;
    emit(this, 'statechange', { state, error });
  }

  /** Listens to the page, once, or no longer. */
  #watchPage(watch: boolean): void {
    const { pauseWhenHidden = true } = this.#options;
    const change = watch && pauseWhenHidden ? 'addEventListener' : 'removeEventListener';
    document[change]('visibilitychange', this.#pageChanged);
    globalThis[change]('pagehide', this.#pageLeft);
    globalThis[change]('pageshow', this.#pageChanged);
    if (!watch) this.#hidden = false;
  }

  readonly #pageChanged = (): void => {
    const { pauseWhenHidden = true } = this.#options;
    if (!pauseWhenHidden) return;
    if (document.visibilityState === 'hidden') {
      this.#pageLeft();
    } else if (this.#hidden && this.#state === 'paused') {
      this.#hidden = false;
      this.start().catch(() => undefined); // the state tells
    }
  };

  readonly #pageLeft = (): void => {
    if (this.#state !== 'running') return;
    this.pause();
    this.#hidden = true;
  };
}

function insecure(thrown: unknown): CameraFailure {
  return { ...failureOf(thrown), state: 'insecure' };
}
