import type { PLATE_KINDS } from './plate-tables.js';

/** A point in pixels. A picture covers `[0, width] x [0, height]`; the centre of its first pixel is (0.5, 0.5). */
export interface Point {
  /** To the right. */
  x: number;
  /** Downwards. */
  y: number;
}

/** Four corners, clockwise from the plate's own top-left corner, as it reads. */
export type Quad = readonly [Point, Point, Point, Point];

/** A width and a height in pixels. */
export interface Size {
  /** Pixels in a row. */
  width: number;
  /** Number of rows. */
  height: number;
}

/** An upright rectangle in pixels. */
export interface Rect {
  /** Left edge. */
  x: number;
  /** Top edge. */
  y: number;
  /** Extent to the right. */
  width: number;
  /** Extent downwards. */
  height: number;
}

/** Raw pixels: 8 bits a channel, rows top to bottom without padding. */
export interface RawPixels {
  /** `width * height * channels` bytes. */
  data: Uint8Array | Uint8ClampedArray;
  /** Pixels in a row. */
  width: number;
  /** Number of rows. */
  height: number;
  /**
   * 1 is grey, 3 is RGB, 4 is RGBA (alpha is ignored).
   * @defaultValue 4
   */
  channels?: 1 | 3 | 4;
}

/**
 * Anything a picture can come from. Pixels are taken at their native size, never scaled.
 *
 * Canvases, bitmaps, video and frames are read when the call is made. `ImageData` and {@link RawPixels} are read when the
 * call's turn comes, so leave them alone until its promise settles. In Node there are only {@link RawPixels}.
 */
export type PlateSource =
  | HTMLCanvasElement
  | OffscreenCanvas
  | ImageData
  | ImageBitmap
  | HTMLImageElement
  | SVGImageElement
  | HTMLVideoElement
  | VideoFrame
  | Blob
  | RawPixels;

/** Where the networks run. */
export type Backend = 'cpu' | 'webgpu';

/** Where to get the wasm module from: an address, a response, its bytes, or the compiled module. */
export type WasmSource = string | URL | Response | BufferSource | WebAssembly.Module;

/** Where to get the weights from: an address, a response or the bytes. */
export type WeightsSource = string | URL | Response | BufferSource;

/** The weights by network; one left out is the package's own. */
export interface WeightsSources {
  /** Reads the text of one plate. */
  recognizer?: WeightsSource;
  /** Finds plates in a scene. `false` goes without: a smaller download that reads crops only. */
  detector?: WeightsSource | false;
}

/** One step of {@link PlateRecognizer.create}. Phases may overlap; within one, `loaded` never falls. */
export interface Progress {
  /** `wasm` and `weights` are downloads; `compile` makes the module ready; `warmup` reads a blank plate. */
  phase: 'wasm' | 'weights' | 'compile' | 'warmup';
  /** Bytes so far when downloading; otherwise 0 at the start and 1 at the end. */
  loaded: number;
  /** Bytes to come in all, where the server says so; 1 for `compile` and `warmup`. */
  total?: number;
}

