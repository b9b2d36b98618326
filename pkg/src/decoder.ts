/**
 * Decoding files where no browser does, in a wasm module of its own.
 * @module
 */
import { KrLprError, messageOf } from './errors.js';
import { compile } from './loader.js';
import type { WasmSource } from './options.js';
import type { RawPixels } from './picture.js';
import type { Platform } from './platform.js';
import { className } from './taken.js';
import { instantiate } from './wasm/decode/glue.js';

/** The bytes of a file. */
export type FileBytes = Uint8Array | ArrayBuffer | Platform<'Blob'>;

/** Options of {@link decodeFile}. */
export interface DecodeOptions {
  /** The wasm module, when it is not next to this script. The first one that works is kept. */
  wasm?: WasmSource;
}

/** What the wasm module's script gives. */
interface Bindings {
  default(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;
  decodeFile(file: Uint8Array): { width: number; height: number; channels: number; takePixels(): Uint8Array<ArrayBuffer> };
}

/** A decoder whose module comes from `source` unless told otherwise; it is compiled once. @internal */
export function decoder(
  source: () => WasmSource | Promise<WasmSource>,
): (file: FileBytes, options?: DecodeOptions) => Promise<RawPixels> {
  let compiled: Promise<WebAssembly.Module> | undefined;
  return async (file, { wasm } = {}) => {
    const bytes = await bytesOfFile(file);
    compiled ??= Promise.resolve(wasm ?? source()).then((from) => compile(from, 'decode wasm', () => undefined, undefined));
    const module = await compiled.catch((error: unknown) => {
      compiled = undefined; // a failure can be tried again
      throw error;
    });
    return decodeOnce(module, bytes);
  };
}

async function bytesOfFile(file: FileBytes): Promise<Uint8Array> {
  switch (className(file)) {
    case 'Uint8Array':
      return file as Uint8Array;
    case 'ArrayBuffer':
      return new Uint8Array(file as ArrayBuffer);
    case 'Blob':
    case 'File':
      return new Uint8Array(await (file as Blob).arrayBuffer());
  }
  throw new KrLprError('BAD_INPUT', `a file is given as its bytes, in a Uint8Array, an ArrayBuffer or a Blob, not as ${className(file)}`);
}

/** In an instance of its own: wasm memory never shrinks, and that of one large photograph would be kept for good. */
async function decodeOnce(module: WebAssembly.Module, bytes: Uint8Array): Promise<RawPixels> {
  // A build of the package for the page alone has no decoder, and the script says so.
  const instance = instantiate(globalThis) as unknown as Bindings;
  await instance.default({ module_or_path: module });
  try {
    const picture = instance.decodeFile(bytes);
    const { width, height } = picture;
    const channels = picture.channels as 1 | 3 | 4;
    return { data: picture.takePixels(), width, height, channels };
  } catch (cause) {
    // What a lack of memory ends in, and whatever a decoder did not foresee.
    const why = cause instanceof WebAssembly.RuntimeError ? `cannot be decoded: ${cause.message}` : messageOf(cause);
    throw new KrLprError('BAD_INPUT', `the file ${why}`, { cause });
  }
}
