/**
 * What went wrong, for code to act on.
 *
 * - `UNSUPPORTED`: this browser cannot do what was asked (no WebAssembly SIMD, no WebGPU adapter).
 * - `LOAD_FAILED`: the wasm module or the weights could not be fetched or started.
 * - `INTEGRITY`: the weights arrived but are damaged, or were made for another version of this package.
 * - `BACKEND_LOST`: the backend stopped while reading, for example because the GPU was reset. Create a new recognizer.
 * - `BAD_INPUT`: the picture or an option cannot be used; the message says which and why. The recognizer goes on working.
 * - `CLOSED`: the recognizer was closed.
 * - `CAMERA`: the camera cannot be used; `PlateCamera.state` tells why.
 */
export type KrLprErrorCode =
  | 'UNSUPPORTED'
  | 'LOAD_FAILED'
  | 'INTEGRITY'
  | 'BACKEND_LOST'
  | 'BAD_INPUT'
  | 'CLOSED'
  | 'CAMERA';

const CODES: readonly string[] = [
  'UNSUPPORTED',
  'LOAD_FAILED',
  'INTEGRITY',
  'BACKEND_LOST',
  'BAD_INPUT',
  'CLOSED',
  'CAMERA',
] satisfies KrLprErrorCode[];

/**
 * Every error this package throws. An aborted call is the one exception: like `fetch`, it rejects with the signal's
 * own `reason`.
 */
export class KrLprError extends Error {
  /** `'KrLprError'`, also for errors of another copy of this package, where `instanceof` fails. */
  override readonly name = 'KrLprError';
  /** What went wrong; see {@link KrLprErrorCode}. */
  readonly code: KrLprErrorCode;

  constructor(code: KrLprErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Turns whatever the wasm module threw into a {@link KrLprError}: its own errors are `{code, message}`, and anything else
 * is a fault inside, after which its memory cannot be trusted.
 * @internal
 */
export function fromWasm(thrown: unknown): KrLprError {
  if (thrown instanceof KrLprError) return thrown;
  const { code, message } = (thrown ?? {}) as { code?: unknown; message?: unknown };
  if (isCode(code)) return new KrLprError(code, String(message));
  return new KrLprError('BACKEND_LOST', `the reader failed inside: ${messageOf(thrown)}`, { cause: thrown });
}

/** @internal */
export function isCode(value: unknown): value is KrLprErrorCode {
  return typeof value === 'string' && CODES.includes(value);
}

/** The message of anything that can be thrown. @internal */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
