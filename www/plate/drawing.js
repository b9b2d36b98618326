// Draws a reading as the plate it was read from: size, colour and cells of its kind, in millimetres.

import { glyph } from './face.js';
import { designOf } from './designs.js';

const SVG = 'http://www.w3.org/2000/svg';

function element(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
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
  const x = Math.min(...boxes.map(([left]) => left)) - margin;
  const y = Math.min(...boxes.map(([, top]) => top)) - margin;
  const width = Math.max(...boxes.map(([left, , w]) => left + w)) + margin - x;
  const height = Math.max(...boxes.map(([, top, , h]) => top + h)) + margin - y;
  return element('rect', { x, y, width, height, rx: 5, class: 'plate-mark' });
}

/**
 * The plate as an SVG element. Each character is a group `.plate-char` with `data-index`.
 *
 * @param {string | undefined} kind a kind; anything else is guessed from the characters
 * @param {string[]} chars one entry per character; a region such as 서울 is one entry
 * @param {string} label what a screen reader says
 */
export function drawPlate(kind, chars, label) {
  const design = designOf(kind, chars);
  const [w, h] = design.size;
  const svg = element('svg', {
    viewBox: `0 0 ${w} ${h}`,
    class: `plate plate-${design.tone}`,
    role: 'img',
    'aria-label': label,
  });
  svg.dataset.shape = w === 520 ? 'long' : 'tall';
  svg.append(element('rect', { x: 0, y: 0, width: w, height: h, rx: 12, class: 'plate-sheet' }));
  if (design.ev) svg.append(evMarks());
  if (design.strip) svg.append(filmStrip());
  if (design.cross) svg.append(element('path', { d: `M20 ${h - 12} L${w - 20} 12`, class: 'cross' }));
  svg.append(element('rect', { x: 3, y: 3, width: w - 6, height: h - 6, rx: 10, class: 'plate-border' }));
  for (const [cx, cy] of design.bolts)
    svg.append(element('circle', { cx, cy, r: w === 520 ? 4 : 6, class: 'plate-bolt' }));
  chars.forEach((char, index) => {
    const group = element('g', { class: 'plate-char' });
    group.dataset.index = String(index);
    const boxes = design.cells[index];
    // A region has a box for each syllable. One that cannot be seen is marked in both.
    const spelled = boxes.length === char.length ? [...char] : boxes.map(() => char);
    group.append(inkMark(boxes), ...spelled.map((one, at) => glyph(one, boxes[at])));
    svg.append(group);
  });
  return svg;
}
