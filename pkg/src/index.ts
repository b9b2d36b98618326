/**
 * Reads South Korean licence plates in the browser.
 *
 * ```ts
 * import { PlateRecognizer } from 'kr-lpr';
 * const recognizer = await PlateRecognizer.create();
 * const { plates } = await recognizer.recognize(canvas);
 * plates[0]?.text; // '123가4567'
 * ```
 * @module
 */
import { openInBrowser } from './open.js';
import { Recognizer } from './recognizer.js';
import { support } from './support.js';
import type { CreateOptions, Support } from './types.js';

/**
 * Reads licence plates. Make one with {@link PlateRecognizer.create}, keep it, and {@link PlateRecognizer.close} it.
 *
 * Calls may overlap: they are carried out one after another, in the order they were made.
 */
export class PlateRecognizer extends Recognizer {
  /**
   * Starts a worker, downloads the wasm module and the weights, picks the backend and warms it up.
   *
   * Rejects with a {@link KrLprError}: `UNSUPPORTED`, `LOAD_FAILED`, `INTEGRITY`, or `BAD_INPUT` for an option that makes no
   * sense; with the signal's `reason` when aborted.
   */
  static async create(options: CreateOptions = {}): Promise<PlateRecognizer> {
    return new PlateRecognizer(await openInBrowser(options));
  }

  /** Tells what this browser offers, without downloading anything. Never rejects. */
  static isSupported(): Promise<Support> {
    return support();
  }
}

export { KrLprError } from './errors.js';
export type { KrLprErrorCode } from './errors.js';
export { Recognizer } from './recognizer.js';
export { PLATE_KINDS } from './plate-tables.js';
export { PlateTracker } from './tracker.js';
export type { PushOptions } from './tracker.js';
export { VERSION, WEIGHTS_SHA256 } from './version.js';
export type {
  AttentionMap,
  Backend,
  CharCandidate,
  CreateOptions,
  DetectOptions,
  Plate,
  PlateBox,
  PlateCandidate,
  PlateChar,
  PlateImage,
  PlateKind,
  PlateParts,
  PlateSource,
  Point,
  Progress,
  Quad,
  RawPixels,
  RecognizeOptions,
  RecognizeResult,
  RecognizerEvents,
  RecognizerInfo,
  Rect,
  Size,
  Support,
  Timing,
  Track,
  TrackOptions,
  TrackUpdate,
  WasmSource,
  WeightsSource,
  WeightsSources,
} from './types.js';
