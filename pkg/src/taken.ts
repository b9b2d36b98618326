/**
 * How much of a picture is taken, and the pixels that were.
 * @module
 */
import { KrLprError } from './errors.js';
import type { Rect, Size } from './picture.js';

/** Pixels on their way to wasm; the length fits. @internal */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  /** The buffer was made here, holds nothing else and may be given away. */
  ours: boolean;
}

/** Pixels, and what part of which picture they are. @internal */
export interface Taken {
  pixels: Pixels;
  /** Where the pixels begin in the picture. */
  x: number;
  y: number;
  /** How many of the picture's pixels one of these is, to the right and downwards: 1 unless it is very large. */
  across: number;
  down: number;
  /** Of the whole picture. */
  size: Size;
}

/** A part of a picture, and the number of pixels that are taken of it. @internal */
export interface Part extends Rect {
  columns: number;
  rows: number;
}

/** Longest side, as `src/frame.rs` has it. */
const MAX_SIDE = 16_384;

/** Most pixels of a picture: 512 MiB of RGBA while it is decoded. */
const MAX_PIXELS = 1 << 27;

/**
 * Most pixels that are taken: what a canvas on iOS holds. The smallest plate that can be found is two hundred times smaller than
 * the picture, and so in a picture of that size has pixels to spare.
 */
const MAX_TAKEN = 1 << 24;

/** The platform's own name of an object's class; unlike `instanceof` it also works for objects of other windows. @internal */
export function className(source: unknown): string {
  if (source === null || typeof source !== 'object') return source === null ? 'null' : typeof source;
  return Object.prototype.toString.call(source).slice('[object '.length, -1);
}

/** Refuses what is no picture, or too large a one. @internal */
export function checkSize({ width, height }: Size): void {
  if (!Number.isInteger(width) || !Number.isInteger(height) || width < 1 || height < 1) {
    throw new KrLprError('BAD_INPUT', `the picture is empty (${String(width)}x${String(height)}); give one of at least 1x1 pixels`);
  }
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new KrLprError(
      'BAD_INPUT',
      `the picture is ${width}x${height}; at most ${MAX_SIDE} pixels a side and ${MAX_PIXELS} in all are read, scale it down`,
    );
  }
}

/** What is to be taken of a picture: the whole pixels that a region touches, and of very many every second or third. @internal */
export function partOf(size: Size, region: Rect | undefined): Part {
  checkSize(size);
  const { x, y, width, height } = region ? clip(region, size) : { x: 0, y: 0, ...size };
  const factor = Math.ceil(Math.sqrt((width * height) / MAX_TAKEN));
  return { x, y, width, height, columns: Math.ceil(width / factor), rows: Math.ceil(height / factor) };
}

/** Pixels of a part of a picture. @internal */
export function takenOf(part: Part, size: Size, data: Uint8Array, channels: 1 | 3 | 4, ours: boolean): Taken {
  const { x, y, width, height, columns, rows } = part;
  const pixels: Pixels = { data, width: columns, height: rows, channels, ours };
  return { pixels, x, y, across: width / columns, down: height / rows, size };
}

function clip(region: Rect, { width, height }: Size): Rect {
  const [left, top] = [Math.max(0, Math.floor(region.x)), Math.max(0, Math.floor(region.y))];
  const right = Math.min(width, Math.ceil(region.x + region.width));
  const bottom = Math.min(height, Math.ceil(region.y + region.height));
  if (left >= right || top >= bottom) {
    throw new KrLprError(
      'BAD_INPUT',
      `the region at (${region.x}, ${region.y}) of ${region.width}x${region.height} is outside of the picture of ${width}x${height}`,
    );
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
