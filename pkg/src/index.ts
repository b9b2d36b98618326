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
export { KrLprError } from './errors.js';
export type { KrLprErrorCode } from './errors.js';
export { PlateRecognizer } from './recognizer.js';
export { PlateTracker } from './tracker.js';
export { PLATE_KINDS } from './types.js';
export { VERSION, WEIGHTS_SHA256 } from './version.js';
export type {
  Backend,
  CharCandidate,
  CreateOptions,
  Plate,
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
  RecognizerInfo,
  Rect,
  Support,
  Timing,
  Track,
  TrackOptions,
  TrackResult,
  WasmSource,
  WeightsSource,
} from './types.js';