/** Options of {@link PlateRecognizer.create}. */
export interface CreateOptions {
  /**
   * Where to run.
   *
   * - `cpu`: WebAssembly with SIMD. A small download; one plate takes some milliseconds on a desktop.
   * - `webgpu`: the GPU. Rejects with `UNSUPPORTED` where there is no adapter.
   * - `auto`: starts on the CPU and measures it. WebGPU's module is several times as large, and reading a result back from
   *   a GPU takes milliseconds, so it is downloaded and measured against the CPU only when there is a hardware adapter and
   *   the CPU turns out slow. `info.backend` says what was taken and `info.fallbackReason` why it is not WebGPU. Without
   *   `warmup` nothing can be measured and `auto` is `cpu`.
   *
   * @defaultValue `'auto'`
   */
  backend?: Backend | 'auto';
  /**
   * The wasm modules, when they are not next to this script. Each is started once a thread: a second recognizer on
   * the same backend and thread shares the first one's module and ignores this option.
   */
  wasm?: Partial<Record<Backend, WasmSource>>;
  /** Other weights than the package's own, whose SHA-256 is checked. A bare source is the recognizer's. */
  weights?: WeightsSource | WeightsSources;
  /**
   * Whether to work in a worker, so that the page never waits.
   *
   * - `true`: in a module worker from a file of this package. Where none can be started, on the calling thread;
   *   `info.worker` says which, and `info.workerReason` why.
   * - `false`: on the calling thread.
   * - a `Worker`: in this one, whose script has to import `kr-lpr/worker`. It is the recognizer's from then on, which ends
   *   it when it is closed or cannot be created. Where it does not answer, `create` rejects with `LOAD_FAILED`.
   *
   * In Node, and in `kr-lpr/inline`, everything happens on the calling thread.
   *
   * @defaultValue true on pages, false in code that runs in a worker itself
   */
  worker?: boolean | Worker;
  /** Gives up loading; the promise rejects with the signal's `reason`. */
  signal?: AbortSignal;
  /** Called while downloading, compiling and warming up. */
  onProgress?: (progress: Progress) => void;
  /**
   * Reads a blank plate before the promise resolves, so that the first real one is as fast as the rest.
   * @defaultValue true
   */
  warmup?: boolean;
}

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
  /** Names the weights and, after a `+`, the commit of this project they were trained with. */
  modelVersion: string;
  /** SHA-256 of the weights in use, in hex; `null` on a page without HTTPS, where browsers offer no hash. */
  weightsSha256: string | null;
  /** Names the weights that find plates in a scene, like `modelVersion`; `null` where there are none: crops only. */
  detectorVersion: string | null;
  /** SHA-256 of the weights that find plates in a scene, in hex; `null` without them or without HTTPS. */
  detectorSha256: string | null;
  /** Milliseconds the warm-up took; 0 without one. */
  warmupMs: number;
  /** Why the backend is not WebGPU: what `auto` found, or how WebGPU was lost. Absent when it is, or was not asked for. */
  fallbackReason?: string;
}

/** The events of {@link PlateRecognizer.on}, by name, with what listeners are given. */
export interface RecognizerEvents {
  /** The GPU was lost, and the CPU has taken over. */
  backendchange: Readonly<RecognizerInfo>;
}

/** Options of {@link PlateRecognizer.detect}. */
export interface DetectOptions {
  /**
   * Looks at this part of the picture only, in pixels of the source. What lies outside of the picture is left out.
   * @defaultValue the whole picture
   */
  region?: Rect;
  /**
   * Most plates to return, 1 to 32; the surest are kept.
   * @defaultValue 8
   */
  maxPlates?: number;
  /**
   * Leaves out what is a plate with less confidence, 0 to 1.
   * @defaultValue 0.5
   */
  minConfidence?: number;
  /** Gives up; the promise rejects with the signal's `reason`. */
  signal?: AbortSignal;
}

/** Where a plate seems to be. */
export interface PlateBox {
  /** Probability that it is a plate, 0 to 1. */
  confidence: number;
  /** The rectangle around `cornerPoints`. */
  boundingBox: Rect;
  /** Its corners in the source, in pixels; clockwise from the plate's own top-left corner. */
  cornerPoints: Quad;
}

/** Options of {@link PlateRecognizer.recognize}. */
export interface RecognizeOptions {
  /**
   * What the picture, or its `region`, shows.
   *
   * - `crop`: one plate that fills it, or lies in `quad`.
   * - `scene`: any number of plates, which have to be found. Rejects with `UNSUPPORTED` without weights for it
   *   (`info.detectorVersion` is `null`).
   * - `auto`: `crop` where there is a `quad` or no weights to find plates with; else as the picture suggests.
   *
   * @defaultValue `'auto'`
   */
  mode?: 'auto' | 'crop' | 'scene';
  /**
   * Reads this part of the picture only, in pixels of the source. What lies outside of the picture is left out.
   * @defaultValue the whole picture
   */
  region?: Rect;
  /**
   * Most plates to read in a scene, 1 to 32; those found most surely are read.
   * @defaultValue 8
   */
  maxPlates?: number;
  /**
   * Roughly the corners of the one plate to read, in pixels of the source; makes the picture a crop.
   * @defaultValue the outline of the picture, or of `region`
   */
  quad?: Quad;
  /**
   * Looks for the plate's own corners within that outline, so that margins and tilt do no harm. `false` reads the outline
   * as it is.
   * @defaultValue true
   */
  align?: boolean;
  /**
   * How many candidates to return, 1 to 8.
   * @defaultValue 3
   */
  nBest?: number;
  /**
   * Plates below this confidence are listed in `rejected` instead of `plates`, 0 to 1.
   * @defaultValue 0.5
   */
  minConfidence?: number;
  /**
   * How far to trust the rules of Korean plates. `strict`: only texts that a plate can carry. `soft`: those first, others
   * of six characters or more where the picture clearly says so. `off`: the network's own reading.
   * @defaultValue `'soft'`
   */
  grammar?: 'strict' | 'soft' | 'off';
  /**
   * Returns what the network saw, as {@link Plate.image}.
   * @defaultValue false
   */
  plateImage?: boolean;
  /**
   * Returns where the network looked for each character, as {@link PlateChar.attention}.
   * @defaultValue false
   */
  attention?: boolean;
  /** Gives up; the promise rejects with the signal's `reason`. */
  signal?: AbortSignal;
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
  /** A digit, a syllable, or a region (two syllables), NFC. */
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
  box?: Quad;
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
  /** NFC, without spaces. */
  text: string;
  /** Probability of the whole text, 0 to 1. */
  confidence: number;
  /** A plate can carry this text. */
  valid: boolean;
}

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
  /** How sure it is that there is a plate, 0 to 1; absent where nobody had to find it. */
  detection?: number;
  /** What the network saw; only when asked for. */
  image?: PlateImage;
}

