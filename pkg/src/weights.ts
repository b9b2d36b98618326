import type { Assets, Network } from './assets.js';
import { KrLprError } from './errors.js';
import { type OnBytes, bytesOf } from './download.js';
import type { Progress, WeightsSource, WeightsSources } from './options.js';
import { WEIGHTS_SHA256 } from './version.js';

/** The weights of one network as they arrived. @internal */
export interface Weights {
  bytes: Uint8Array;
  /** SHA-256 in hex, or `null` where the browser offers no hash. */
  sha256: string | null;
}

/** All of them. @internal */
export interface AllWeights {
  recognizer: Weights;
  detector: Weights | null;
}

/**
 * Loads the weights that `option` names, or the package's own, whose hashes must be those of {@link WEIGHTS_SHA256}.
 * @internal
 */
export async function loadWeights(
  option: WeightsSource | WeightsSources | undefined,
  assets: Assets,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal | undefined,
): Promise<AllWeights> {
  const sources = sourcesOf(option);
  const sum = new Sum(onProgress);
  const load = (network: Network): Promise<Weights> => loadOne(network, sources[network], assets, sum, signal);
  const withDetector = sources.detector ?? assets.weights.detector;
  const [recognizer, detector] = await Promise.all([load('recognizer'), withDetector ? load('detector') : null]);
  return { recognizer, detector };
}

/** The option in its long form. @internal */
export function sourcesOf(
  option: WeightsSource | WeightsSources | undefined,
): { recognizer: WeightsSource | undefined; detector: WeightsSource | false | undefined } {
  const plain = typeof option === 'object' && Object.prototype.toString.call(option) === '[object Object]';
  const { recognizer, detector } = plain ? (option as WeightsSources) : { recognizer: option as WeightsSource };
  return { recognizer, detector };
}

async function loadOne(
  network: Network,
  given: WeightsSource | false | undefined,
  assets: Assets,
  sum: Sum,
  signal: AbortSignal | undefined,
): Promise<Weights> {
  const own = assets.weights[network];
  const source = given || (await own?.());
  if (source === undefined) throw new KrLprError('LOAD_FAILED', `this version has no weights of its own for the ${network}`);
  const bytes = await bytesOf(source as Exclude<WeightsSource, ArrayBufferView> | BufferSource, `${network} weights`, sum.part(network), signal);
  const sha256 = await hash(bytes);
  const expected = WEIGHTS_SHA256[network];
  if (!given && sha256 !== null && sha256 !== expected) {
    const from = source instanceof URL ? ` at ${source.href}` : '';
    throw new KrLprError(
      'INTEGRITY',
      `the ${network} weights${from} are not those of this version: SHA-256 ${sha256}, expected ${expected}; ` +
        `deploy ${network}.bin of the same version as the script`,
    );
  }
  return { bytes, sha256 };
}

/** Reports several downloads as one. */
class Sum {
  readonly #parts = new Map<Network, { loaded: number; total: number | undefined }>();

  constructor(readonly onProgress: (progress: Progress) => void) {}

  part(network: Network): OnBytes {
    const part: { loaded: number; total: number | undefined } = { loaded: 0, total: undefined };
    this.#parts.set(network, part);
    return (loaded, total) => {
      Object.assign(part, { loaded, total });
      const parts = [...this.#parts.values()];
      const bytes = parts.reduce((sum, one) => sum + one.loaded, 0);
      const all = parts.reduce<number | undefined>((sum, one) => add(sum, one.total), 0);
      this.onProgress({ phase: 'weights', loaded: bytes, ...(all === undefined ? {} : { total: all }) });
    };
  }
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

/** SHA-256 in hex; `crypto.subtle` is missing on pages that are neither HTTPS nor on localhost. */
async function hash(bytes: Uint8Array): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
