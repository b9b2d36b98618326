/** Version of this package. */
export const VERSION: string = '0.1.0';

/**
 * SHA-256 of the weights that belong to this version, in hex; `null` where it has none. Weights that differ are refused
 * unless asked for by address.
 */
export const WEIGHTS_SHA256: Readonly<Record<'recognizer' | 'detector', string | null>> = {
  recognizer: 'cab77f1d031b95d03b16c93a9af51f00d4a53c48424a68345512ed2d5893cd80',
  detector: '16e8cfd9f6de42312296d683378581d2b29e86a61d78e6a1cabac8552cfafeb3',
};
