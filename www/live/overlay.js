// Draws over the video: the guide frame, and around each plate its outline and its text.

import { draw, elements } from '../dom.js';
import { spaced } from '../plate/text.js';

function outline({ id, state, best }, size) {
  const { cornerPoints: corners, boundingBox: box } = best;
  const polygon = draw('polygon', {
    points: corners.map(({ x, y }) => `${x},${y}`).join(' '),
    'vector-effect': 'non-scaling-stroke',
  });
  // As large as the plate allows, and readable on a phone.
  const height = Math.max(size.height * 0.045, Math.min(size.height * 0.08, box.height * 0.5));
  const above = box.y > height * 1.5;
  const label = draw('text', {
    x: box.x + box.width / 2,
    y: above ? box.y - height * 0.4 : box.y + box.height + height,
    'font-size': height,
    'text-anchor': 'middle',
  });
  label.textContent = spaced(best.text);
  return draw('g', { class: `track ${state}`, 'data-id': id }, polygon, label);
}

/**
 * Draws the overlay for a frame.
 *
 * @param {{ width: number, height: number }} size of the frame; nothing is drawn while it is empty
 * @param {{ x: number, y: number, width: number, height: number } | null} guide the guide frame
 * @param {object[]} tracks the plates in view
 */
export function renderOverlay(size, guide, tracks) {
  const { overlay, viewport } = elements;
  if (!size.width) {
    overlay.replaceChildren();
    return;
  }
  overlay.setAttribute('viewBox', `0 0 ${size.width} ${size.height}`);
  viewport.style.setProperty('--aspect', `${size.width} / ${size.height}`);
  const nodes = [];
  if (guide) {
    nodes.push(
      draw('rect', { ...guide, rx: guide.height * 0.1, class: 'guide', 'vector-effect': 'non-scaling-stroke' }),
    );
  }
  nodes.push(...tracks.filter(({ state }) => state !== 'lost').map((track) => outline(track, size)));
  overlay.replaceChildren(...nodes);
}
