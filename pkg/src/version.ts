/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: 'af549b7eb806e09aeb1febb9efe70f3cfe4a7e232bc9cb0a0cd33494e7d92265',
  detector: 'afb1dbe38a853b0b8d1704c6bc2c707c6eff87ca7a9a68b03cc3b1bf5c7c7869',
};
