/**
 * The shapes that cross the boundary to wasm. `src/wasm.rs` is their other side; users see `types.ts` instead.
 * @module
 */
import type { PlateCandidate, PlateKind, PlateParts, PlateChar } from './types.js';

/** Options of {@link RawRecognizer.readCrop}. @internal */
export interface RawOptions {
  /** x, y of the four corners. */
  quad?: number[];
  align: boolean;
  grammar: 'strict' | 'soft' | 'off';
  nBest: number;
  plateImage: boolean;
}

/** What {@link RawRecognizer.readCrop} resolves to. @internal */
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
  sharpness: number;
  plateImage?: Uint8Array;
  plateWidth: number;
  plateHeight: number;
  /** Milliseconds. */
  preprocess: number;
  /** Milliseconds. */
  recognize: number;
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
  readCrop(pixels: Uint8Array, width: number, height: number, channels: number, options: RawOptions): Promise<RawReading>;
  info(): RawInfo;
  free(): void;
}

/** The generated module of one backend. @internal */
export interface RawModule {
  openDevice(): Promise<void>;
  Recognizer: { open(weights: Uint8Array): RawRecognizer };
  onPanic(callback: (message: string) => void): void;
}
