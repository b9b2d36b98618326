/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: '16bc395a13b10ecb3aab5485db6054749b98e6c8f6cc1560f2da3efd36c61beb',
  detector: '48276d572a458e5d401bf06b97a7673b98445221614299efc8c171f10209f266',
};
