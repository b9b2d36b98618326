/**
 * What is found, read and followed: plain data, which `structuredClone` takes as it is.
 * @module
 */
import type { Backend } from './options.js';
import type { PLATE_KINDS } from './plate-tables.js';
import type { Quad, Rect, Size } from './picture.js';

/** What this browser offers. */
export interface Support {
  /** WebAssembly is there. */
  wasm: boolean;
  /** WebAssembly has 128-bit SIMD, which the CPU backend needs. */
  simd: boolean;
  /** There is a WebGPU adapter, be it a software one. */
  webgpu: boolean;
  /** What is missing, in words; absent when everything is there. */
  reason?: string;
}

/** Which weights a network has. */
export interface NetworkInfo {
  /** Names the weights and, after a `+`, the commit of this project they were trained with. */
  version: string;
  /** SHA-256 of the weights in hex; `null` on a page without HTTPS, where browsers offer no hash. */
  sha256: string | null;
}

/** What a recognizer runs on. */
export interface RecognizerInfo {
  /** The backend in use. */
  backend: Backend;
  /** The wasm module uses 128-bit SIMD. */
  simd: boolean;
  /** Whether reading happens in a worker; otherwise it happens on the calling thread. */
  worker: boolean;
  /** Why reading does not happen in a worker though that was asked for; absent otherwise. */
  workerReason?: string;
  /** What reads the text of a plate. */
  recognizer: NetworkInfo;
  /** What finds plates in a scene; `null` where there is nothing that does: crops only. */
  detector: NetworkInfo | null;
  /** Milliseconds the warm-up took; 0 without one. */
  warmupMs: number;
  /** Why the backend is not WebGPU: what `auto` found, or how WebGPU was lost. Absent when it is, or was not asked for. */
  fallbackReason?: string;
}

/** Where a plate seems to be. */
export interface PlateBox {
  /** Probability that there is a plate, 0 to 1, as the network that finds plates has it. */
  detectionConfidence: number;
  /** The rectangle around `cornerPoints`. */
  boundingBox: Rect;
  /** Its corners in the source, in pixels; clockwise from the plate's own top-left corner. */
  cornerPoints: Quad;
}

/**
 * One of {@link PLATE_KINDS}. `private-long` is 520x110 mm with two leading digits, `private-8` its successor with three,
 * `private-film` the same with the blue strip, `private-short` 335x155, `private-large` 440x200, `ev` pale blue,
 * `corporate` pale green, `commercial-long` and `commercial-double` yellow with one or two lines, `green-national` and
 * `green-region` the two-line green plates before 2006. `military`, `diplomatic`, `temporary`, `construction`,
 * `construction-old` and `motorcycle` are rare.
 */
export type PlateKind = (typeof PLATE_KINDS)[number];

/** What one character might be. */
export interface CharCandidate {
  /** A digit, a syllable, or a region (two syllables), NFC; `?` where it is there and cannot be read. */
  char: string;
  /** Probability, 0 to 1. */
  confidence: number;
}

/** One character of a plate; none is less sure than the text. In one picture, not in tracks, their confidences multiply to the text's. */
export interface PlateChar extends CharCandidate {
  /** The next best guesses at this place, best first. */
  alternatives: CharCandidate[];
  /**
   * Its four corners in the source, in pixels: where plates of this `kind` have it, on the plate that `cornerPoints` outline.
   * Absent when the text is not valid, in tracks, and on diplomatic, temporary and old construction plates, whose
   * arrangement varies.
   */
  cornerPoints?: Quad;
  /** Where on {@link Plate.image} the network looked for it; only when asked for. */
  attention?: AttentionMap;
}

/** Where the network looked: a coarse map over the whole of a {@link PlateImage}. */
export interface AttentionMap {
  /** One weight a cell, row by row, `width * height` of them; each at least 0, all together 1. */
  data: Float32Array;
  /** 24: a cell is 8 pixels wide. */
  width: number;
  /** 12: a cell is 8 pixels high. */
  height: number;
}

/** One way to read a plate. */
export interface PlateCandidate {
  /** NFC, without spaces; `?` for a character that is there and cannot be read, as `kr-lpr/plate` takes it apart. */
  text: string;
  /** Probability of the whole text, 0 to 1. */
  confidence: number;
  /** A plate can carry this text; never so where a character is not known. */
  valid: boolean;
}

/** The sides of a plate that lie outside the picture; they are the plate's own, however it is turned. */
export interface PlateCut {
  /** The side on which the text begins. */
  left: boolean;
  /** The side on which the text ends. */
  right: boolean;
  /** Above the text. */
  top: boolean;
  /** Below the text. */
  bottom: boolean;
}

/**
 * Why a plate does not count.
 *
 * - `incomplete`: some of its characters cannot be read, since something hides them or the picture ends; the option `partial`
 *   has such plates count.
 * - `illegible`: nothing can be read, or with less confidence than `minConfidence`.
 * - `improbable`: no plate carries such a text, and it is not sure that there is one.
 * - `too-many`: more plates than `maxPlates` were found; this one was not read, so its `text` is empty.
 */
