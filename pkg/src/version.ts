/** Version of this package. */
export const VERSION = '0.1.0';

/** SHA-256 of the weights that belong to this version, in hex. Weights that differ are refused unless asked for by address. */
export const WEIGHTS_SHA256 = '21db27e7e9e50d01d4e50eb08f52d15d9c9704e98d9be26e3c39f1c15f325ae6';
