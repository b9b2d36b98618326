// The characters of a Korean plate as pen strokes, so that the page shows a reading in the face of the road on every
// device, whatever fonts it has.
//
// A glyph is a skeleton: an SVG path along the middle of the strokes, drawn in a box whose sides the stroke's middle
// touches. `glyph` fits it to an ink box in millimetres: positions stretch with the box, the stroke width does not.
// The ink box clips strokes that run over it, which gives the flat terminals of the pressed characters; the strokes of
// syllables end half a stroke late (square caps), those of digits where the path ends.

const SVG = 'http://www.w3.org/2000/svg';

// Digits: [width of the skeleton box, path]; the box is 66 high.
const DIGITS = {
  0: [32, 'M0 16 A16 16 0 0 1 32 16 L32 50 A16 16 0 0 1 0 50 Z'],
  1: [17, 'M17 -6 L17 72 M-6 12 L3 12 Q13 11 17 -3'],
  2: [31, 'M0 18.3 L0 15.5 A15.5 15.5 0 0 1 31 15.5 Q31 23 27 28.5 L0 66 L37 66'],
  3: [33, 'M-1.9 0 L31 0 L14.5 24.5 L17 24.5 C27 24.5 33 32 33 42 L33 49.5 A16.5 16.5 0 0 1 0 49.5 L0 46.4'],
  4: [39, 'M45 51.7 L1 51.7 L31 -5 M31 -6 L31 72'],
  5: [
    33,
    'M34.5 0 L6.6 0 L3.2 37.2 M3.4 33 C6 28.5 11 25.6 16.5 25.6 C26.5 25.6 33 33 33 42 L33 49.5 A16.5 16.5 0 0 1 0 49.5 L0 48.9',
  ],
  6: [36.5, 'M26.9 -5.2 L2.3 38.8 M0 47.7 A18.25 18.3 0 1 1 36.5 47.7 A18.25 18.3 0 1 1 0 47.7 Z'],
  7: [35.4, 'M0 14.9 L0 0 L35.4 0 L9 70'],
  8: [
    35.2,
    'M1.6 15.9 A16 15.9 0 1 1 33.6 15.9 A16 15.9 0 1 1 1.6 15.9 Z M0 48.9 A17.6 17.1 0 1 1 35.2 48.9 A17.6 17.1 0 1 1 0 48.9 Z',
  ],
  9: [36.5, 'M9.6 71.2 L34.2 27.2 M0 18.3 A18.25 18.3 0 1 1 36.5 18.3 A18.25 18.3 0 1 1 0 18.3 Z'],
};
const DIGIT_HEIGHT = 66;

// Consonants in a unit square; ㄴㄷㄹㅁㅂ have the plate's rounded lower-left corner.
const CONSONANTS = {
  ㄱ: 'M0 0 L1 0 L1 .32 C1 .66 .66 .88 .06 1',
  ㄴ: 'M0 0 L0 .86 Q0 1 .16 1 L1 1',
  ㄷ: 'M1 0 L0 0 L0 .86 Q0 1 .16 1 L1 1',
  ㄹ: 'M0 0 L.92 0 L.92 .44 L0 .44 L0 .88 Q0 1 .16 1 L1 1',
  ㅁ: 'M0 0 L1 0 L1 1 L.16 1 Q0 1 0 .88 Z',
  ㅂ: 'M0 0 L0 .88 Q0 1 .16 1 L1 1 L1 0 M0 .45 L1 .45',
  ㅅ: 'M.5 0 C.5 .42 .36 .78 0 1 M.5 .26 C.54 .6 .7 .84 1 1',
  ㅇ: 'M0 .5 A.5 .5 0 0 1 1 .5 A.5 .5 0 0 1 0 .5 Z',
  ㅈ: 'M0 0 L1 0 M.5 0 C.5 .44 .36 .78 0 1 M.5 .3 C.54 .62 .7 .84 1 1',
  ㅊ: 'M.5 -.06 L.5 .2 M0 .24 L1 .24 M.5 .24 C.5 .58 .36 .82 0 1 M.5 .46 C.54 .7 .7 .86 1 1',
  ㅎ: 'M.5 -.06 L.5 .12 M-.05 .2 L1.05 .2 M0 .7 A.5 .3 0 0 1 1 .7 A.5 .3 0 0 1 0 .7 Z',
};
// ㄱ under ㅗ ㅜ and as a final stands upright instead of sweeping to the left.
const UPRIGHT_GIYEOK = 'M0 0 L1 0 L1 .4 Q1 .75 .93 1.08';

