// Draws a reading as the plate it was read from: size, colour and cells of its kind, in millimetres.

import { UNSEEN, digitAspect, glyph } from './face.js';
import { PLATE_LAYOUTS } from './layouts.js';

const SVG = 'http://www.w3.org/2000/svg';

function element(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}

/** Most characters are digits, so one that cannot be seen has the place of one. */
const isDigit = (char) => /^[0-9]$/.test(char) || char === UNSEEN;

function inkOf(char, cellX, cellW, y, h, letterH) {
  if (isDigit(char)) {
    const w = Math.min(h * digitAspect(char), cellW * 0.88);
    return { x: cellX + (cellW - w) / 2, y, w, h };
  }
  const w = Math.min(letterH * 0.72, cellW * 0.86);
  return { x: cellX, y, w, h: letterH };
}

/** One-line plates: stroke width and ink boxes of each character, centred between the strip and the right edge. */
function oneLine(chars, layout) {
  const [width, height] = layout.size;
  const [digitW, cellH, digitH] = layout.digit;
  const [letterW, , letterH] = layout.letter;
  const regionW = 58;
  const wordW = layout.word ?? regionW;
  const widths = chars.map((c) => (isDigit(c) ? digitW : c.length > 1 ? wordW : letterW));
  const room = width - layout.left - 16;
  const shrink = Math.min(1, room / widths.reduce((a, b) => a + b, 0));
  const top = (layout.top ?? (height - cellH) / 2) + (cellH - digitH) / 2;
  let x = layout.left + (width - layout.left - widths.reduce((a, b) => a + b, 0) * shrink) / 2;
  return chars.map((char, i) => {
    const w = widths[i] * shrink;
    const cellX = x;
    x += w;
    if (char.length > 1 && layout.word) {
      const each = w * 0.42; // a word is written beside, a region stacked
      const glyphs = [...char].map((s, k) => [s, { x: cellX + k * (each + 5), y: top + 6, w: each, h: letterH }]);
      return { stroke: letterH * 0.122, glyphs };
    }
    if (char.length > 1) {
      const h = (digitH - 4) / 2;
      const inkW = w * 0.78;
      return {
        stroke: h * 0.14,
        glyphs: [...char].map((s, k) => [s, { x: cellX + 2, y: top + k * (h + 4), w: inkW, h }]),
      };
    }
    const ink = inkOf(char, cellX, w, top, digitH, letterH);
    if (!isDigit(char)) {
      const gap = layout.size[0] === 520 && i === chars.length - 5;
      ink.x = cellX + (gap ? w * 0.07 : (w - ink.w) / 2);
      ink.y = layout.size[0] === 520 ? top + (digitH - letterH) * 0.55 : top + digitH - letterH;
    }
    return { stroke: (isDigit(char) ? digitH : letterH) * 0.122, glyphs: [[char, ink]] };
  });
}

/** Two-line plates: the last four characters, and the letter where the kind has it there, stand below. */
function twoLines(chars, layout) {
  const letterBelow = layout.top.letter === undefined;
  const split = Math.max(0, chars.length - (letterBelow ? 5 : 4));
  const lineOf = (part, line, isTop) => {
    const width = (c) => (isDigit(c) ? line.digit : c.length > 1 ? line.region : (line.letter ?? line.digit));
    let x = (layout.size[0] - part.reduce((sum, c) => sum + width(c), 0)) / 2;
    return part.map((char) => {
      const w = width(char);
      const cellX = x;
      x += w;
      if (char.length > 1) {
        const each = (w * 0.86) / char.length;
        const glyphs = [...char].map((s, k) => [s, { x: cellX + k * (each + 4), y: line.y, w: each - 2, h: line.h }]);
        return { stroke: line.h * 0.125, glyphs };
      }
      const letterH = isTop ? line.h : 60;
      const ink = inkOf(char, cellX, w, line.y, line.h, letterH);
      if (isDigit(char)) {
        const inkW = Math.min(line.h * digitAspect(char) * (isTop ? 1.25 : 1), w * 0.84);
        ink.x = cellX + (w - inkW) / 2;
        ink.w = inkW;
      } else {
        ink.w = w * 0.86;
        ink.x = cellX + (isTop ? w * 0.1 : 0);
        ink.y = line.y + (isTop ? 0 : 2.4);
      }
      return { stroke: (isDigit(char) ? line.h : letterH) * (isTop ? 0.155 : 0.132), glyphs: [[char, ink]] };
    });
  };
  return [...lineOf(chars.slice(0, split), layout.top, true), ...lineOf(chars.slice(split), layout.bottom, false)];
}

