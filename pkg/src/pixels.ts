import { KrLprError, messageOf } from './errors.js';
import { pictureHeader } from './header.js';
import type { PlateSource, RawPixels, Rect } from './types.js';

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
  /** Of the whole picture. */
  size: { width: number; height: number };
}

/** Longest side, as `src/frame.rs` has it. */
const MAX_SIDE = 16_384;

/** Most pixels: 256 MiB of RGBA. Canvases of phones hold less. */
const MAX_PIXELS = 1 << 26;

/**
 * Takes the pixels of any source, or of a region of it, as many as it has: scaling is left to the one warp that the
 * network was trained with.
 *
 * Everything but a `Blob` and an image element is read before the returned promise is awaited.
 * @internal
 */
export async function takePixels(source: PlateSource, region?: Rect): Promise<Taken> {
  if (typeof source !== 'object' || source === null) {
    throw new KrLprError('BAD_INPUT', `cannot read a plate from ${source === null ? 'null' : typeof source}`);
  }
  switch (className(source)) {
    case 'Blob':
    case 'File':
      return decode(source as Blob, region);
    case 'HTMLImageElement':
      return takeImage(source as HTMLImageElement, region);
    case 'SVGImageElement':
      return drawBitmap(source as SVGImageElement, 'the SVG image has no picture', region);
    case 'HTMLVideoElement':
      return takeVideo(source as HTMLVideoElement, region);
    case 'VideoFrame': {
      const frame = source as VideoFrame;
      return draw(frame, frame.displayWidth, frame.displayHeight, region);
    }
    case 'HTMLCanvasElement':
    case 'OffscreenCanvas':
    case 'ImageBitmap': {
      const canvas = source as HTMLCanvasElement | OffscreenCanvas | ImageBitmap;
      return draw(canvas, canvas.width, canvas.height, region);
    }
  }
  if ('data' in source && 'width' in source && 'height' in source) return fromRaw(source as RawPixels, region);
  throw new KrLprError(
    'BAD_INPUT',
    `cannot read a plate from ${className(source)}; give a canvas, ImageData, ImageBitmap, image or ` +
      `video element, VideoFrame, Blob, or {data, width, height, channels}`,
  );
}

/** The platform's own name of an object's class; unlike `instanceof` it also works for objects of other windows. */
function className(source: object): string {
  return Object.prototype.toString.call(source).slice('[object '.length, -1);
}

function fromRaw(source: RawPixels, region: Rect | undefined): Taken {
  const { data, width, height, channels = 4 } = source;
  checkSize(width, height);
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
  const size = { width, height };
  if (!region) return { pixels: { data: bytes, width, height, channels, ours: false }, x: 0, y: 0, size };
  const part = clip(region, width, height);
  const stride = part.width * channels;
  const copy = new Uint8Array(stride * part.height);
  for (let row = 0; row < part.height; row += 1) {
    const start = ((part.y + row) * width + part.x) * channels;
    copy.set(bytes.subarray(start, start + stride), row * stride);
  }
  const pixels: Pixels = { data: copy, width: part.width, height: part.height, channels, ours: true };
  return { pixels, x: part.x, y: part.y, size };
}

async function decode(blob: Blob, region: Rect | undefined): Promise<Taken> {
  if (blob.size === 0) throw new KrLprError('BAD_INPUT', 'the file is empty');
  const header = pictureHeader(new Uint8Array(await blob.arrayBuffer()));
  if (header) {
    checkSize(header.width, header.height);
    if (header.truncated) throw new KrLprError('BAD_INPUT', `the ${header.format.toUpperCase()} file is cut off`);
  }
  return drawBitmap(blob, `the browser cannot decode the file (${blob.type || 'of unknown type'})`, region);
}

async function takeImage(image: HTMLImageElement, region: Rect | undefined): Promise<Taken> {
  const describe = 'the image element has no picture';
  if (!image.complete) {
    await image.decode().catch((cause: unknown) => {
      throw new KrLprError('BAD_INPUT', `${describe}: ${messageOf(cause)}`, { cause });
    });
  }
  if (image.naturalWidth === 0) throw new KrLprError('BAD_INPUT', `${describe}: it is broken, empty or not loaded yet`);
  checkSize(image.naturalWidth, image.naturalHeight);
  return drawBitmap(image, describe, region);
}

async function takeVideo(video: HTMLVideoElement, region: Rect | undefined): Promise<Taken> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
    throw new KrLprError('BAD_INPUT', 'the video shows no frame yet; wait for its `loadeddata` event');
  }
  return draw(video, video.videoWidth, video.videoHeight, region);
}

/** Turned upright as EXIF says, and with the bytes of the file: not converted to the screen's colours. */
async function drawBitmap(
  source: Blob | HTMLImageElement | SVGImageElement,
  describe: string,
  region: Rect | undefined,
): Promise<Taken> {
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(source, {
      imageOrientation: 'from-image',
      premultiplyAlpha: 'none',
      colorSpaceConversion: 'none',
    });
  } catch (cause) {
    throw new KrLprError('BAD_INPUT', `${describe}: ${messageOf(cause)}`, { cause });
  }
  try {
    return draw(bitmap, bitmap.width, bitmap.height, region);
  } finally {
    bitmap.close();
  }
}

/** Reads pixels back from a canvas of the size of what is wanted: a copy, not a resampling. */
function draw(source: CanvasImageSource, width: number, height: number, region: Rect | undefined): Taken {
  checkSize(width, height);
  const part = region ? clip(region, width, height) : { x: 0, y: 0, width, height };
  const context = canvasContext(part.width, part.height);
  try {
    context.drawImage(source, -part.x, -part.y, width, height);
    const { data } = context.getImageData(0, 0, part.width, part.height);
    const pixels: Pixels = {
      data: new Uint8Array(data.buffer),
      width: part.width,
      height: part.height,
      channels: 4,
      ours: true,
    };
    return { pixels, x: part.x, y: part.y, size: { width, height } };
  } catch (cause) {
    const tainted = cause instanceof DOMException && cause.name === 'SecurityError';
    const why = tainted
      ? 'it comes from another site, which has to allow reading it (CORS; set `crossOrigin` on the element)'
      : messageOf(cause);
    throw new KrLprError('BAD_INPUT', `the pixels of the ${className(source)} cannot be read: ${why}`, { cause });
  }
}

/** A canvas in memory, not on the GPU, since it is read back at once. */
function canvasContext(width: number, height: number): CanvasRenderingContext2D {
  const canvas = createCanvas(width, height) as HTMLCanvasElement; // the context of either kind does what is needed
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new KrLprError('BAD_INPUT', `the browser has no canvas of ${width}x${height} pixels`);
  return context;
}

function createCanvas(width: number, height: number): HTMLCanvasElement | OffscreenCanvas {
  if (typeof OffscreenCanvas === 'function') return new OffscreenCanvas(width, height);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  return canvas;
}

function checkSize(width: number, height: number): void {
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

/** The whole pixels that a region touches, of those that there are. */
function clip(region: Rect, width: number, height: number): Rect {
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
