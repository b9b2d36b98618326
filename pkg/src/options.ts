/**
 * What can be asked for: options of `PlateRecognizer`. Defaults and ranges are those of `defaults.ts`.
 * @module
 */
import type { Platform, WasmModule } from './platform.js';
import type { Quad, Rect } from './picture.js';

/** Where the networks run. */
export type Backend = 'cpu' | 'webgpu';

/** Where to get the wasm module from: an address, a response, its bytes, or the compiled module. */
export type WasmSource = string | Platform<'URL'> | Platform<'Response'> | ArrayBuffer | ArrayBufferView | WasmModule;

/** Where to get the weights from: an address, a response or the bytes. */
export type WeightsSource = string | Platform<'URL'> | Platform<'Response'> | ArrayBuffer | ArrayBufferView;

/** The weights by network; one left out is the package's own. */
export interface WeightsSources {
  /** Reads the text of one plate. */
  recognizer?: WeightsSource;
  /** Finds plates in a scene. `false` goes without: a smaller download that reads crops only. */
  detector?: WeightsSource | false;
}

/** A worker of Node's `worker_threads`, as far as it is used. */
export interface ThreadWorker {
  /** Sends a message. */
  postMessage(value: unknown, transfer?: readonly never[]): void;
  /** Listens to an event. */
  on(event: string, listener: (value: never) => void): unknown;
  /** Stops to listen. */
  off(event: string, listener: (value: never) => void): unknown;
  /** Ends it. */
  terminate(): unknown;
  /** Keeps the process alive. */
  ref(): void;
  /** Does not keep the process alive. */
  unref(): void;
}

/** One step of {@link PlateRecognizer.create}. Phases may overlap; within one, `loaded` never falls. */
export interface Progress {
  /** `wasm` and `weights` are downloads; `compile` makes the module ready; `warmup` reads a grey frame. */
  phase: 'wasm' | 'weights' | 'compile' | 'warmup';
  /** Bytes so far when downloading; otherwise 0 at the start and 1 at the end. */
  loaded: number;
  /** Bytes to come in all, where the server says so; 1 for `compile` and `warmup`. */
  total?: number;
}

/** What pictures will mostly be like. */
export interface TypicalFrame {
  /**
   * Pixels, 1 to 8192.
   * @defaultValue 1280
   */
  width?: number;
  /**
   * Pixels, 1 to 8192.
   * @defaultValue 720
   */
  height?: number;
  /**
   * Plates in one picture, 0 to 32.
   * @defaultValue 1
   */
  plates?: number;
}

/** Options of {@link PlateRecognizer.create}. */
export interface CreateOptions {
  /**
   * Where to run.
   *
   * - `cpu`: WebAssembly with SIMD. A small download; one plate takes some milliseconds on a desktop.
   * - `webgpu`: the GPU. Rejects with `UNSUPPORTED` where there is no adapter.
   * - `auto`: starts on the CPU and measures it with a frame like {@link CreateOptions.typical}. WebGPU's module is several
   *   times as large, and reading a result back from a GPU takes milliseconds, so it is downloaded and measured against the
   *   CPU only when there is a hardware adapter and the CPU turns out slow. The thread that reads remembers what was
   *   measured; a new worker measures again. `info.backend` says what was taken and `info.fallbackReason` why it is not WebGPU. Without
   *   `warmup` nothing can be measured and `auto` is `cpu`.
   *
   * @defaultValue `'auto'`
   */
  backend?: Backend | 'auto';
  /** What pictures will mostly be like: what `auto` measures with, and what is made ready beforehand. */
  typical?: TypicalFrame;
  /**
   * The wasm modules, when they are not next to this script. Each is started once a thread: a second recognizer on
   * the same backend and thread shares the first one's module and ignores this option.
   */
  wasm?: Partial<Record<Backend, WasmSource>>;
  /** Other weights than the package's own, whose SHA-256 is checked. A bare source is the recognizer's. */
  weights?: WeightsSource | WeightsSources;
  /**
   * Whether to work in a worker, so that the calling thread never waits.
   *
   * - `true`: in a worker from a file of this package. Where none can be started, on the calling thread; `info.worker` says
   *   which, and `info.workerReason` why.
   * - `false`: on the calling thread, which has its turn between two calls only.
   * - a `Worker`: in this one, whose script has to import `kr-lpr/worker`. It is the recognizer's from then on, which ends
   *   it when it is closed or cannot be created. Where it does not answer, `create` rejects with `LOAD_FAILED`.
   *
   * In `kr-lpr/inline` everything happens on the calling thread.
   *
   * @defaultValue true on pages and in Node's main thread, false in code that runs in a worker itself
   */
  worker?: boolean | Platform<'Worker'> | ThreadWorker;
  /** Gives up loading; the promise rejects with the signal's `reason`. */
  signal?: Platform<'AbortSignal'>;
  /** Called while downloading, compiling and warming up. */
  onProgress?: (progress: Progress) => void;
  /**
   * Reads a grey frame like {@link CreateOptions.typical} before the promise resolves, so that the first real one is as fast as
   * the rest.
   * @defaultValue true
   */
  warmup?: boolean;
}

