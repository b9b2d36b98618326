/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: '8e9c3b1f0c702e691a8307031a42ac2bdbc18111b6305f40341f00406ff2dee4',
  detector: 'fc831359833133e049a9337df8312319d13ac3a7f0c87244e6e6e7028cf2d415',
};
