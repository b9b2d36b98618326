import type { KrLprError } from './errors.js';
import type { PushOptions, RecognizeOptions } from './options.js';
import type { PlateSource, Size } from './picture.js';
import type { DetailEvent, Platform } from './platform.js';

/**
 * Where a {@link PlateCamera} is.
 *
 * - `idle`: not started, or stopped.
 * - `prompt`: the browser asks the user for the camera.
 * - `starting`: the camera is being opened.
 * - `running`: frames are read.
 * - `paused`: by {@link PlateCamera.pause}, or because the page is hidden; the camera is off.
 * - `denied`: the user, the system or a permissions policy said no.
 * - `no-camera`: there is none, or not the one asked for, or it was unplugged.
 * - `in-use`: another program holds it, or the system cannot open it.
 * - `insecure`: cameras need HTTPS or localhost.
 * - `error`: anything else; `error` has the reason.
 */
export type CameraState =
  | 'idle'
  | 'prompt'
  | 'starting'
  | 'running'
  | 'paused'
  | 'denied'
  | 'no-camera'
  | 'in-use'
  | 'insecure'
  | 'error';

/** A camera that can be chosen. */
export interface CameraInfo {
  /** For {@link PlateCamera.setCamera}; empty before the user has allowed any camera. */
  id: string;
  /** Its name; empty before the user has allowed any camera. */
  label: string;
  /** Which way it looks, as far as its name or the browser tells. */
  facing: 'user' | 'environment' | null;
}

/** Anything that reads frames: a `PlateRecognizer`, or an object of yours. */
export interface FrameRecognizer<Result> {
  /** Reads a frame. */
  recognize(frame: Platform<'HTMLVideoElement'> & PlateSource, options: RecognizeOptions): Promise<Result>;
}

/** Anything that follows plates: what `PlateRecognizer.createTracker` makes, or an object of yours. */
export interface FrameTracker<Result> {
  /** Reads a frame that was shown at that time, in milliseconds. */
  push(frame: Platform<'HTMLVideoElement'> & PlateSource, timestampMs: number, options: PushOptions): Promise<Result>;
}

/** Options of a {@link PlateCamera}. */
export interface CameraOptions {
  /**
   * Which way the camera to open looks: away from the user or at them. Only a wish: devices with one camera open that.
   * @defaultValue `'environment'`
   */
  facing?: 'environment' | 'user';
  /** The very camera to open, by its id; `no-camera` where it is gone. */
  deviceId?: string;
  /**
   * The picture's width and height to wish for, in pixels.
   * @defaultValue 1280 x 720
   */
  size?: Size;
  /**
   * Most frames to read in a second, above 0 to 120.
   * @defaultValue 20
   */
  maxFps?: number;
  /** Options of every call of `recognize` or `push`, such as `region`: the same for all, or made for each frame. */
  read?: RecognizeOptions | ((video: Platform<'HTMLVideoElement'>) => RecognizeOptions);
  /**
   * Turns the camera off while the page is hidden and on again when it is back.
   * @defaultValue true
   */
  pauseWhenHidden?: boolean;
}

/** One frame that was read. */
export interface FrameResult<Result> {
  /** What `recognize` or `push` resolved to. */
  result: Result;
  /** When the frame was captured, or where the browser does not tell, shown: milliseconds as of `performance.now()`. */
  timestamp: number;
}

/** A camera's new state. */
export interface CameraChange {
  /** Where it is now. */
  state: CameraState;
  /** Why, when the state is a failure. */
  error: KrLprError | null;
}

/** One frame that could not be read. */
export interface FrameFailure {
  /** What `recognize` or `push` rejected with. */
  error: unknown;
}

/** The events of a {@link PlateCamera}, by name. */
export interface CameraEvents<Result> {
  /** `state` has changed. */
  statechange: DetailEvent<CameraChange>;
  /** A frame was read. */
  result: DetailEvent<FrameResult<Result>>;
  /** A frame could not be read; the loop goes on, except after `BACKEND_LOST` and `CLOSED`, which end it. */
  readerror: DetailEvent<FrameFailure>;
}

/** The lamp beside the camera. */
export interface Torch {
  /** There is one, and the browser can switch it. */
  supported: boolean;
  /** It is on. */
  on: boolean;
}

/** The camera's zoom. */
export interface Zoom {
  /** The browser can change it. */
  supported: boolean;
  /** Smallest value. */
  min: number;
  /** Largest value. */
  max: number;
  /** Smallest change. */
  step: number;
  /** The value in use. */
  value: number;
}
