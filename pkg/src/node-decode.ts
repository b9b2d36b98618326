/**
 * `kr-lpr/decode` in Node, with its wasm module from the disk; see `decode.ts`.
 * @module
 */
import { type DecodeOptions, type FileBytes, decoder } from './decoder.js';
import { fileBytes } from './node-files.js';
import type { RawPixels } from './picture.js';

const decode = decoder(() => fileBytes(new URL('./wasm/decode/kr_lpr_decode.wasm', import.meta.url)));

/** See `decode.ts`. */
export function decodeFile(file: FileBytes, options: DecodeOptions = {}): Promise<RawPixels> {
  return decode(file, options);
}

export { KrLprError } from './errors.js';
