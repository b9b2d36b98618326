/**
 * Decoding files and image elements: by the browser, to the bytes that the file has, and upright as EXIF says.
 * @module
 */
import { drawSeeThrough } from './canvas.js';
import { KrLprError, messageOf } from './errors.js';
import { pictureHeader } from './header.js';
import type { Rect } from './picture.js';
import { type Taken, checkSize, className } from './taken.js';

/** Not converted to the screen's colours, and with colours that alpha has not been multiplied with. */
const EXACT: ImageBitmapOptions = { imageOrientation: 'from-image', premultiplyAlpha: 'none', colorSpaceConversion: 'none' };

/** The marker that ends a JPEG file: ITU T.81, table B.1. */
const END_OF_IMAGE = new Uint8Array([0xff, 0xd9]);

/** Rows that the blocks of one row of a JPEG file have, at most. */
const BLOCK_ROWS = 16;

/** Takes the pixels of a file. @internal */
export async function decodeBlob(blob: Blob, region: Rect | undefined): Promise<Taken> {
  if (blob.size === 0) throw new KrLprError('BAD_INPUT', 'the file is empty');
  const header = pictureHeader(new Uint8Array(await blob.arrayBuffer()));
  if (header) checkSize(header);
  if (!header?.truncated) return decodeWhole(blob, region);
  if (header.format === 'png') throw new KrLprError('BAD_INPUT', 'the PNG file is cut off');
  // Cameras that were switched off leave files that lack nothing but their end, and pages show them.
  const taken = await decodeWhole(new Blob([blob, END_OF_IMAGE], { type: blob.type }), region);
  const missing = greyRows(taken);
  if (missing <= BLOCK_ROWS) return taken;
  throw new KrLprError('BAD_INPUT', `the JPEG file is cut off: of ${taken.pixels.height} rows the last ${missing} are missing`);
}

async function decodeWhole(blob: Blob, region: Rect | undefined): Promise<Taken> {
  try {
    return drawBitmap(await createImageBitmap(blob, EXACT), region);
  } catch (cause) {
    if (cause instanceof KrLprError) throw cause;
    // Older browsers do not know every option.
    return asShown(blob, region).catch((shown: unknown) => {
      if (shown instanceof KrLprError) throw shown;
      const message = `the browser cannot decode the file (${blob.type || 'of unknown type'}): ${messageOf(cause)}`;
      throw new KrLprError('BAD_INPUT', message, { cause });
    });
  }
}

/** Rows at the end of a picture in which there is nothing but the grey that decoders put in the place of what is missing. */
function greyRows({ pixels: { data, width, height } }: Taken): number {
  let at = data.length;
  while (at > 0 && data[at - 4] === 128 && data[at - 3] === 128 && data[at - 2] === 128) at -= 4;
  return height - Math.ceil(at / (4 * width));
}

/** Takes the pixels of an image element. @internal */
export async function decodeElement(image: HTMLImageElement | SVGImageElement, region: Rect | undefined): Promise<Taken> {
  const html = className(image) === 'HTMLImageElement' ? (image as HTMLImageElement) : undefined;
  const describe = html ? 'the image element has no picture' : 'the SVG image has no picture';
  if (html) await loaded(html, describe);
  try {
    return drawBitmap(await createImageBitmap(image, EXACT), region);
  } catch (cause) {
    if (cause instanceof KrLprError) throw cause;
    if (html) return drawElement(html, region);
    throw new KrLprError('BAD_INPUT', `${describe}: ${messageOf(cause)}`, { cause });
  }
}

async function loaded(image: HTMLImageElement, describe: string): Promise<void> {
  if (!image.complete) {
    await image.decode().catch((cause: unknown) => {
      throw new KrLprError('BAD_INPUT', `${describe}: ${messageOf(cause)}`, { cause });
    });
  }
  if (image.naturalWidth === 0) throw new KrLprError('BAD_INPUT', `${describe}: it is broken, empty or not loaded yet`);
  checkSize({ width: image.naturalWidth, height: image.naturalHeight });
}

/** The picture as a page shows it: other colours than the file's where it has a colour profile. */
async function asShown(blob: Blob, region: Rect | undefined): Promise<Taken> {
  if (typeof Image !== 'function') return drawBitmap(await createImageBitmap(blob), region); // in a worker
  const address = URL.createObjectURL(blob);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    return drawElement(image, region);
  } finally {
    URL.revokeObjectURL(address);
  }
}

function drawElement(image: HTMLImageElement, region: Rect | undefined): Taken {
  return drawSeeThrough(image, className(image), { width: image.naturalWidth, height: image.naturalHeight }, region);
}

function drawBitmap(bitmap: ImageBitmap, region: Rect | undefined): Taken {
  try {
    return drawSeeThrough(bitmap, 'picture', { width: bitmap.width, height: bitmap.height }, region);
  } finally {
    bitmap.close();
  }
}
