/**
 * The texts of South Korean plates: taken apart, checked and written well. No wasm, no pictures.
 *
 * ```ts
 * import { formatPlate, isValidPlate, parsePlate } from 'kr-lpr/plate';
 *
 * isValidPlate('12가 3456'); // true
 * parsePlate('서울12바3456')?.kinds; // ['commercial-long', 'commercial-double']
 * formatPlate('123가4567'); // '123가 4567'
 * ```
 * @module
 */
import { FORMATS, PLATE_KINDS, REGIONS, SEPARATORS } from './plate-tables.js';

/** One of {@link KINDS}. */
export type PlateKind = (typeof PLATE_KINDS)[number];

/** The kinds of plates, by the names that `Plate.kind` has. */
export const KINDS: readonly PlateKind[] = PLATE_KINDS;

export { REGIONS };

/** What can stand between the class code and the serial, by kind of plate: use letters, and words of rare plates. */
export const SYLLABLES: Readonly<Record<PlateKind, readonly string[]>> = /* @__PURE__ */ syllables();

/** A text that was issued on some kind of plate, taken apart. */
export interface ParsedPlate {
  /** NFC, without spaces: `서울12바3456`. */
  text: string;
  /** The region in front: `서울`. */
  region?: string;
  /** The digits before the letter, leading zeros included: `12`. Empty on plates that begin with a word. */
  classCode: string;
  /** The letter that tells the use, or the word in its place: `바`. */
  use: string;
  /** The digits after it: `3456`. */
  serial: string;
  /** The kinds of plates that it was issued on, at least one. */
  kinds: PlateKind[];
}

/**
 * Takes a text apart; `null` when no plate can carry it. It is normalised first, see {@link normalizePlate}.
 */
export function parsePlate(text: string): ParsedPlate | null {
  const normal = normalizePlate(text);
  const region = REGIONS.find((name) => normal.startsWith(name)) ?? '';
  const [all, classCode = '', use = '', serial = ''] = /^([0-9]{0,3})([가-힣]{1,2})([0-9]{3,6})$/.exec(normal.slice(region.length)) ?? [];
  if (all === undefined) return null;
  const fits = (regions: string | 0): boolean => (region ? regions === 0 || regions.split(' ').includes(region) : regions === '');
  const kinds = new Set<PlateKind>();
  for (const [kind, regions, classDigits, first, last, letters, serialDigits, from, to] of FORMATS) {
    if (
      classCode.length === classDigits &&
      +classCode >= first &&
      +classCode <= last &&
      serial.length === serialDigits &&
      +serial >= from &&
      +serial <= to &&
      letters.split(' ').includes(use) &&
      fits(regions)
    ) {
      kinds.add(PLATE_KINDS[kind] as PlateKind);
    }
  }
  return kinds.size === 0 ? null : { text: normal, ...(region && { region }), classCode, use, serial, kinds: [...kinds] };
}

/** Whether a plate can carry the text; with `kind`, whether one of that kind can. */
export function isValidPlate(text: string, kind?: PlateKind): boolean {
  const kinds = parsePlate(text)?.kinds;
  return kinds !== undefined && (kind === undefined || kinds.includes(kind));
}

/**
 * The text as comparisons and databases want it: composed Hangul and ordinary digits (NFKC), without white space, dashes, dots,
 * underscores and characters of no width.
 */
export function normalizePlate(text: string): string {
  return String(text).normalize('NFKC').replace(SEPARATORS, '');
}

/** The text as people write it: `서울 12바 3456`. What no plate can carry is returned normalised. */
export function formatPlate(text: string): string {
  const plate = parsePlate(text);
  if (!plate) return normalizePlate(text);
  const { region, classCode, use, serial } = plate;
  const head = classCode + use;
  if (use.length === 2 && serial.length === 6) return `${head} ${serial.slice(0, 3)}-${serial.slice(3)}`; // of embassies
  if (serial.length === 5) return `${head}${serial.slice(0, 1)} ${serial.slice(1)}`; // of motorcycles
  return [region, head, serial].filter(Boolean).join(' ');
}

function syllables(): Record<PlateKind, readonly string[]> {
  const entries = PLATE_KINDS.map((name, index) => {
    const letters = FORMATS.flatMap(([kind, , , , , letters]) => (kind === index ? letters.split(' ') : []));
    return [name, [...new Set(letters)]];
  });
  return Object.fromEntries(entries) as Record<PlateKind, readonly string[]>;
}