export type Rejection = 'incomplete' | 'illegible' | 'improbable' | 'too-many';

/** A valid text taken apart. */
export interface PlateParts {
  /** `서울`; absent on plates without one. */
  region?: string;
  /** The digits in front: `12` or `123`; absent where there are none. */
  classCode?: string;
  /** The syllable that tells the use, or a word in its place: `가`. */
  use?: string;
  /** The digits at the end, four but on rare plates: `3456`. */
  serial?: string;
}

/** The rectified plate: what the network saw. */
export interface PlateImage {
  /** One byte a pixel, `width * height` of them; 0 is black. */
  data: Uint8Array;
  /** 192. */
  width: number;
  /** 96. */
  height: number;
}

/** A plate that was read. */
export interface Plate extends PlateCandidate {
  /** Every character could be read: there is no `?`, and the picture shows all of the plate that has characters. */
  complete: boolean;
  /** The sides that the picture cuts off. */
  cut: PlateCut;
  /** Why it does not count; of plates in `rejected` only. */
  reason?: Rejection;
  /** The sort of plate. */
  kind: PlateKind;
  /** Probability of `kind`, 0 to 1. */
  kindConfidence: number;
  /** The text taken apart; empty when it is not valid. */
  parts: PlateParts;
  /** Each character, in reading order. */
  chars: PlateChar[];
  /** The best readings, the first of them this plate's own. */
  candidates: PlateCandidate[];
  /** The rectangle around `cornerPoints`. */
  boundingBox: Rect;
  /** The plate in the source, in pixels. */
  cornerPoints: Quad;
  /** How sharp the plate's picture is, from 0 up; for comparing pictures of one plate. */
  sharpness: number;
  /** Probability that there is a plate, 0 to 1, as {@link PlateBox} has it; absent where nobody had to find it. */
  detectionConfidence?: number;
  /** What the network saw; only when asked for. */
  image?: PlateImage;
}

/** Milliseconds spent on one call, waiting for earlier calls left out. */
export interface Timing {
  /** Taking the pixels from the source, finding each plate's corners and rectifying it. */
  preprocess: number;
  /** Finding plates; 0 for crops. */
  detect: number;
  /** The network that reads plates. */
  recognize: number;
  /** From its output to texts. */
  decode: number;
  /** All of it, but for the way to the worker and back. */
  total: number;
}

/** What {@link PlateRecognizer.recognize} found. */
export interface RecognizeResult {
  /** Plates read with `minConfidence` or more, best first. */
  plates: Plate[];
  /** What else may be a plate, each with its `reason`, so that nothing is dropped silently. */
  rejected: Plate[];
  /** What the picture was taken for. */
  mode: 'crop' | 'scene';
  /** By how many degrees, clockwise, the picture was turned for reading; of `orientation: 'auto'` those at which a plate was found. */
  orientation: 0 | 90 | 180 | 270;
  /** How long it took. */
  timing: Timing;
  /** The source's size in pixels. */
  size: Size;
}

/** One plate over many frames. */
export interface Track {
  /** Stays the same as long as the plate is followed; never used again by the same tracker. */
  id: number;
  /**
   * `tentative`: seen, but not often enough to be sure. `unchanged`: the same, and for `stillMs` every frame has shown what was
   * there before, to the pixel: a stream that hangs, or one picture over and over; nothing more is learned before it changes.
   * `confirmed`: enough independent frames agree on the text. `lost`: not seen for a while.
   */
  state: 'tentative' | 'unchanged' | 'confirmed' | 'lost';
  /**
   * What the frames say together: text, confidence, characters and kind are voted for, the rest is of the plate as it was
   * seen last. A character that no frame has shown is `?`; a confirmed text has none. After one frame its confidence is a little
   * below that frame's own, which counts as 0.99 at most.
   */
  best: Plate;
  /** Readings so far, counted as independent frames; one of a plate of fewer than 1500 pixels counts for less. */
  votes: number;
  /** Those that read exactly `best.text`. */
  agreeing: number;
  /**
   * Those that could not see some character of the text, of the one that most could not: covered, or beyond the picture's edge,
   * where there may be more than the text has. Each takes three more that agree to confirm the text. They fade
   * as frames show all.
   */
  hidden: number;
  /** Frames in which it was seen. */
  sightings: number;
  /** Its corners with the errors of single frames evened out, in pixels of the last frame. */
  smoothedCornerPoints: Quad;
  /** Timestamp of the first frame it was seen in, in milliseconds as given to {@link PlateTracker.push}. */
  firstSeen: number;
  /** Timestamp of the last frame it was seen in. */
  lastSeen: number;
  /** Timestamp at which the text was confirmed; absent if it is not. */
  confirmedAt?: number;
}

/** What {@link PlateTracker.push} made of a frame. */
export interface TrackUpdate {
  /** Every plate being followed of which a character was read; the last known ones where `skipped`. */
  tracks: Track[];
  /** This frame was not read: a newer one came while it waited, or the tracker was reset. */
  skipped: boolean;
  /** How long reading took; absent where `skipped`. */
  timing?: Timing;
  /** The frame's size in pixels; absent where `skipped`. */
  size?: Size;
}
