/**
 * The shapes that cross the boundary to wasm. `pkg/wasm-crate` is their other side; users see `options.ts` and `results.ts` instead.
 * @module
 */
import type { TrackOptions } from './options.js';
import type { PlateCandidate, PlateChar, PlateCut, PlateKind, PlateParts, Rejection, Track } from './results.js';

/** Options of {@link RawRecognizer.read}. @internal */
export interface RawOptions {
  mode: 'auto' | 'crop' | 'scene';
  search: 'thorough' | 'quick';
  /** x, y of the four corners. */
  quad?: number[];
  align: boolean;
  grammar: 'strict' | 'soft' | 'off';
  nBest: number;
  maxPlates: number;
  minConfidence: number;
  background: 'white' | 'black';
  orientation: '0' | '90' | '180' | '270' | 'auto';
  partial: boolean;
  plateImage: boolean;
  attention: boolean;
}

/** One character of a plate that was read. @internal */
export interface RawChar extends Omit<PlateChar, 'cornerPoints' | 'attention'> {
  /** x, y of the four corners, where they are known. */
  corners?: number[];
  /** Row by row, of `attentionGrid`; where it was asked for. */
  attention?: Float32Array;
}

/** One plate that was read. @internal */
export interface RawReading {
  text: string;
  confidence: number;
  valid: boolean;
  complete: boolean;
  cut: PlateCut;
  reason?: Rejection;
  kind: PlateKind;
  kindConfidence: number;
  parts: PlateParts;
  chars: RawChar[];
  candidates: PlateCandidate[];
  /** x, y of the four corners. */
  corners: number[];
  sharpness: number;
  plateImage?: Uint8Array;
  plateWidth: number;
  plateHeight: number;
  /** Rows and columns. */
  attentionGrid: [number, number];
  /** How sure the detector is; undefined where it was not asked. */
  detection?: number;
}

/** Milliseconds; `total` is put in by the engine. @internal */
export interface RawTiming {
  preprocess: number;
  detect: number;
  recognize: number;
  decode: number;
  total?: number;
}

/** What {@link RawRecognizer.read} resolves to. @internal */
export interface RawResult {
  /** What the picture was taken for. */
  mode: 'crop' | 'scene';
  /** Degrees. */
  orientation: 0 | 90 | 180 | 270;
  plates: RawReading[];
  rejected: RawReading[];
  timing: RawTiming;
}

/** Options of {@link RawRecognizer.detect}. @internal */
export interface RawDetectOptions {
  mode: 'scene';
  search: 'thorough' | 'quick';
  minConfidence: number;
  maxPlates: number;
  background: 'white' | 'black';
}

/** What {@link RawRecognizer.detect} resolves to. @internal */
export interface RawDetection {
  /** The surest first. */
  boxes: {
    confidence: number;
    /** x, y of the four corners. */
    corners: number[];
  }[];
  timing: RawTiming;
}

/** What the weights and the build say about themselves. @internal */
export interface RawInfo {
  model: string;
  recipe: string;
  commit: string;
  /** The detector's model and commit; undefined without one. */
  detector?: string;
  simd: boolean;
}

/** The loaded networks. @internal */
export interface RawRecognizer {
  /** `pixels`: `width * height * channels` bytes. */
  read(pixels: Uint8Array, width: number, height: number, channels: number, options: RawOptions): Promise<RawResult>;
  detect(
    pixels: Uint8Array,
    width: number,
    height: number,
    channels: number,
    options: RawDetectOptions,
  ): Promise<RawDetection>;
  /** Reads a frame, and has `tracker` follow what is read. */
  follow(
    tracker: RawTracker,
    timestampMs: number,
    pixels: Uint8Array,
    width: number,
    height: number,
    channels: number,
    options: RawOptions,
  ): Promise<RawUpdate>;
  /** Does what a frame of that size with so many plates takes, on a grey one. */
  rehearse(width: number, height: number, plates: number): Promise<void>;
  info(): RawInfo;
  free(): void;
}

/** Options of a tracker; what is left out has its default. @internal */
export type RawTrackOptions = Pick<
  TrackOptions,
  'lostAfterMs' | 'forgetAfterMs' | 'stillMs' | 'minAgreeing' | 'confirmConfidence' | 'maxTracks'
>;

/** A plate over time. @internal */
export interface RawTrack extends Omit<Track, 'best' | 'smoothedCornerPoints'> {
  /** Which of the frame's readings it is; undefined where it was not seen. */
  reading?: number;
  text: string;
  confidence: number;
  valid: boolean;
  chars: PlateChar[];
  kind?: PlateKind;
  corners: number[];
  smoothed: number[];
}

/** What {@link RawRecognizer.follow} resolves to. @internal */
export interface RawUpdate {
  tracks: RawTrack[];
  /** Everything that was read in the frame. */
  readings: RawReading[];
  timing: RawTiming;
}

/** The tracker in wasm. @internal */
export interface RawTracker {
  reset(): void;
  free(): void;
}

/** The generated module of one backend. @internal */
export interface RawModule {
  openDevice(): Promise<void>;
  Tracker: new (options: RawTrackOptions) => RawTracker;
  Recognizer: { open(recognizer: Uint8Array, detector?: Uint8Array | null): RawRecognizer };
  onPanic(callback: (message: string) => void): void;
}
