/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: '96b1a47a1823b5a84b96cbdac876a7c98016dec26f860b16736e26f83e93feb7',
  detector: 'aefb487fc23d29b5088f69552c02eac5e3d810829c4b4266e6eb59e6ea12f965',
};
