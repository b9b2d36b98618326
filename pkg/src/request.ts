/**
 * Checking options: callers without TypeScript deserve a message, too.
 * @module
 */
import { LIMITS } from './defaults.js';
import type { EngineOptions } from './engine.js';
import { KrLprError } from './errors.js';
import type { CreateOptions, DetectOptions, LookOptions, RecognizeOptions, TrackOptions, TypicalFrame } from './options.js';
import type { Quad, Rect } from './picture.js';
import type { RawDetectOptions, RawOptions, RawTrackOptions } from './raw.js';
import { hasSimd } from './support.js';

/** Checks what can be checked before anything is loaded. @internal */
export function checkCreateOptions(options: CreateOptions): EngineOptions {
  const { backend = 'auto', wasm, weights, signal, onProgress = (): void => undefined, warmup = true } = options;
  const typical = checkTypical(options.typical ?? {});
  signal?.throwIfAborted();
  checkOneOf('backend', backend, ['auto', 'cpu', 'webgpu']);
  if (!hasSimd()) {
    throw new KrLprError('UNSUPPORTED', 'there is no WebAssembly with SIMD here, which every major browser has had since 2023');
  }
  return {
    backend,
    typical,
    warmup,
    onProgress,
    ...(wasm === undefined ? {} : { wasm }),
    ...(weights === undefined ? {} : { weights }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Default and range of what pictures will be like, which the library need not know. */
const TYPICAL = {
  width: { default: 1280, least: 1, most: 8192 },
  height: { default: 720, least: 1, most: 8192 },
  plates: { default: 1, least: 0, most: LIMITS.maxPlates.most },
} as const;

function checkTypical(given: TypicalFrame): Required<TypicalFrame> {
  const { width = TYPICAL.width.default, height = TYPICAL.height.default, plates = TYPICAL.plates.default } = given;
  const typical = { width, height, plates };
  for (const name of ['width', 'height', 'plates'] as const) checkRange(`typical.${name}`, typical[name], TYPICAL[name], 'whole');
  return typical;
}

/** Options of one call, checked and with their defaults. @internal */
export interface ReadRequest<Raw> {
  raw: Raw;
  region: Rect | undefined;
}

/** Checks options of reading. @internal */
export function checkOptions(options: RecognizeOptions): ReadRequest<RawOptions> {
  const { mode = 'auto', grammar = 'soft', align = true, orientation = 0, quad } = options;
  const { minConfidence = LIMITS.minConfidence.default, nBest = LIMITS.nBest.default } = options;
  checkOneOf('mode', mode, ['auto', 'crop', 'scene']);
  if (mode === 'scene' && quad !== undefined) throw bad(`quad outlines one plate; with it the mode is 'crop' or 'auto'`);
  checkNumber('nBest', nBest, 'whole');
  checkNumber('minConfidence', minConfidence);
  checkOneOf('grammar', grammar, ['strict', 'soft', 'off']);
  checkOneOf('orientation', orientation, [0, 90, 180, 270, 'auto']);
  const { look, region } = checkLook(options);
  const raw: RawOptions = {
    ...look,
    mode,
    orientation: `${orientation}`,
    grammar,
    nBest,
    minConfidence,
    align: Boolean(align),
    partial: Boolean(options.partial),
    plateImage: Boolean(options.plateImage),
    attention: Boolean(options.attention),
  };
  if (quad !== undefined) raw.quad = corners(quad);
  return { raw, region };
}

/** Checks options of finding plates. @internal */
export function checkDetectOptions(options: DetectOptions): ReadRequest<RawDetectOptions> {
  const { minDetectionConfidence = LIMITS.minDetectionConfidence.default } = options;
  checkNumber('minDetectionConfidence', minDetectionConfidence);
  const { look, region } = checkLook(options);
  return { raw: { ...look, mode: 'scene', minConfidence: minDetectionConfidence }, region };
}

/** Takes the options of tracking apart: the tracker's own, and those that its frames are read with. @internal */
export function checkTrackOptions(options: TrackOptions): { tracking: RawTrackOptions; reading: RawOptions } {
  const { lostAfterMs, forgetAfterMs, stillMs, minAgreeing, confirmConfidence, maxTracks, search = 'quick', ...reading } = options;
  const given = Object.entries({ lostAfterMs, forgetAfterMs, stillMs, minAgreeing, confirmConfidence, maxTracks });
  const own = given.filter((entry): entry is [keyof typeof LIMITS, number] => entry[1] !== undefined);
  for (const [name, value] of own) checkNumber(name, value);
  // The tracker weighs doubtful readings itself.
  return { tracking: Object.fromEntries(own), reading: checkOptions({ ...reading, search, minConfidence: 0 }).raw };
}

/** Checks a region; `undefined` is the whole picture. @internal */
export function checkRegion(region: Rect | undefined): Rect | undefined {
  if (region === undefined || region === null) return undefined;
  const { x, y, width, height } = region;
  if (![x, y, width, height].every(Number.isFinite) || width <= 0 || height <= 0) {
    throw bad('region must be a rectangle {x, y, width, height} of finite numbers, with an extent above 0');
  }
  return region;
}

function checkLook(options: LookOptions): { look: Pick<RawOptions, 'search' | 'maxPlates' | 'background'>; region: Rect | undefined } {
  const { search = 'thorough', maxPlates = LIMITS.maxPlates.default, background = 'white' } = options;
  checkOneOf('search', search, ['thorough', 'quick']);
  checkNumber('maxPlates', maxPlates, 'whole');
  checkOneOf('background', background, ['white', 'black']);
  return { look: { search, maxPlates, background }, region: checkRegion(options.region) };
}

function checkOneOf(name: string, value: unknown, known: readonly (string | number)[]): void {
  if (known.includes(value as string)) return;
  const names = known.map(show);
  throw bad(`${name} is ${show(value)}; it must be ${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}`);
}

function checkNumber(name: keyof typeof LIMITS, value: unknown, whole?: 'whole'): void {
  checkRange(name, value, LIMITS[name], whole);
}

function checkRange(name: string, value: unknown, { least, most }: { least: number; most: number }, whole?: 'whole'): void {
  const fits = typeof value === 'number' && value >= least && value <= most && value < Infinity;
  if (fits && (!whole || Number.isInteger(value))) return;
  const range = most === Infinity ? `at least ${least}` : `from ${least} to ${most}`;
  throw bad(`${name} is ${show(value)}; it must be ${whole ? 'a whole number ' : ''}${range}`);
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
