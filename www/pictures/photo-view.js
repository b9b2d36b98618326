// The picture on show with its plates outlined and labelled; a label is the button that opens its plate's card.

import { draw, elements, make } from '../dom.js';
import { platesOf, spaced } from '../plate/text.js';
import { percent, t } from '../i18n/i18n.js';

/** A plate that takes less than this share of its picture stands in a scene. */
const SMALL_PLATE = 0.12;

/** Why a plate that was found may not be among those read, as the package says it. */
const REASONS = ['incomplete', 'illegible', 'improbable', 'too-many'];

/** Labels of plates within this share of an edge grow away from it. */
const EDGE = 0.22;

/** Whether a picture is a photograph to look at; otherwise it shows little but one plate. */
export function isPhotograph({ result, size }) {
  if (!result) return size !== undefined && size.width >= 480 && size.width < 2 * size.height;
  const plates = platesOf(result);
  const isSmall = ({ boundingBox: { width, height } }) =>
    (width * height) / (result.size.width * result.size.height) < SMALL_PLATE;
  return result.mode === 'scene' ? plates.length !== 1 || isSmall(plates[0]) : plates.some(isSmall);
}

/** Shows the picture of an entry, or none, in the shape that it has. */
export function showPhoto(entry) {
  const image = elements['source-image'];
  image.hidden = !entry;
  elements['source-name'].textContent = entry?.name ?? '';
  elements['source-size'].textContent = entry?.result ? t('pixels', entry.result.size.width, entry.result.size.height) : '';
  elements['source-count'].textContent = entry?.result ? countWords(entry.result) : '';
  elements.reading.dataset.view = entry && isPhotograph(entry) ? 'photo' : 'crop';
  if (entry?.size) shape(entry.size);
  if (!entry || image.dataset.id === String(entry.id)) return;
  image.dataset.id = String(entry.id);
  image.classList.remove('broken');
  image.onerror = () => image.classList.add('broken');
  image.onload = () => {
    entry.size = { width: image.naturalWidth, height: image.naturalHeight };
    shape(entry.size);
    if (!entry.result) elements.reading.dataset.view = isPhotograph(entry) ? 'photo' : 'crop';
  };
  image.src = entry.url;
  image.alt = entry.name;
}

function shape({ width, height }) {
  elements.photo.style.setProperty('--aspect', String(width / height));
  elements.reading.dataset.shape = width < height ? 'tall' : 'wide';
  elements.photo.style.setProperty('--natural', `${width}px`);
}

/** What became of all that was found, in words: how many plates were read, and why others were not. */
function countWords({ plates, rejected }) {
  const words = [t(plates.length === 1 ? 'plateRead' : 'platesRead', plates.length)];
  for (const reason of REASONS) {
    const count = rejected.filter((plate) => reasonOf(plate) === reason).length;
    if (count > 0) words.push(t(`count-${reason}`, count));
  }
  return words.join(' · ');
}

/** Why a plate is among the rejected: one of `REASONS`. */
export function reasonOf(plate) {
  return REASONS.includes(plate.reason) ? plate.reason : 'improbable';
}

/**
 * Outlines and labels the plates of a picture; `chosen` is the one whose card is open.
 *
 * @param {object | null} result
 * @param {object | null} chosen
 * @param {(index: number) => void} choosePlate
 */
export function showPlates(result, chosen, choosePlate) {
  const outline = elements['source-outline'];
  const plates = result ? platesOf(result) : [];
  outline.toggleAttribute('hidden', !result);
  elements.plates.hidden = plates.length === 0;
  if (!result) {
    elements.plates.replaceChildren();
    return;
  }
  const { width, height } = result.size;
  outline.setAttribute('viewBox', `0 0 ${width} ${height}`);
  const unread = result.rejected.filter((plate) => plate.text === '');
  outline.replaceChildren(
    ...unread.map((plate) => polygon(plate.cornerPoints, 'quad unread')),
    ...plates.map((plate, index) => {
      const name = result.plates.includes(plate) ? 'quad' : 'quad unsure';
      const shape = polygon(plate.cornerPoints, plate === chosen ? `${name} chosen` : name);
      shape.addEventListener('click', () => choosePlate(index));
      return shape;
    }),
  );
  elements.plates.replaceChildren(
    ...plates.map((plate, index) => label(plate, { result, chosen, onChoose: () => choosePlate(index) })),
  );
}

function label(plate, { result, chosen, onChoose }) {
  const { text, confidence, boundingBox: box } = plate;
  const isSure = result.plates.includes(plate);
  const words = spaced(text);
  const button = make(
    'button',
    {
      type: 'button',
      className: isSure ? 'plate-label' : 'plate-label unsure',
      'data-testid': 'plate-choice',
      'data-text': text,
      'data-reason': isSure ? '' : reasonOf(plate),
      title: isSure ? percent(confidence) : t(`reason-${reasonOf(plate)}`),
    },
    make('span', { lang: 'ko', translate: false }, words),
  );
  button.setAttribute('aria-pressed', String(plate === chosen));
  button.addEventListener('click', onChoose);
  // Above the plate, or below one at the upper edge; centred, or growing away from the edge that is near.
  const { width, height } = result.size;
  const middle = Math.min(1, Math.max(0, (box.x + box.width / 2) / width));
  const anchor = middle < EDGE ? 'start' : middle > 1 - EDGE ? 'end' : 'middle';
  const x = { start: Math.max(0, box.x), middle: middle * width, end: Math.min(width, box.x + box.width) }[anchor];
  const above = box.y / height > 0.12;
  button.dataset.anchor = anchor;
  button.dataset.side = above ? 'above' : 'below';
  button.style.left = `${(100 * x) / width}%`;
  button.style.top = `${(100 * (above ? box.y : Math.min(height, box.y + box.height))) / height}%`;
  return button;
}

/** Tints one character of a plate where it stands in the picture; none without `corners`. */
export function markCharacter(corners) {
  const outline = elements['source-outline'];
  outline.querySelector('.char-mark')?.remove();
  if (corners) outline.append(polygon(corners, 'char-mark'));
}

function polygon(corners, name) {
  const points = corners.map(({ x, y }) => `${x},${y}`).join(' ');
  return draw('polygon', { points, class: name, 'vector-effect': 'non-scaling-stroke' });
}
