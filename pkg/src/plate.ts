/**
 * The texts of South Korean plates: taken apart, checked and written well. No wasm, no pictures.
 *
 * ```ts
 * import { formatPlate, isValidPlate, matchesPlate, parsePlate } from 'kr-lpr/plate';
 *
 * isValidPlate('12가 3456'); // true
 * parsePlate('서울12바3456')?.kinds; // ['commercial-long', 'commercial-double']
 * formatPlate('123가4567'); // '123가 4567'
 * matchesPlate('1?가345?', '12가 3456'); // true: what is seen of a plate, and a plate that is looked for
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

/**
 * The text as people write it: `서울 12바 3456`, and of a partial one `서울 1?바 3456`. What no plate can carry is returned
 * normalised, and so is a partial text that leaves open which character is the letter.
 */
export function formatPlate(text: string): string {
  const plate = parsePlate(text);
  if (!plate) return formatPartial(text);
  const { region, classCode, use, serial } = plate;
  return spaced(region, classCode + use, serial, use.length === 2);
}

function spaced(region: string | undefined, head: string, serial: string, isWord: boolean): string {
  if (isWord && serial.length === 6) return `${head} ${serial.slice(0, 3)}-${serial.slice(3)}`; // of embassies
  if (serial.length === 5) return `${head}${serial.slice(0, 1)} ${serial.slice(1)}`; // of motorcycles
  return [region, head, serial].filter(Boolean).join(' ');
}

/** A text of which some characters are not known. */
export interface PartialPlate {
  /** NFC, without spaces, `?` for each character that is not known: `1?가3456`. A region and a word are one character. */
  text: string;
  /** How many characters are not known. */
  unknown: number;
  /** The kinds of plates that some text like it was issued on, at least one. */
  kinds: PlateKind[];
}

/**
 * Takes a text in which `?` stands for each character that is there and cannot be read; `null` when no plate's text is like it.
 * A region, such as `서울`, is one character, and so is the `?` in its place.
 */
export function parsePartialPlate(text: string): PartialPlate | null {
  const characters = charactersOf(text);
  const formats = formatsLike(characters);
  if (formats.length === 0) return null;
  const kinds = PLATE_KINDS.filter((_, index) => formats.some(([kind]) => kind === index));
  return { text: characters.join(''), unknown: characters.filter(isUnknown).length, kinds };
}

/** Whether a plate with this text can be the one that is seen in part: every character that is known is the same. */
export function matchesPlate(partial: string, text: string): boolean {
  const [seen, whole] = [charactersOf(partial), charactersOf(text)];
  const alike = seen.length === whole.length && seen.every((character, i) => isUnknown(character) || character === whole[i]);
  return alike && parsePlate(text) !== null;
}

function formatPartial(text: string): string {
  const characters = charactersOf(text);
  const formats = formatsLike(characters);
  const letters = new Set(formats.map(letterPlace));
  const [letter] = letters;
  if (letter === undefined || letters.size > 1) return normalizePlate(text);
  const head = characters.slice(0, letter + 1);
  const region = formats.every(([, regions]) => regions !== '') ? head.shift() : undefined;
  return spaced(region, head.join(''), characters.slice(letter + 1).join(''), head.every((character) => character.length === 2));
}

type Format = (typeof FORMATS)[number];

/** The formats of which some text is like these characters. */
function formatsLike(characters: string[]): Format[] {
  return FORMATS.filter((format) => {
    const [, regions, classDigits, first, last, letters, serialDigits, from, to] = format;
    const letter = letterPlace(format);
    const at = letter - classDigits;
    if (characters.length !== letter + 1 + serialDigits) return false;
    const known = regions === 0 ? REGIONS : regions.split(' ');
    const [region = '?', use = '?'] = [at > 0 ? characters[0] : undefined, characters[letter]];
    return (
      (isUnknown(region) || known.includes(region)) &&
      someWithin(characters.slice(at, letter).join(''), first, last) &&
      (isUnknown(use) || letters.split(' ').includes(use)) &&
      someWithin(characters.slice(letter + 1).join(''), from, to)
    );
  });
}

/** Where the letter stands, a region being one character. */
function letterPlace([, regions, classDigits]: Format): number {
  return (regions === '' ? 0 : 1) + classDigits;
}

/** Whether some digits in the place of each `?` make a number in a range. */
function someWithin(digits: string, least: number, most: number): boolean {
  if (!/^[0-9?]*$/.test(digits)) return false;
  const [low, high] = [+digits.replaceAll('?', '0'), +digits.replaceAll('?', '9')];
  if (low > most || high < least) return false;
  if (!digits.includes('?') || (low >= least && low <= most)) return true;
  return Array.from('0123456789').some((digit) => someWithin(digits.replace('?', digit), least, most));
}

/** A region, a word in the place of a letter, or any other character. */
const CHARACTER = /* @__PURE__ */ character();

function character(): RegExp {
  const words = FORMATS.flatMap(([, , , , , letters]) => letters.split(' ')).filter((letter) => letter.length > 1);
  return new RegExp([...REGIONS, ...words, '[^]'].join('|'), 'gu');
}

function charactersOf(text: string): string[] {
  return normalizePlate(text).match(CHARACTER) ?? [];
}

function isUnknown(character: string): boolean {
  return character === '?';
}

function syllables(): Record<PlateKind, readonly string[]> {
  const entries = PLATE_KINDS.map((name, index) => {
    const letters = FORMATS.flatMap(([kind, , , , , letters]) => (kind === index ? letters.split(' ') : []));
    return [name, [...new Set(letters)]];
  });
  return Object.fromEntries(entries) as Record<PlateKind, readonly string[]>;
}
