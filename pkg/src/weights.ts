import { KrLprError } from './errors.js';
import { bytesOf, download, viewOf } from './download.js';
import type { Progress, WeightsSource } from './types.js';
import { WEIGHTS_SHA256 } from './version.js';

/** Weights as they arrived. @internal */
export interface Weights {
  bytes: Uint8Array;
  /** SHA-256 in hex, or `null` where the browser offers no hash. */
  sha256: string | null;
}

/**
 * Loads `source`, or the package's own weights, whose hash must be {@link WEIGHTS_SHA256}.
 * @internal
 */
export async function loadWeights(
  source: WeightsSource | undefined,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<Weights> {
  const from = source ?? new URL('./weights/recognizer.bin', import.meta.url);
  const bytes = await read(from, onProgress, signal);
  const sha256 = await hash(bytes);
  if (source === undefined && sha256 !== null && sha256 !== WEIGHTS_SHA256) {
    throw new KrLprError(
      'INTEGRITY',
      `the weights at ${String(from)} are not those of this version: SHA-256 ${sha256}, expected ${WEIGHTS_SHA256}; ` +
        `deploy recognizer.bin of the same version as the script`,
    );
  }
  return { bytes, sha256 };
}

async function read(
  source: WeightsSource,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  if (typeof source === 'string' || source instanceof URL || source instanceof Response) {
    const report = (loaded: number, total: number | undefined): void =>
      onProgress({ phase: 'weights', loaded, ...(total === undefined ? {} : { total }) });
    return bytesOf(await download(source, 'weights', report, signal), 'weights', signal);
  }
  if (!ArrayBuffer.isView(source) && !(source instanceof ArrayBuffer)) {
    throw new KrLprError('BAD_INPUT', 'weights must be an address, a Response, an ArrayBuffer or a view of one');
  }
  return viewOf(source);
}

/** SHA-256 in hex; `crypto.subtle` is missing on pages that are neither HTTPS nor on localhost. */
async function hash(bytes: Uint8Array): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
