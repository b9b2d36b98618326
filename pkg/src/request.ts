import { KrLprError } from './errors.js';
import type { RawOptions } from './raw.js';
import type { Quad, RecognizeOptions } from './types.js';

/** Most candidates a call may ask for. */
const MAX_N_BEST = 8;

/** Options of one call, checked and with their defaults. @internal */
export interface Request {
  raw: RawOptions;
  minConfidence: number;
}

/** Checks options: callers without TypeScript deserve a message, too. @internal */
export function checkOptions(options: RecognizeOptions): Request {
  const { mode = 'crop', nBest = 3, minConfidence = 0.5, grammar = 'soft', plateImage = false, align = true, quad } = options;
  if (mode !== 'crop') {
    throw bad(`mode is ${show(mode)}: this version reads crops only; give a picture of one plate, or its corners in \`quad\``);
  }
  if (!Number.isInteger(nBest) || nBest < 1 || nBest > MAX_N_BEST) {
    throw bad(`nBest is ${show(nBest)}; it must be a whole number from 1 to ${MAX_N_BEST}`);
  }
  if (!(minConfidence >= 0 && minConfidence <= 1)) {
    throw bad(`minConfidence is ${show(minConfidence)}; it must be from 0 to 1`);
  }
  if (grammar !== 'strict' && grammar !== 'soft' && grammar !== 'off') {
    throw bad(`grammar is ${show(grammar)}; it must be 'strict', 'soft' or 'off'`);
  }
  const raw: RawOptions = { align: Boolean(align), grammar, nBest, plateImage: Boolean(plateImage) };
  if (quad !== undefined) raw.quad = corners(quad);
  return { raw, minConfidence };
}

/** Whether four numbers outline a plate is for the library to say; that they are four points is for us. */
function corners(quad: Quad): number[] {
  if (!Array.isArray(quad) || quad.length !== 4) throw bad('quad must be an array of four corners {x, y}');
  const numbers = (quad as Quad).flatMap(({ x, y }) => [x, y]);
  if (!numbers.every((value) => typeof value === 'number')) throw bad('the corners of quad must have numbers x and y');
  return numbers;
}

function bad(message: string): KrLprError {
  return new KrLprError('BAD_INPUT', message);
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
