/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: '72bbf6ffe9f4be3c7986608fac51957b01498e4443f9c076d87831d47470432d',
  detector: '12e880f211e28b1aa8039a92af162c2ac02a47399b1b8ebb32c7c1682aa579aa',
};
