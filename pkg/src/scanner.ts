/**
 * From a camera, a stream or a playing video to plates, in one line.
 *
 * ```ts
 * import { PlateScanner } from 'kr-lpr/scanner';
 *
 * await using scanner = await PlateScanner.start(document.querySelector('video'), (plate) => console.log(plate.text));
 * ```
 * @module
 */
import { FrameLoop, checkMaxFps } from './camera-frames.js';
import { showStream } from './camera-stream.js';
import type { CameraChange, CameraOptions } from './camera-types.js';
import { PlateCamera } from './camera.js';
import { KrLprError } from './errors.js';
import { PlateRecognizer } from './index.js';
import type { CreateOptions, PushOptions, TrackOptions } from './options.js';
import { type DetailEvent, EventBase, type Platform, emit } from './platform.js';
import type { Recognizer } from './recognizer.js';
import type { Plate, Track, TrackUpdate } from './results.js';
import type { PlateTracker } from './tracker.js';

export { KrLprError } from './errors.js';
export type { KrLprErrorCode } from './errors.js';
export type * from './camera-types.js';
export type * from './options.js';
export type * from './picture.js';
export type { DetailEvent, Listeners, Platform, PlatformClass, TypedEventTarget, WasmModule } from './platform.js';
export type { PlateCamera } from './camera.js';
export type { Recognizer, RecognizerEvents } from './recognizer.js';
export type * from './results.js';
export type { PlateTracker } from './tracker.js';

/** Options of {@link PlateScanner.start}. */
export interface ScannerOptions {
  /**
   * What reads: how to create it, or one that there is, which is not closed with the scanner.
   * @defaultValue a recognizer with the options of its own
   */
  recognizer?: Recognizer | CreateOptions;
  /** How frames are read, and how sure a text must be. */
  track?: TrackOptions;
  /** Which camera to open, and how many frames to read in a second. Of a stream or a video of yours only `maxFps` counts. */
  camera?: Omit<CameraOptions, 'read'>;
  /** Reads this part of each frame only, in pixels: the same for all, or made for each frame. */
  region?: PushOptions['region'] | ((video: Platform<'HTMLVideoElement'>) => PushOptions['region']);
  /** Gives up starting; the promise rejects with the signal's `reason`. */
  signal?: Platform<'AbortSignal'>;
}

/** A plate whose text is certain. */
export interface ScannedPlate {
  /** What the frames say together. */
  plate: Plate;
  /** The track it is of. */
  track: Track;
}

/** The events of a {@link PlateScanner}, by name. */
export interface ScannerEvents {
  /** A text was confirmed; once a track, and again should the votes turn to another text. */
  plate: DetailEvent<ScannedPlate>;
  /** A frame was read: every plate that is followed, certain or not. */
  update: DetailEvent<TrackUpdate>;
  /** The camera's state has changed; never for a stream or a video of yours. */
  statechange: DetailEvent<CameraChange>;
  /** A frame could not be read. After `BACKEND_LOST` no other will be. */
  error: DetailEvent<unknown>;
}

/** Reads the plates of a camera, a stream or a playing video until it is closed. Starts with {@link PlateScanner.start}. */
export class PlateScanner extends EventBase<ScannerEvents> {
  /** What reads. */
  readonly recognizer: Recognizer;
  /** What follows the plates. */
  readonly tracker: PlateTracker;
  /** The camera, with its torch, zoom and other cameras to change to; `null` for a stream or a video of yours. */
  readonly camera: PlateCamera<TrackUpdate> | null;
  readonly #ownsRecognizer: boolean;
  readonly #loop: FrameLoop | undefined;
  readonly #run = new AbortController();
  /** The text that was told of each track. */
  #told = new Map<number, string>();
  #hidden: (() => void) | undefined;

