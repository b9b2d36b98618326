/** Version of this package. */
export const VERSION = '0.1.0';

/** SHA-256 of the weights that belong to this version, in hex. Weights that differ are refused unless asked for by address. */
export const WEIGHTS_SHA256 = 'b8bae16bc595a32b76ae0b55f02a792bcbdea9fc728799239004b2dd8d0a7909';
