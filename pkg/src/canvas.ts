/**
 * Drawing sources that have no pixels of their own to give, and reading the pixels back.
 *
 * What is read back is not believed blindly: browsers that protect against fingerprinting answer with noise or white, and
 * canvases that are too large, or were cleared, with nothing at all. Neither is told by an error.
 * @module
 */
import { KrLprError, messageOf } from './errors.js';
import type { Rect, Size } from './picture.js';
import { type Taken, partOf, takenOf } from './taken.js';

/** A colour that is drawn beside every picture and must come back, and how far off each channel of it may be. */
const KNOWN = [37, 142, 211, 255] as const;
const TOLERANCE = 4;

/** Takes the pixels of a source that has no transparent ones. @internal */
export function drawOpaque(source: CanvasImageSource, name: string, size: Size, region: Rect | undefined): Taken {
  return draw(source, name, size, region);
}

/** Takes the pixels of a source that may be transparent; refuses one of which nothing can be seen. @internal */
export function drawSeeThrough(source: CanvasImageSource, name: string, size: Size, region: Rect | undefined): Taken {
  const taken = draw(source, name, size, region);
  if (isTransparent(taken.pixels.data)) {
    const canvas = name.endsWith('Canvas') || name === 'HTMLCanvasElement';
    throw new KrLprError(
      'BAD_INPUT',
      `every pixel of the ${name} is transparent` +
        (canvas
          ? ': nothing was drawn on it, it is larger than canvases of this browser can be, or it is a WebGL canvas, which has to ' +
            'be read in the task that drew it or be made with `preserveDrawingBuffer`'
          : ''),
    );
  }
  return taken;
}

/** Reads pixels back from a canvas of the size of what is wanted: unless the picture is very large a copy, not a resampling. */
function draw(source: CanvasImageSource, name: string, size: Size, region: Rect | undefined): Taken {
  const part = partOf(size, region);
  const { columns, rows } = part;
  const [across, down] = [part.width / columns, part.height / rows];
  // The column on the right is that of the known colour.
  const context = canvasContext(columns + 1, rows);
  context.imageSmoothingQuality = 'high';
  let data: Uint8ClampedArray;
  let known: Uint8ClampedArray;
  try {
    context.drawImage(source, -part.x / across, -part.y / down, size.width / across, size.height / down);
    context.clearRect(columns, 0, 1, rows);
    context.fillStyle = `rgb(${KNOWN.slice(0, 3).join(' ')})`;
    context.fillRect(columns, 0, 1, 1);
    ({ data } = context.getImageData(0, 0, columns, rows));
    ({ data: known } = context.getImageData(columns, 0, 1, 1));
  } catch (cause) {
    const tainted = cause instanceof DOMException && cause.name === 'SecurityError';
    const why = tainted
      ? 'it comes from another site, which has to allow reading it (CORS; set `crossOrigin` on the element)'
      : messageOf(cause);
    throw new KrLprError('BAD_INPUT', `the pixels of the ${name} cannot be read: ${why}`, { cause });
  }
  if (known[3] === 0) throw noCanvas(columns, rows);
  if (KNOWN.some((value, channel) => Math.abs(value - (known[channel] ?? 0)) > TOLERANCE)) {
    throw new KrLprError(
      'UNSUPPORTED',
      `this browser does not tell pages what is on a canvas: it answers rgb(${known.slice(0, 3).join(' ')}) where ` +
        `rgb(${KNOWN.slice(0, 3).join(' ')}) was drawn, which protects against fingerprinting. Allow this site to read canvases`,
    );
  }
  return takenOf(part, size, new Uint8Array(data.buffer), 4, true);
}

function isTransparent(rgba: Uint8Array): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 0) return false;
  return true;
}

/** A canvas in memory, not on the GPU, since it is read back at once. */
function canvasContext(width: number, height: number): CanvasRenderingContext2D {
  const canvas = createCanvas(width, height) as HTMLCanvasElement; // the context of either kind does what is needed
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw noCanvas(width, height);
  return context;
}

function createCanvas(width: number, height: number): HTMLCanvasElement | OffscreenCanvas {
  if (typeof OffscreenCanvas === 'function') return new OffscreenCanvas(width, height);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  return canvas;
}

function noCanvas(width: number, height: number): KrLprError {
  return new KrLprError('BAD_INPUT', `the browser has no memory for a canvas of ${width}x${height} pixels; give a smaller picture, or a region of it`);
}
