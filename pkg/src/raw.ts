/**
 * The shapes that cross the boundary to wasm. `src/wasm.rs` is their other side; users see `types.ts` instead.
 * @module
 */
import type { PlateCandidate, PlateChar, PlateKind, PlateParts } from './types.js';

/** Options of {@link RawRecognizer.read}. @internal */
export interface RawOptions {
  mode: 'auto' | 'crop' | 'scene';
  /** x, y of the four corners. */
  quad?: number[];
  align: boolean;
  grammar: 'strict' | 'soft' | 'off';
  nBest: number;
  maxPlates: number;
  plateImage: boolean;
}

/** One plate that was read. @internal */
export interface RawReading {
  text: string;
  confidence: number;
  valid: boolean;
  kind: PlateKind;
  kindConfidence: number;
  parts: PlateParts;
  chars: PlateChar[];
  candidates: PlateCandidate[];
  /** x, y of the four corners. */
  corners: number[];
  plateImage?: Uint8Array;
  plateWidth: number;
  plateHeight: number;
}

/** Milliseconds. @internal */
export interface RawTiming {
  preprocess: number;
  detect: number;
  recognize: number;
}

/** What {@link RawRecognizer.read} resolves to. @internal */
export interface RawResult extends RawTiming {
  readings: RawReading[];
}

/** Options of {@link RawRecognizer.detect}. @internal */
export interface RawDetectOptions {
  maxPlates: number;
}

/** What {@link RawRecognizer.detect} resolves to. @internal */
export interface RawDetection {
  /** The surest first. */
  boxes: {
    confidence: number;
    /** x, y of the four corners. */
    corners: number[];
  }[];
}

/** What the weights and the build say about themselves. @internal */
export interface RawInfo {
  model: string;
  recipe: string;
  commit: string;
  simd: boolean;
}

/** One loaded network. @internal */
export interface RawRecognizer {
  readCrop(
    pixels: Uint8Array,
    width: number,
    height: number,
    channels: number,
    options: Omit<RawOptions, 'mode' | 'maxPlates'>,
  ): Promise<RawReading & Omit<RawTiming, 'detect'>>;
  info(): RawInfo;
  free(): void;
}

/** The generated module of one backend. @internal */
export interface RawModule {
  openDevice(): Promise<void>;
  Recognizer: { open(weights: Uint8Array): RawRecognizer };
  onPanic(callback: (message: string) => void): void;
}
