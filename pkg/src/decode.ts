/**
 * Decodes files of pictures to pixels where nothing else does: JPEG, PNG and WebP, upright as EXIF says. In Node
 * `recognize` does this by itself, and browsers have decoders of their own.
 *
 * ```ts
 * import { decodeFile } from 'kr-lpr/decode';
 * const { plates } = await recognizer.recognize(await decodeFile(bytes));
 * ```
 * @module
 */
import { type DecodeOptions, type FileBytes, decoder } from './decoder.js';
import type { RawPixels } from './picture.js';

// Not among `files.ts`, of which bundlers ship every file.
const decode = decoder(() => new URL('./wasm/decode/kr_lpr_decode.wasm', import.meta.url));

/**
 * The pixels of a JPEG, PNG or WebP file: grey, RGB or RGBA, as the file has them.
 *
 * Rejects with a {@link KrLprError}: `BAD_INPUT` for another format, a damaged file and one of more than 134 million pixels,
 * `LOAD_FAILED` where the wasm module cannot be had.
 */
export function decodeFile(file: FileBytes, options: DecodeOptions = {}): Promise<RawPixels> {
  return decode(file, options);
}

export { KrLprError } from './errors.js';
export type { KrLprErrorCode } from './errors.js';
export type { DecodeOptions, FileBytes } from './decoder.js';
export type { WasmSource } from './options.js';
export type { RawPixels } from './picture.js';
