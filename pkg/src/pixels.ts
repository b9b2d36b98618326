import { KrLprError, messageOf } from './errors.js';
import { pictureHeader } from './header.js';
import type { PlateSource, RawPixels } from './types.js';

/** Pixels on their way to wasm; the length fits. @internal */
export interface Pixels {
  data: Uint8Array;
  width: number;
  height: number;
  channels: 1 | 3 | 4;
}

/** Longest side, as `src/frame.rs` has it. */
const MAX_SIDE = 16_384;

/** Most pixels: 256 MiB of RGBA. Canvases of phones hold less. */
const MAX_PIXELS = 1 << 26;

/**
 * Takes the pixels of any source, as many as it has: scaling is left to the one warp that the network was trained with.
 *
 * Everything but a `Blob` and an image element is read before the returned promise is awaited.
 * @internal
 */
export async function takePixels(source: PlateSource): Promise<Pixels> {
  if (typeof source !== 'object' || source === null) {
    throw new KrLprError('BAD_INPUT', `cannot read a plate from ${source === null ? 'null' : typeof source}`);
  }
  switch (className(source)) {
    case 'Blob':
    case 'File':
      return decode(source as Blob);
    case 'HTMLImageElement':
      return takeImage(source as HTMLImageElement);
    case 'HTMLVideoElement':
      return takeVideo(source as HTMLVideoElement);
    case 'VideoFrame': {
      const frame = source as VideoFrame;
      return draw(frame, frame.displayWidth, frame.displayHeight);
    }
    case 'HTMLCanvasElement':
    case 'OffscreenCanvas':
    case 'ImageBitmap': {
      const canvas = source as HTMLCanvasElement | OffscreenCanvas | ImageBitmap;
      return draw(canvas, canvas.width, canvas.height);
    }
  }
  if ('data' in source && 'width' in source && 'height' in source) return fromRaw(source as RawPixels);
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

function fromRaw(source: RawPixels): Pixels {
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
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels };
}

async function decode(blob: Blob): Promise<Pixels> {
  if (blob.size === 0) throw new KrLprError('BAD_INPUT', 'the file is empty');
  const header = pictureHeader(new Uint8Array(await blob.arrayBuffer()));
  if (header) {
    checkSize(header.width, header.height);
    if (header.truncated) throw new KrLprError('BAD_INPUT', `the ${header.format.toUpperCase()} file is cut off`);
  }
  return drawBitmap(blob, `the browser cannot decode the file (${blob.type || 'of unknown type'})`);
}

async function takeImage(image: HTMLImageElement): Promise<Pixels> {
  const describe = 'the image element has no picture';
  if (!image.complete) {
    await image.decode().catch((cause: unknown) => {
      throw new KrLprError('BAD_INPUT', `${describe}: ${messageOf(cause)}`, { cause });
    });
  }
  if (image.naturalWidth === 0) throw new KrLprError('BAD_INPUT', `${describe}: it is broken, empty or not loaded yet`);
  checkSize(image.naturalWidth, image.naturalHeight);
  return drawBitmap(image, describe);
}

async function takeVideo(video: HTMLVideoElement): Promise<Pixels> {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) {
    throw new KrLprError('BAD_INPUT', 'the video shows no frame yet; wait for its `loadeddata` event');
  }
  return draw(video, video.videoWidth, video.videoHeight);
}

/** Turned upright as EXIF says, and with the bytes of the file: not converted to the screen's colours. */
async function drawBitmap(source: Blob | HTMLImageElement, describe: string): Promise<Pixels> {
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
    return draw(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

/** Reads pixels back from a canvas of the source's own size: a copy, not a resampling. */
function draw(source: CanvasImageSource, width: number, height: number): Pixels {
  checkSize(width, height);
  const context = canvasContext(width, height);
  try {
    context.drawImage(source, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    return { data: new Uint8Array(data.buffer), width, height, channels: 4 };
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
    throw new KrLprError('BAD_INPUT', `the picture is empty (${width}x${height}); give one of at least 1x1 pixels`);
  }
  if (width > MAX_SIDE || height > MAX_SIDE || width * height > MAX_PIXELS) {
    throw new KrLprError(
      'BAD_INPUT',
      `the picture is ${width}x${height}; at most ${MAX_SIDE} pixels a side and ${MAX_PIXELS} in all are read, scale it down`,
    );
  }
}
