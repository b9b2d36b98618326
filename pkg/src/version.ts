/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: 'e07f1351d46f41e07b258d626aa81c681c6911bbeb0d342e651c346a4e18ef50',
  detector: 'd85c246a1f724b6290486643b40257f323ccd35f2cd3b617033984069e13197e',
};