/** What every look at a picture has to know. */
export interface LookOptions {
  /**
   * Looks at this part of the picture only, in pixels of the source. What lies outside of the picture is left out.
   * @defaultValue the whole picture
   */
  region?: Rect;
  /**
   * How far plates are searched for in a scene.
   *
   * - `thorough`, for single pictures: at up to 320x240 pixels, 640x480 and 1280x960 (480x640 and 960x1280 where the picture is
   *   taller than wide). Plates of 20 pixels or more can be found in pictures of up to that size.
   * - `quick`, for frames of a video: at up to 320x240 and, unless everything found there is surely a plate, 640x480. A frame of
   *   1280x720 takes a third of the time of a thorough search, but plates below 40 pixels are rarely found in it.
   *
   * @defaultValue `'thorough'`; `'quick'` for frames of a tracker and of a camera
   */
  search?: 'thorough' | 'quick';
  /**
   * Most plates to find in a scene, 1 to 32; the surest are kept.
   * @defaultValue 8
   */
  maxPlates?: number;
  /**
   * What is behind the parts of a picture that are transparent.
   * @defaultValue `'white'`
   */
  background?: 'white' | 'black';
  /** Gives up; the promise rejects with the signal's `reason`. */
  signal?: Platform<'AbortSignal'>;
}

/** Options of {@link PlateRecognizer.detect}. */
export interface DetectOptions extends LookOptions {
  /**
   * Leaves out what is a plate with less probability, 0 to 1.
   * @defaultValue 0.5
   */
  minDetectionConfidence?: number;
}

/** Options of {@link PlateRecognizer.recognize}. */
export interface RecognizeOptions extends LookOptions {
  /**
   * What the picture, or its `region`, shows.
   *
   * - `crop`: one plate that fills it, or lies in `quad`.
   * - `scene`: any number of plates, which have to be found. Rejects with `UNSUPPORTED` without weights for it
   *   (`info.detector` is `null`).
   * - `auto`: `crop` where there is a `quad` or no weights to find plates with; else as the picture suggests.
   *
   * @defaultValue `'auto'`
   */
  mode?: 'auto' | 'crop' | 'scene';
  /**
   * By how many degrees, clockwise, the picture has to be turned to be upright: for cameras that are mounted on their side or
   * upside down. `auto` turns it where no plate is found as it is, which takes up to four times as long. Corners are those of
   * the picture as it is given.
   * @defaultValue 0
   */
  orientation?: 0 | 90 | 180 | 270 | 'auto';
  /**
   * Lists plates of which some characters cannot be read, with `?` in their place, in `plates` instead of `rejected`.
   * @defaultValue false
   */
  partial?: boolean;
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
   * Readings below this confidence are listed in `rejected` instead of `plates`, 0 to 1.
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
}

/** Options of {@link PlateRecognizer.createTracker}: how frames are read, and how sure a track has to be. */
export interface TrackOptions extends Omit<RecognizeOptions, 'quad' | 'signal' | 'minConfidence' | 'partial' | 'plateImage' | 'attention'> {
  /**
   * Milliseconds without sight after which a track is lost, at least 1.
   * @defaultValue 500
   */
  lostAfterMs?: number;
  /**
   * Milliseconds without sight after which a track is forgotten; at least `lostAfterMs`, which is as long as it is waited for what
   * was seen in one frame only. Where frames come slowly both are two and a half frames at least; frames more than 3000 ms apart
   * each stand alone.
   * @defaultValue 3000
   */
  forgetAfterMs?: number;
  /**
   * Milliseconds after which a picture that stands still, and is not frozen, counts as another frame, at least 1.
   * @defaultValue 700
   */
  stillMs?: number;
  /**
   * Independent frames that must have read a text whole for it to be confirmed, at least 2; and three more for each that could not
   * see one of its characters.
   * @defaultValue 3
   */
  minAgreeing?: number;
  /**
   * Probability a text must have to be confirmed, 0.5 to 0.999999.
   * @defaultValue 0.997
   */
  confirmConfidence?: number;
  /**
   * Most tracks at a time, at least 1.
   * @defaultValue 64
   */
  maxTracks?: number;
}

/** Options of {@link PlateTracker.push}. */
export interface PushOptions {
  /** Reads this part of the frame only, in pixels of the source. */
  region?: Rect;
  /** Gives up; the promise rejects with the signal's `reason`. */
  signal?: Platform<'AbortSignal'>;
}
