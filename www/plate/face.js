// The characters of a Korean plate in the face of the road, on every device, whatever fonts it has.

import { BOX, GLYPHS } from './glyphs.js';

const SVG = 'http://www.w3.org/2000/svg';

/** How a text spells a character that cannot be seen. */
export const UNSEEN = '?';

/**
 * One character in its box on the plate, which all digits, or all letters, of the plate fill alike.
 *
 * @param {string} char a digit or one syllable; of anything else the place is drawn
 * @param {number[]} box x, y, width and height, mm
 * @returns {SVGElement}
 */
export function glyph(char, [x, y, width, height]) {
  const outline = GLYPHS[char];
  const node = document.createElementNS(SVG, outline ? 'path' : 'rect');
  const inset = 2; // the pen is 2 mm wide
  const attributes = outline
    ? { d: outline, transform: `translate(${x} ${y}) scale(${width / BOX} ${height / BOX})` }
    : { x: x + inset, y: y + inset, width: width - 2 * inset, height: height - 2 * inset, rx: 8, class: 'unseen' };
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}
