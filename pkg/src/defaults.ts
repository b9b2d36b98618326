/**
 * Default and range of every option that is a number, written by `tests/plate_tables.rs` from `src/defaults.rs`: do not edit,
 * run `cargo xtask bless`.
 * @module
 */

/** @internal */
export const LIMITS = {
  maxPlates: { default: 8, least: 1, most: 32 },
  minConfidence: { default: 0.5, least: 0, most: 1 },
  minDetectionConfidence: { default: 0.5, least: 0, most: 1 },
  nBest: { default: 3, least: 1, most: 8 },
  lostAfterMs: { default: 500, least: 1, most: Infinity },
  forgetAfterMs: { default: 3000, least: 1, most: Infinity },
  stillMs: { default: 700, least: 1, most: Infinity },
  minAgreeing: { default: 3, least: 2, most: Infinity },
  confirmConfidence: { default: 0.997, least: 0.5, most: 0.999999 },
  maxTracks: { default: 64, least: 1, most: Infinity },
} as const;
