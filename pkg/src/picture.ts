/**
 * Pictures, and places in them.
 * @module
 */
import type { Platform } from './platform.js';

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
   * 1 is grey, 3 is RGB, 4 is RGBA with an alpha that the colours are not multiplied by. Where alpha is 0 everywhere, it is
   * taken for padding.
   * @defaultValue 4
   */
  channels?: 1 | 3 | 4;
}

/**
 * Anything a picture can come from. A `Blob`, a `Uint8Array` and an `ArrayBuffer` are files: JPEG, PNG and whatever else the
 * browser decodes.
 *
 * Canvases, bitmaps, videos and frames are read when the call is made, and may be changed or closed at once. Files and image
 * elements are decoded, and `ImageData` and {@link RawPixels} read, when the call's turn comes, so leave them alone until its
 * promise settles. In Node there are only files and {@link RawPixels}.
 *
 * Pixels are taken at their native size; only of a picture of more than 16.7 million every second, or third, counts in each
 * direction, unless `region` is smaller than that.
 */
export type PlateSource =
  | Platform<'HTMLCanvasElement'>
  | Platform<'OffscreenCanvas'>
  | Platform<'ImageData'>
  | Platform<'ImageBitmap'>
  | Platform<'HTMLImageElement'>
  | Platform<'SVGImageElement'>
  | Platform<'HTMLVideoElement'>
  | Platform<'VideoFrame'>
  | Platform<'Blob'>
  | Uint8Array
  | ArrayBuffer
  | RawPixels;