function taegeuk(cx, cy, r) {
  const at = (d, cls) => element('path', { d, class: cls });
  const left = `${cx - r} ${cy}`;
  const right = `${cx + r} ${cy}`;
  return element(
    'g',
    { transform: `rotate(30 ${cx} ${cy})` },
    element('circle', { cx, cy, r: r + 1.2, class: 'taegeuk-ring' }),
    at(
      `M${left} A${r} ${r} 0 0 1 ${right} A${r / 2} ${r / 2} 0 0 1 ${cx} ${cy} A${r / 2} ${r / 2} 0 0 0 ${left} Z`,
      'taegeuk-red',
    ),
    at(
      `M${right} A${r} ${r} 0 0 1 ${left} A${r / 2} ${r / 2} 0 0 1 ${cx} ${cy} A${r / 2} ${r / 2} 0 0 0 ${right} Z`,
      'taegeuk-blue',
    ),
  );
}

function filmStrip() {
  const strip = element(
    'g',
    {},
    element('path', { d: 'M46 4 L46 106 L14 106 A10 10 0 0 1 4 96 L4 14 A10 10 0 0 1 14 4 Z', class: 'strip' }),
  );
  const kor = element('text', {
    x: 25,
    y: 97,
    'text-anchor': 'middle',
    'font-size': 16,
    textLength: 33,
    lengthAdjust: 'spacingAndGlyphs',
    class: 'strip-text',
  });
  kor.textContent = 'KOR';
  const emblem = element('circle', { cx: 25, cy: 55, r: 11, class: 'hologram' });
  strip.append(taegeuk(25, 22, 9.5), emblem, kor);
  return strip;
}

function evMarks() {
  const marks = element('g', { class: 'ev-marks' });
  for (let row = 0; row < 4; row += 1) {
    for (let col = 0; col < 21; col += 1) {
      marks.append(
        element('circle', { cx: 10 + col * 25 + (row % 2) * 12.5, cy: 17 + row * 25, r: 7.5, class: 'hologram' }),
      );
    }
  }
  marks.append(
    element('path', {
      d: 'M12 22 h16 v8 a8 8 0 0 1 -16 0 Z M16 22 v-7 M24 22 v-7 M20 38 v6 q0 6 6 6 h6',
      class: 'pictogram',
    }),
    element('circle', { cx: 22, cy: 77, r: 14, class: 'pictogram' }),
    element('circle', { cx: 22, cy: 77, r: 7, class: 'pictogram' }),
    element('path', { d: 'M494 40 h-9 l-4 19 h9 M483 49.5 h8 M497 40 l3 19 l11 -19', class: 'pictogram' }),
  );
  return marks;
}

/** The tint behind a character that is pointed at. */
function inkMark(boxes) {
  const margin = 5;
  const x = Math.min(...boxes.map((b) => b.x)) - margin;
  const y = Math.min(...boxes.map((b) => b.y)) - margin;
  const width = Math.max(...boxes.map((b) => b.x + b.w)) + margin - x;
  const height = Math.max(...boxes.map((b) => b.y + b.h)) + margin - y;
  return element('rect', { x, y, width, height, rx: 5, class: 'plate-mark' });
}

/** What a text most likely stands on when the kind is not known. */
function likelyKind(chars) {
  if (chars[0]?.length > 1) return 'commercial-double';
  return chars.length >= 8 ? 'private-8' : 'private-long';
}

/**
 * The plate as an SVG element. Each character is a group `.plate-char` with `data-index`.
 *
 * @param {string | undefined} kind a key of PLATE_LAYOUTS; anything else is guessed from the characters
 * @param {string[]} chars one entry per character; a region such as 서울 is one entry
 * @param {string} label what a screen reader says
 */
export function drawPlate(kind, chars, label) {
  const layout = PLATE_LAYOUTS[kind] ?? PLATE_LAYOUTS[likelyKind(chars)];
  const [w, h] = layout.size;
  const svg = element('svg', {
    viewBox: `0 0 ${w} ${h}`,
    class: `plate plate-${layout.tone}`,
    role: 'img',
    'aria-label': label,
  });
  svg.dataset.shape = w === 520 ? 'long' : 'tall';
  svg.append(element('rect', { x: 0, y: 0, width: w, height: h, rx: 12, class: 'plate-sheet' }));
  if (layout.ev) svg.append(evMarks());
  if (layout.strip) svg.append(filmStrip());
  if (layout.cross) svg.append(element('path', { d: `M20 ${h - 12} L${w - 20} 12`, class: 'cross' }));
  svg.append(element('rect', { x: 3, y: 3, width: w - 6, height: h - 6, rx: 10, class: 'plate-border' }));
  for (const [cx, cy] of layout.bolts)
    svg.append(element('circle', { cx, cy, r: w === 520 ? 4 : 6, class: 'plate-bolt' }));
  const cells = layout.top?.digit === undefined ? oneLine(chars, layout) : twoLines(chars, layout);
  cells.forEach(({ stroke, glyphs }, index) => {
    const group = element('g', { class: 'plate-char' });
    group.dataset.index = String(index);
    group.append(inkMark(glyphs.map(([, box]) => box)), ...glyphs.map(([char, box]) => glyph(char, box, stroke)));
    svg.append(group);
  });
  return svg;
}
