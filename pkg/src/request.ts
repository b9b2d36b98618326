import { KrLprError } from './errors.js';
import type { RawDetectOptions, RawOptions, RawTrackOptions } from './raw.js';
import type { DetectOptions, Quad, RecognizeOptions, Rect, TrackOptions } from './types.js';

/** Most candidates a call may ask for. */
const MAX_N_BEST = 8;

/** Most plates a call may ask for. */
const MAX_PLATES = 32;

/** Options of one call, checked and with their defaults. @internal */
export interface ReadRequest {
  raw: RawOptions;
  region: Rect | undefined;
}

/** Checks options: callers without TypeScript deserve a message, too. @internal */
export function checkOptions(options: RecognizeOptions): ReadRequest {
  const { mode = 'auto', nBest = 3, grammar = 'soft', align = true, quad } = options;
  if (mode !== 'auto' && mode !== 'crop' && mode !== 'scene') {
    throw bad(`mode is ${show(mode)}; it must be 'auto', 'crop' or 'scene'`);
  }
  if (mode === 'scene' && quad !== undefined) throw bad(`quad outlines one plate; with it the mode is 'crop' or 'auto'`);
  checkCount('nBest', nBest, MAX_N_BEST);
  if (grammar !== 'strict' && grammar !== 'soft' && grammar !== 'off') {
    throw bad(`grammar is ${show(grammar)}; it must be 'strict', 'soft' or 'off'`);
  }
  const { region, raw } = checkDetectOptions(options);
  const shown = { plateImage: Boolean(options.plateImage), attention: Boolean(options.attention) };
  const read: RawOptions = { ...raw, mode, align: Boolean(align), grammar, nBest, ...shown };
  if (quad !== undefined) read.quad = corners(quad);
  return { raw: read, region };
}

/** Checks options of finding plates. @internal */
export function checkDetectOptions(options: DetectOptions): { raw: RawDetectOptions; region: Rect | undefined } {
  const { maxPlates = 8, minConfidence = 0.5, region } = options;
  checkCount('maxPlates', maxPlates, MAX_PLATES);
  if (typeof minConfidence !== 'number' || !(minConfidence >= 0 && minConfidence <= 1)) {
    throw bad(`minConfidence is ${show(minConfidence)}; it must be from 0 to 1`);
  }
  if (region !== undefined && region !== null) checkRegion(region);
  return { raw: { mode: 'scene', maxPlates, minConfidence }, region: region ?? undefined };
}

/** Smallest and largest value of every option that is the tracker's own; `src/track.rs` has the last word. */
const TRACK_RANGES = {
  lostAfterMs: [0, Infinity],
  forgetAfterMs: [0, Infinity],
  stillMs: [0, Infinity],
  minAgreeing: [2, Infinity],
  minConfidence: [0.5, 1],
  maxTracks: [1, Infinity],
} as const;

/** Takes the options of tracking apart: the tracker's own, and those that its frames are read with. @internal */
export function checkTrackOptions(options: TrackOptions): { tracking: RawTrackOptions; reading: RecognizeOptions } {
  const { lostAfterMs, forgetAfterMs, stillMs, minAgreeing, minConfidence, maxTracks, ...reading } = options;
  const given = Object.entries({ lostAfterMs, forgetAfterMs, stillMs, minAgreeing, minConfidence, maxTracks });
  const tracking: Record<string, number> = {};
  for (const [name, value] of given) {
    if (value === undefined) continue;
    const [least, most] = TRACK_RANGES[name as keyof typeof TRACK_RANGES];
    if (typeof value !== 'number' || !(value >= least && value <= most)) {
      throw bad(`${name} is ${show(value)}; it must be ${most === Infinity ? `at least ${least}` : `from ${least} to ${most}`}`);
    }
    tracking[name] = value;
  }
  checkOptions(reading);
  return { tracking, reading };
}

/** A quad of the picture as one of the part of it that begins at (x, y). @internal */
export function shifted(quad: readonly number[], x: number, y: number): number[] {
  return quad.map((value, i) => value + (i % 2 === 0 ? x : y));
}

function checkRegion(region: Rect): void {
  const { x, y, width, height } = region;
  if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0) {
    throw bad('region must be a rectangle {x, y, width, height} of finite numbers, with an extent above 0');
  }
}

function checkCount(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 1 || value > most) {
    throw bad(`${name} is ${show(value)}; it must be a whole number from 1 to ${most}`);
  }
}

/** Whether four numbers outline a plate is for the library to say; that they are four points is for us. */
function corners(quad: Quad): number[] {
  if (!Array.isArray(quad) || quad.length !== 4) throw bad('quad must be an array of four corners {x, y}');
  const numbers = (quad as Quad).flatMap((corner) => [corner?.x, corner?.y]);
  if (!numbers.every((value) => typeof value === 'number')) throw bad('the corners of quad must have numbers x and y');
  return numbers as number[];
}

function bad(message: string): KrLprError {
  return new KrLprError('BAD_INPUT', message);
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
