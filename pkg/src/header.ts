/**
 * The size of an encoded picture, from its first bytes: a small file can claim to be gigabytes of pixels, and it is better
 * to say so than to let the browser decode it. Also whether its end is there, since browsers decode half a file silently.
 * @module
 */

/** What an encoded picture says about itself. @internal */
export interface PictureHeader {
  format: 'png' | 'jpeg';
  width: number;
  height: number;
  /** The last marker of the format is missing: the file was cut off. */
  truncated: boolean;
}

/** Reads a PNG's or a JPEG's header; `undefined` for all other bytes, also for a header cut off. @internal */
export function pictureHeader(bytes: Uint8Array): PictureHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return png(view) ?? jpeg(view);
}

/** PNG (second edition), section 5: signature, then chunks; the first is IHDR, the last IEND. */
function png(view: DataView): PictureHeader | undefined {
  const IHDR = 0x49484452;
  const IEND = 0x49454e44;
  if (view.byteLength < 33 || view.getUint32(0) !== 0x89504e47 || view.getUint32(12) !== IHDR) return undefined;
  let chunk = 8;
  while (chunk + 12 <= view.byteLength && view.getUint32(chunk + 4) !== IEND) chunk += 12 + view.getUint32(chunk);
  const truncated = chunk + 12 > view.byteLength;
  return { format: 'png', width: view.getUint32(16), height: view.getUint32(20), truncated };
}

/** ITU T.81, annex B: segments behind markers up to SOS, then coded data in which FF is followed by 00 or a restart. */
function jpeg(view: DataView): PictureHeader | undefined {
  const [SOI, SOF0, DHT, JPG, SOF15, DAC, EOI, SOS] = [0xd8, 0xc0, 0xc4, 0xc8, 0xcf, 0xcc, 0xd9, 0xda];
  if (view.byteLength < 4 || view.getUint16(0) !== 0xff00 + SOI) return undefined;
  let size: { width: number; height: number } | undefined;
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // fill byte
      continue;
    }
    if (marker >= SOF0 && marker <= SOF15 && marker !== DHT && marker !== JPG && marker !== DAC) {
      size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    if (marker === SOS) break;
    at += 2 + view.getUint16(at + 2);
  }
  if (!size) return undefined;
  const coded = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  let end = coded.indexOf(0xff, at + 2);
  while (end >= 0 && coded[end + 1] !== EOI) end = coded.indexOf(0xff, end + 1);
  return { format: 'jpeg', ...size, truncated: end < 0 };
}
