/** Version of this package. */
export const VERSION = '0.1.0';

/** SHA-256 of the weights that belong to this version, in hex. Weights that differ are refused unless asked for by address. */
export const WEIGHTS_SHA256 = '0000000000000000000000000000000000000000000000000000000000000000';