  /** Use {@link PlateScanner.start}. */
  protected constructor(recognizer: Recognizer, owns: boolean, video: object, isCamera: boolean, options: ScannerOptions) {
    super();
    this.recognizer = recognizer;
    this.#ownsRecognizer = owns;
    this.tracker = recognizer.createTracker(options.track);
    const { region } = options;
    const shown = video as HTMLVideoElement;
    const read = (): PushOptions => {
      const part = typeof region === 'function' ? region(shown) : region;
      return part ? { region: part } : {};
    };
    if (isCamera) {
      this.camera = new PlateCamera(shown, this.tracker, { ...options.camera, read });
      this.camera.addEventListener('result', ({ detail }) => this.#tell(detail.result));
      this.camera.addEventListener('readerror', ({ detail }) => emit(this, 'error', detail.error));
      this.camera.addEventListener('statechange', ({ detail }) => emit(this, 'statechange', detail));
      return;
    }
    this.camera = null;
    const { signal } = this.#run;
    this.#loop = new FrameLoop(shown, checkMaxFps(options.camera?.maxFps), async (timestamp) => {
      try {
        const update = await this.tracker.push(shown, timestamp, { ...read(), signal });
        if (!signal.aborted) this.#tell(update);
      } catch (error) {
        if (signal.aborted) return;
        emit(this, 'error', error);
        if (error instanceof KrLprError && error.code === 'BACKEND_LOST') this.#loop?.stop();
      }
    });
  }

  /**
   * Loads what reads, opens the camera and begins.
   *
   * `source` is where the pictures come from: a video element, which shows a camera from then on, or, when it shows something
   * of yours already, is read as it plays; or a `MediaStream` of yours, of an IP camera or a call for example. What is yours
   * goes on when the scanner is closed.
   *
   * `onPlate` is told of each plate once, as soon as its text is certain; the event `plate` tells the same.
   *
   * Rejects with a {@link KrLprError}, nothing being left open: as `PlateRecognizer.create` does, and with `CAMERA` where there
   * is no camera to be had.
   */
  static async start(
    source: Platform<'HTMLVideoElement'> | Platform<'MediaStream'>,
    onPlate?: (plate: Plate, track: Track) => void,
    options: ScannerOptions = {},
  ): Promise<PlateScanner> {
    const { signal, recognizer: given } = options;
    const isStream = 'getVideoTracks' in source;
    const video = isStream ? document.createElement('video') : source;
    const isCamera = !isStream && !video.srcObject && !video.currentSrc && !video.src;
    const owns = !isRecognizer(given);
    const recognizer = isRecognizer(given) ? given : await PlateRecognizer.create({ ...(signal ? { signal } : {}), ...given });
    let scanner: PlateScanner | undefined;
    try {
      scanner = new PlateScanner(recognizer, owns, video, isCamera, options);
      if (onPlate) scanner.addEventListener('plate', ({ detail }) => onPlate(detail.plate, detail.track));
      if (isStream) await scanner.#show(video, source);
      await scanner.resume();
      signal?.throwIfAborted();
      return scanner;
    } catch (error) {
      if (scanner) await scanner.close();
      else if (owns) recognizer.close();
      throw error;
    }
  }

  /** Reads no more frames, and turns the camera off, until {@link PlateScanner.resume}. */
  pause(): void {
    this.camera?.pause();
    this.#loop?.stop();
  }

  /** Goes on reading. Rejects with `CAMERA` where the camera cannot be had again, and with `CLOSED` once closed. */
  async resume(): Promise<void> {
    if (this.#run.signal.aborted) throw new KrLprError('CLOSED', 'this scanner was closed; start a new one');
    await this.camera?.start();
    this.#loop?.start();
  }

  /**
   * Turns the camera off and gives all memory back; a stream, a video and a recognizer of yours are left as they are.
   * Resolves once nothing is underway any more. Idempotent.
   */
  async close(): Promise<void> {
    this.#run.abort();
    this.#loop?.stop();
    this.#hidden?.();
    this.#hidden = undefined;
    await this.camera?.stop();
    await this.#loop?.idle();
    this.tracker.close();
    if (this.#ownsRecognizer) await this.recognizer[Symbol.asyncDispose]();
  }

  /** {@link PlateScanner.close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Plays a stream where nobody sees it. */
  async #show(video: HTMLVideoElement, stream: MediaStream): Promise<void> {
    this.#hidden = (): void => {
      video.srcObject = null;
    };
    await showStream(video, stream);
  }

  #tell(update: TrackUpdate): void {
    emit(this, 'update', update);
    if (update.skipped) return;
    const told = new Map<number, string>();
    for (const track of update.tracks) {
      const before = this.#told.get(track.id);
      const { text } = track.best;
      if (track.state === 'confirmed' && text !== before) emit(this, 'plate', { plate: track.best, track });
      const known = track.state === 'confirmed' ? text : before;
      if (known !== undefined) told.set(track.id, known);
    }
    this.#told = told;
  }
}

function isRecognizer(given: Recognizer | CreateOptions | undefined): given is Recognizer {
  return given !== undefined && 'createTracker' in given;
}
