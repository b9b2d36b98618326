import { KrLprError } from './errors.js';
import type { CreateOptions, Progress, TypicalFrame } from './options.js';
import type { RawDetectOptions, RawDetection, RawOptions, RawResult, RawTrackOptions, RawUpdate } from './raw.js';
import type { RecognizerInfo } from './results.js';
import type { Pixels } from './taken.js';

/** What {@link PlateRecognizer} works with: the networks on this thread, or on a worker's. @internal */
export interface Engine {
  /** What it runs on; another object after the backend has changed. */
  readonly info: RecognizerInfo;
  /** Aborts when it can do nothing any more, with the error that calls reject with from then on. */
  readonly lost: AbortSignal;
  /** Called when `info` has changed. */
  onChange: (info: RecognizerInfo) => void;
  /** Reads a picture; the pixels may be gone afterwards. */
  read(pixels: Pixels, options: RawOptions, signal: AbortSignal | undefined): Promise<RawResult>;
  /** Finds plates; the pixels may be gone afterwards. */
  detect(pixels: Pixels, options: RawDetectOptions, signal: AbortSignal | undefined): Promise<RawDetection>;
  /** A tracker beside the networks; it may turn out only at its first frame that it could not be made. */
  tracker(options: RawTrackOptions): EngineTracker;
  /** Gives everything back, after what is underway. */
  close(): Promise<void>;
}

/** A tracker beside the networks that read its frames. @internal */
export interface EngineTracker {
  /** Reads a frame and follows its plates; the pixels may be gone afterwards. */
  push(pixels: Pixels, timestampMs: number, options: RawOptions, signal: AbortSignal | undefined): Promise<RawUpdate>;
  /** Forgets every plate, after the frames that were pushed. */
  reset(): void;
  /** Gives its memory back, after the frames that were pushed. */
  free(): void;
}

/** What opening an engine needs to know. @internal */
export type EngineOptions = Pick<CreateOptions, 'backend' | 'wasm' | 'weights' | 'warmup' | 'signal'> & {
  onProgress: (progress: Progress) => void;
  typical: Required<TypicalFrame>;
  /** Why there is no worker, for `info`. */
  workerReason?: string;
};

/** Why an engine, or what it runs on, cannot be used any more. @internal */
export function reasonOf(lost: AbortSignal): KrLprError {
  return lost.reason as KrLprError;
}

/** The reason when it is the caller's own wish. @internal */
export function closed(): KrLprError {
  return new KrLprError('CLOSED', 'this recognizer was closed; create a new one');
}