// Vowels: [box of the initial: x0 y0 x1 y1, strokes]; without and with a final consonant. The skeleton box of a
// syllable is 39 x 57.
const VOWELS = {
  ㅏ: [
    [[0, 1, 19, 50], 'M31 0 L31 57 M31 26 L38 26'],
    [[0, 1, 20, 26], 'M31 0 L31 34 M31 14 L38 14'],
  ],
  ㅓ: [
    [[0, 1, 19, 50], 'M38.8 0 L38.8 57 M27 21 L38.8 21'],
    [[0, 1, 20, 26], 'M38 0 L38 34 M28 13 L38 13'],
  ],
  ㅕ: [
    [[0, 1, 19, 50], 'M38.8 0 L38.8 57 M27 16 L38.8 16 M27 31 L38.8 31'],
    [[0, 1, 20, 26], 'M38 0 L38 34 M28 8 L38 8 M28 21 L38 21'],
  ],
  ㅣ: [
    [[0, 1, 23, 50], 'M37.5 0 L37.5 57'],
    [[0, 1, 22, 26], 'M37 0 L37 34'],
  ],
  ㅐ: [
    [[0, 1, 15, 50], 'M26 0 L26 57 M38.8 0 L38.8 57 M26 26 L38.8 26'],
    [[0, 1, 15, 26], 'M26 0 L26 34 M38.8 0 L38.8 34 M26 16 L38.8 16'],
  ],
  ㅔ: [
    [[0, 1, 15, 50], 'M27 0 L27 57 M38.8 0 L38.8 57 M20 23 L27 23'],
    [[0, 1, 15, 26], 'M27 0 L27 34 M38.8 0 L38.8 34 M20 14 L27 14'],
  ],
  ㅗ: [
    [[4, 0, 35, 32], 'M-4 57 L43 57 M19.5 44 L19.5 57'],
    [[5, 0, 34, 15], 'M-4 27 L43 27 M19.5 19 L19.5 27'],
  ],
  ㅜ: [
    [[4, 0, 35, 26], 'M-4 36 L43 36 M19.5 36 L19.5 57'],
    [[5, 0, 34, 16], 'M-4 24 L43 24 M19.5 24 L19.5 31'],
  ],
  ㅘ: [
    [[2, 0, 21, 30], 'M-4 44 L26 44 M11 36 L11 44 M33 0 L33 57 M33 26 L43 26'],
    [[2, 0, 20, 15], 'M-4 28 L25 28 M11 22 L11 28 M33 0 L33 34 M33 14 L43 14'],
  ],
  ㅝ: [
    [[2, 0, 20, 24], 'M-4 33 L25 33 M11 33 L11 57 M38.8 0 L38.8 57 M29 43 L38.8 43'],
    [[2, 0, 20, 13], 'M-4 21 L25 21 M11 21 L11 32 M38.8 0 L38.8 36 M30 29 L38.8 29'],
  ],
};
const FINAL_BOX = [6, 38, 34, 57];
const SYLLABLE = [39, 57];

const INITIALS = [...'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ'];
const MEDIALS = [...'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ'];
const FINALS = [...' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'];

/** Moves and stretches an absolute path of M, L, Q, C, A and Z: x -> x * sx + dx, y -> y * sy + dy. */
function place(path, sx, sy, dx, dy) {
  const counts = { M: 2, L: 2, Q: 4, C: 6, A: 7, Z: 0 };
  return path.replace(/([MLQCAZ])([^MLQCAZ]*)/g, (_, command, rest) => {
    const numbers = rest.trim() === '' ? [] : rest.trim().split(/\s+/).map(Number);
    if (numbers.length !== counts[command]) throw new Error(`bad glyph path near ${command}${rest}`);
    const out = numbers.map((n, i) => {
      if (command !== 'A') return i % 2 === 0 ? n * sx + dx : n * sy + dy;
      return [n * sx, n * sy, n, n, n, n * sx + dx, n * sy + dy][i];
    });
    return command + out.map((n) => Number(n.toFixed(3))).join(' ');
  });
}

