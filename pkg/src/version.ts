/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: 'b4e5cce853d9e237c89c4cc36768f94bf3fa915a1b1813d16cb65be09d662128',
  detector: '48276d572a458e5d401bf06b97a7673b98445221614299efc8c171f10209f266',
};
