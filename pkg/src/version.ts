/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: 'd8ebc18516b8b45e7ab9865556ec821bc5cb86fb29cdaa4530c9f38ab030adc4',
  detector: '5116dfc51afff12727717f1a9c1a061e90073f96f3d4dff694b5e3cf829eeb36',
};