function inBox(path, [x0, y0, x1, y1]) {
  return place(path, x1 - x0, y1 - y0, x0, y0);
}

/** Skeleton of one syllable in the 39 x 57 box, or null for a syllable no plate carries. */
function syllable(char) {
  const code = char.codePointAt(0) - 0xac00;
  if (code < 0 || code >= 11172) return null;
  const initial = INITIALS[Math.floor(code / 588)];
  const medial = MEDIALS[Math.floor((code % 588) / 28)];
  const final = FINALS[code % 28].trim();
  const vowel = VOWELS[medial]?.[final ? 1 : 0];
  if (!vowel || !CONSONANTS[initial] || (final && !CONSONANTS[final])) return null;
  const below = 'ㅗㅜ'.includes(medial);
  const first = initial === 'ㄱ' && below ? UPRIGHT_GIYEOK : CONSONANTS[initial];
  const parts = [inBox(first, vowel[0]), vowel[1]];
  if (final) parts.push(inBox(final === 'ㄱ' ? UPRIGHT_GIYEOK : CONSONANTS[final], FINAL_BOX));
  return parts.join(' ');
}

/** Ink width of a digit divided by its height, for a stroke of `stroke` heights. */
export function digitAspect(digit, stroke = 0.12) {
  const skeleton = DIGITS[digit];
  return skeleton ? (skeleton[0] / DIGIT_HEIGHT) * (1 - stroke) + stroke : 0.55;
}

/** How a text spells a character that cannot be seen. */
export const UNSEEN = '?';

/** The place of a character that cannot be seen. */
function unseen({ w, h }, stroke) {
  const rect = document.createElementNS(SVG, 'rect');
  const inset = stroke / 2;
  for (const [name, value] of Object.entries({ x: inset, y: inset, width: w - stroke, height: h - stroke, rx: stroke }))
    rect.setAttribute(name, String(value));
  rect.setAttribute('class', 'unseen');
  return rect;
}

/**
 * One character as an SVG element that fills the ink box exactly.
 *
 * @param {string} char a digit or one syllable
 * @param {{x: number, y: number, w: number, h: number}} box ink box, mm
 * @param {number} stroke stroke width, mm
 * @returns {SVGElement}
 */
export function glyph(char, box, stroke) {
  const svg = document.createElementNS(SVG, 'svg');
  for (const [name, value] of Object.entries({ x: box.x, y: box.y, width: box.w, height: box.h })) {
    svg.setAttribute(name, String(value));
  }
  svg.setAttribute('viewBox', `0 0 ${box.w} ${box.h}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  if (char === UNSEEN) {
    svg.append(unseen(box, stroke));
    return svg;
  }
  const digit = DIGITS[char];
  const skeleton = digit ? digit[1] : syllable(char);
  if (skeleton === null) {
    const text = document.createElementNS(SVG, 'text');
    text.setAttribute('x', String(box.w / 2));
    text.setAttribute('y', String(box.h * 0.86));
    text.setAttribute('font-size', String(box.h));
    text.setAttribute('text-anchor', 'middle');
    text.textContent = char;
    svg.append(text);
    return svg;
  }
  // A closed syllable packs three letters into the box; the plates thin its strokes to keep them apart.
  const pen = digit || (char.codePointAt(0) - 0xac00) % 28 === 0 ? stroke : stroke * 0.8;
  const [w, h] = digit ? [digit[0], DIGIT_HEIGHT] : SYLLABLE;
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', place(skeleton, (box.w - pen) / w, (box.h - pen) / h, pen / 2, pen / 2));
  path.setAttribute('stroke-width', String(pen));
  path.setAttribute('stroke-linecap', digit ? 'butt' : 'square');
  svg.append(path);
  return svg;
}
