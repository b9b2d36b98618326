/** Version of this package. */
export const VERSION = '0.1.0';

/** SHA-256 of the weights that belong to this version, in hex. Weights that differ are refused unless asked for by address. */
export const WEIGHTS_SHA256 = 'd4b6b0c7c6da8ecb3e9a9ba47228d0c383178e362027dfe97d78e3d949a5d7ff';
