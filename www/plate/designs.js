// What plates look like but for their characters: the sheet's colour, what holds it, what is printed beside the text.

import { CELLS } from './cells.js';

const LONG = {
  tone: 'white',
  bolts: [
    [20, 55],
    [500, 55],
  ],
};
const FILM = { tone: 'film', bolts: [], strip: true };
const DOUBLE_BOLTS = [
  [65, 26],
  [270, 26],
];

/** Every kind the recognizer knows. `size` is that of a kind whose characters have no known places. */
const DESIGNS = {
  'private-long': LONG,
  'private-8': LONG,
  'private-film': FILM,
  'private-short': {
    tone: 'white',
    bolts: [
      [65, 25],
      [270, 25],
    ],
  },
  'private-large': {
    tone: 'white',
    bolts: [
      [75, 30],
      [365, 30],
    ],
  },
  ev: { tone: 'blue', bolts: [], ev: true },
  corporate: { ...FILM, tone: 'lime' },
  'commercial-long': { ...LONG, tone: 'yellow' },
  'commercial-double': { tone: 'yellow', bolts: DOUBLE_BOLTS },
  'green-national': { tone: 'green', bolts: DOUBLE_BOLTS },
  'green-region': { tone: 'green', bolts: DOUBLE_BOLTS },
  military: LONG,
  diplomatic: { tone: 'navy', bolts: [], size: [520, 110] },
  temporary: { tone: 'white', bolts: [], cross: true, size: [520, 110] },
  construction: { ...LONG, tone: 'orange' },
  // Of its arrangements one is like that of the green plates of its time.
  'construction-old': { tone: 'orange-old', bolts: DOUBLE_BOLTS, like: 'green-region' },
  motorcycle: { tone: 'white', bolts: [] },
};

/** What a text most likely stands on when the kind is not known. */
function likelyKind(chars) {
  if (chars[0]?.length > 1) return 'commercial-double';
  return chars.length >= 8 ? 'private-8' : 'private-long';
}

/**
 * The design of a plate, its size and the ink boxes of its characters, mm. A text of a length that no plate of the kind has is
 * spread evenly.
 *
 * @param {string | undefined} kind a kind; anything else is guessed from the characters
 * @param {string[]} chars one entry per character; a region such as 서울 is one entry
 */
export function designOf(kind, chars) {
  const known = DESIGNS[kind] ? kind : likelyKind(chars);
  const design = DESIGNS[known];
  const { size = design.size, texts = {} } = CELLS[design.like ?? known] ?? {};
  return { ...design, size, cells: texts[chars.length] ?? evenly(chars, size) };
}

/** Boxes side by side in the middle of the plate; a word has that of two characters. */
function evenly(chars, [width, height]) {
  const count = chars.reduce((sum, char) => sum + char.length, 0);
  const pitch = Math.min((width - 40) / Math.max(1, count), 0.56 * height);
  const [w, h] = [0.75 * pitch, Math.min(0.68 * height, 1.4 * pitch)];
  let x = (width - count * pitch) / 2 + (pitch - w) / 2;
  return chars.map((char) =>
    Array.from(char, () => {
      const box = [x, (height - h) / 2, w, h];
      x += pitch;
      return box;
    }),
  );
}
