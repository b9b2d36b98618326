/**
 * Taking the pixels of any source, each in its own way.
 * @module
 */
import { drawOpaque, drawSeeThrough } from './canvas.js';
import { KrLprError } from './errors.js';
import { decodeBlob, decodeElement } from './images.js';
import type { PlateSource, RawPixels, Rect } from './picture.js';
import { type Part, type Taken, checkSize, className, partOf, takenOf } from './taken.js';

/** Decodes the bytes of a file where no browser does. @internal */
export type FileDecoder = (file: Uint8Array) => Promise<RawPixels>;

/** Sources that are decoded first. */
const ENCODED = ['Blob', 'File', 'Uint8Array', 'ArrayBuffer', 'HTMLImageElement', 'SVGImageElement'];

/**
 * Takes the pixels of any source, or of a region of it.
 *
 * Everything but files and image elements is read before the returned promise is awaited.
 * @internal
 */
export async function takePixels(source: PlateSource, region?: Rect, decode?: FileDecoder): Promise<Taken> {
  const name = className(source);
  switch (name) {
    case 'Blob':
    case 'File':
    case 'Uint8Array':
    case 'ArrayBuffer': {
      const file = source as Blob | Uint8Array | ArrayBuffer;
      if (decode) return fromRaw(await decode(await bytesOf(file)), region);
      return decodeBlob('size' in file ? file : new Blob([file as BlobPart]), region);
    }
    case 'HTMLImageElement':
    case 'SVGImageElement':
      return decodeElement(source as HTMLImageElement | SVGImageElement, region);
    case 'HTMLVideoElement': {
      const video = source as HTMLVideoElement;
      if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
        throw new KrLprError('BAD_INPUT', 'the video shows no frame yet; wait for its `loadeddata` event');
      }
      return drawOpaque(video, name, { width: video.videoWidth, height: video.videoHeight }, region);
    }
    case 'VideoFrame': {
      const { displayWidth: width, displayHeight: height } = source as VideoFrame;
      return drawOpaque(source as VideoFrame, name, { width, height }, region);
    }
    case 'HTMLCanvasElement':
    case 'OffscreenCanvas':
    case 'ImageBitmap': {
      const { width, height } = source as OffscreenCanvas;
      return drawSeeThrough(source as OffscreenCanvas, name, { width, height }, region);
    }
  }
  if (typeof source === 'object' && source !== null && 'data' in source && 'width' in source && 'height' in source) {
    return fromRaw(source as RawPixels, region);
  }
  throw new KrLprError(
    'BAD_INPUT',
    `cannot read a plate from ${name}; give a canvas, ImageData, ImageBitmap, image or ` +
      `video element, VideoFrame, Blob, the bytes of a file, or {data, width, height, channels}`,
  );
}

/** Whether a source is decoded, and so takes memory, only when it is its turn. @internal */
export function isEncoded(source: PlateSource): boolean {
  return ENCODED.includes(className(source));
}

async function bytesOf(file: Blob | Uint8Array | ArrayBuffer): Promise<Uint8Array> {
  if ('size' in file) return new Uint8Array(await file.arrayBuffer());
  return ArrayBuffer.isView(file) ? file : new Uint8Array(file);
}

function fromRaw(source: RawPixels, region: Rect | undefined): Taken {
  const { data, width, height, channels = 4 } = source;
  const size = { width, height };
  checkSize(size);
  if (channels !== 1 && channels !== 3 && channels !== 4) {
    throw new KrLprError('BAD_INPUT', `channels is ${String(channels)}; 1 (grey), 3 (RGB) and 4 (RGBA) are read`);
  }
  if (!['Uint8Array', 'Uint8ClampedArray'].includes(className(data))) {
    throw new KrLprError('BAD_INPUT', 'data must be a Uint8Array or a Uint8ClampedArray: 8 bits a channel');
  }
  if (data.length !== width * height * channels) {
    throw new KrLprError(
      'BAD_INPUT',
      `${width}x${height} with ${channels} bytes a pixel needs ${width * height * channels} bytes, got ${data.length}`,
    );
  }
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  if (channels === 4 && bytes.every((byte) => byte === 0)) {
    throw new KrLprError('BAD_INPUT', 'every pixel of the picture is transparent; was it read from a canvas on which nothing was drawn?');
  }
  const part = partOf(size, region);
  const whole = part.columns === width && part.rows === height;
  return takenOf(part, size, whole ? bytes : sampled(bytes, width, channels, part), channels, !whole);
}

/** The pixels of a part; where it has more than are taken, each is the mean of those it stands for. */
function sampled(bytes: Uint8Array, width: number, channels: number, part: Part): Uint8Array {
  const { columns, rows } = part;
  const out = new Uint8Array(columns * rows * channels);
  if (columns === part.width) {
    for (let row = 0; row < rows; row += 1) {
      const start = ((part.y + row) * width + part.x) * channels;
      out.set(bytes.subarray(start, start + columns * channels), row * columns * channels);
    }
    return out;
  }
  const edge = (index: number, count: number, length: number): number => Math.floor((index * length) / count);
  for (let row = 0; row < rows; row += 1) {
    const [top, bottom] = [edge(row, rows, part.height), edge(row + 1, rows, part.height)];
    for (let column = 0; column < columns; column += 1) {
      const [left, right] = [edge(column, columns, part.width), edge(column + 1, columns, part.width)];
      for (let channel = 0; channel < channels; channel += 1) {
        let sum = 0;
        for (let y = top; y < bottom; y += 1) {
          for (let x = left; x < right; x += 1) sum += bytes[((part.y + y) * width + part.x + x) * channels + channel] ?? 0;
        }
        out[(row * columns + column) * channels + channel] = sum / ((bottom - top) * (right - left));
      }
    }
  }
  return out;
}
