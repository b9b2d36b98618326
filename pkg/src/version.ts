/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: 'b6670e9aac8d3520997d8574f6cfc41caa3df085c41e3cdf44762ec67609a8db',
  detector: 'd85c246a1f724b6290486643b40257f323ccd35f2cd3b617033984069e13197e',
};