/** Milliseconds spent on one call, waiting for earlier calls left out. */
export interface Timing {
  /** Taking the pixels from the source, finding each plate's corners and rectifying it. */
  preprocess: number;
  /** Finding plates; 0 for crops. */
  detect: number;
  /** The network and the decoding of its output. */
  recognize: number;
  /** All of it, the way to the worker and back included. */
  total: number;
}

/** What {@link PlateRecognizer.recognize} found: plain data, which `structuredClone` takes as it is. */
export interface RecognizeResult {
  /** Plates read with `minConfidence` or more, best first. */
  plates: Plate[];
  /** What else may be a plate, so that nothing is dropped silently. */
  rejected: Plate[];
  /** What the picture was taken for. */
  mode: 'crop' | 'scene';
  /** How long it took. */
  timing: Timing;
  /** The source's size in pixels. */
  size: Size;
}

/** Options of {@link PlateRecognizer.track}: how frames are read, and how sure a track has to be. */
export interface TrackOptions extends Omit<RecognizeOptions, 'quad' | 'signal' | 'minConfidence' | 'plateImage' | 'attention'> {
  /**
   * Milliseconds without sight after which a track is lost.
   * @defaultValue 500
   */
  lostAfterMs?: number;
  /**
   * Milliseconds without sight after which a track is forgotten; at least `lostAfterMs`.
   * @defaultValue 3000
   */
  forgetAfterMs?: number;
  /**
   * Milliseconds after which a picture that stands still, and is not frozen, counts as another frame.
   * @defaultValue 700
   */
  stillMs?: number;
  /**
   * Independent frames that must have read a text for it to be confirmed, at least 2.
   * @defaultValue 3
   */
  minAgreeing?: number;
  /**
   * Probability a text must have to be confirmed, 0.5 to below 1.
   * @defaultValue 0.997
   */
  minConfidence?: number;
  /**
   * Most tracks at a time.
   * @defaultValue 64
   */
  maxTracks?: number;
}

/** One plate over many frames. */
export interface Track {
  /** Stays the same as long as the plate is followed; never used again by the same tracker. */
  id: number;
  /**
   * `tentative`: seen, but not often enough to be sure. `confirmed`: enough independent frames agree on the text. `lost`: not
   * seen for a while.
   */
  state: 'tentative' | 'confirmed' | 'lost';
  /**
   * What the frames say together: text, confidence, characters and kind are voted for, the rest is of the plate as it was
   * seen last.
   */
  best: Plate;
  /** Readings so far, counted as independent frames; one of a plate of fewer than 1500 pixels counts for less. */
  votes: number;
  /** Those that read exactly `best.text`. */
  agreeing: number;
  /** Frames in which it was seen. */
  sightings: number;
  /** Its corners with the errors of single frames evened out, in pixels of the last frame. */
  smoothedCornerPoints: Quad;
  /** Timestamp of the first frame it was seen in, in milliseconds as given to `PlateTracker.push`. */
  firstSeen: number;
  /** Timestamp of the last frame it was seen in. */
  lastSeen: number;
  /** Timestamp at which the text was confirmed; absent if it is not. */
  confirmedAt?: number;
}

/** What `PlateTracker.push` made of a frame: plain data. */
export interface TrackUpdate {
  /** Every plate being followed; the last known ones where `skipped`. */
  tracks: Track[];
  /** This frame was not read: a newer one came while it waited, or the tracker was reset. */
  skipped: boolean;
  /** How long reading took; absent where `skipped`. */
  timing?: Timing;
  /** The frame's size in pixels; absent where `skipped`. */
  size?: Size;
}
