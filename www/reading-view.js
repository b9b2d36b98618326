// Shows one reading: the plate redrawn, its characters with their doubts, candidates and times.

import { drawPlate } from './plate-drawing.js';
import { KIND_NAMES, percent, t } from './words.js';

const RENTAL_LETTERS = '하허호';
const DOUBTFUL = 0.9; // below this a character is tinted

/** Creates an element; `data-*` and `aria-*` keys become attributes, the rest properties. */
export function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes('-')) node.setAttribute(key, String(value));
    else node[key] = value;
  }
  node.append(...children);
  return node;
}

/** A plate text as people write it: `123가 4567`, `서울 12바 3456`. Texts of another shape stay as they are. */
export function spaced(text) {
  const parts = /^(\D{2})?(\d{1,3}\D)(\d{4})$/u.exec(text);
  return parts ? parts.slice(1).filter(Boolean).join(' ') : text;
}

/** The best plate of a result, a doubtful one included, or null. */
export function bestPlate(result) {
  return result.plates[0] ?? result.rejected[0] ?? null;
}

/** The plate drawing of a reading. */
export function plateOf(plate) {
  return drawPlate(
    plate.kind,
    plate.chars.map((c) => c.char),
    t('plateLabel', spaced(plate.text)),
  );
}

/** `Private, long` or `자가용 긴 판`, whichever the page speaks. */
export function kindName(kind, language) {
  return KIND_NAMES[kind]?.[language === 'ko' ? 0 : 1] ?? kind;
}

function badge(className, testid, ...children) {
  return make('li', { className: `badge ${className}`, 'data-testid': testid }, ...children);
}

function kindBadge(plate) {
  const [korean, english] = KIND_NAMES[plate.kind] ?? [plate.kind, plate.kind];
  const node = badge('kind', 'plate-kind', make('span', { lang: 'ko' }, korean), make('span', { lang: 'en' }, english));
  node.dataset.kind = plate.kind;
  node.title = percent(plate.kindConfidence);
  return node;
}

function badges(plate, { doubtful, expected }) {
  const list = [kindBadge(plate)];
  if (RENTAL_LETTERS.includes(plate.parts.use ?? '-')) list.push(badge('', 'plate-rental', t('rental')));
  list.push(badge(plate.valid ? 'good' : 'bad', 'plate-valid', t(plate.valid ? 'valid' : 'invalid')));
  list.at(-1).dataset.valid = String(plate.valid);
  if (doubtful) list.push(badge('bad', 'plate-unsure', t('unsure')));
  if (expected !== undefined) {
    const same = plate.text === expected;
    list.push(
      badge(same ? 'good' : 'bad', 'sample-match', same ? t('sampleRight') : t('sampleWrong', spaced(expected))),
    );
    list.at(-1).dataset.match = String(same);
  }
  return list;
}

function bar(probability) {
  const meter = make('span', { className: 'bar', 'aria-hidden': 'true' }, make('span'));
  meter.firstChild.style.setProperty('--share', String(probability));
  return meter;
}

function showDoubts(detail, chars, index) {
  const { char, confidence, alternatives } = chars[index];
  const rows = [{ char, confidence }, ...alternatives].filter((a, i) => i === 0 || a.confidence >= 0.001).slice(0, 5);
  const list = make('ol', { className: 'doubts' });
  for (const row of rows) {
    list.append(
      make(
        'li',
        {},
        make('span', { className: 'doubt-char', lang: 'ko' }, row.char),
        bar(row.confidence),
        make('span', { className: 'number' }, percent(row.confidence)),
      ),
    );
  }
  const head = make('p', { className: 'detail-head' }, make('strong', {}, t('position', index + 1)));
  if (rows.length === 1) head.append(' ', make('span', { className: 'fine' }, t('noAlternatives')));
  detail.replaceChildren(head, list);
}

/** The row of characters; hovering, focusing or tapping one shows what else it might have been. */
function fillChars(row, detail, mount, chars) {
  const select = (index) => {
    for (const button of row.children)
      button.setAttribute('aria-pressed', String(Number(button.dataset.index) === index));
    for (const group of mount.querySelectorAll('.plate-char'))
      group.classList.toggle('marked', Number(group.dataset.index) === index);
    showDoubts(detail, chars, index);
  };
  row.replaceChildren(
    ...chars.map(({ char, confidence }, index) => {
      const button = make(
        'button',
        {
          type: 'button',
          className: confidence < DOUBTFUL ? 'char doubtful' : 'char',
          'data-testid': 'char',
          'data-index': index,
          'data-confidence': confidence,
        },
        make('span', { className: 'char-text', lang: 'ko' }, char),
        bar(confidence),
        make('span', { className: 'number' }, percent(confidence)),
      );
      for (const event of ['pointerenter', 'focus', 'click']) button.addEventListener(event, () => select(index));
      return button;
    }),
  );
  // What deserves a look first is the character the reading is least sure of.
  const weakest = chars.reduce((low, c, i) => (c.confidence < chars[low].confidence ? i : low), 0);
  if (chars.length > 0) select(weakest);
  else detail.replaceChildren();
}

function candidateRow({ text, confidence, valid }) {
  const row = make(
    'li',
    { 'data-testid': 'candidate', 'data-text': text },
    make('span', { className: 'candidate-text', lang: 'ko' }, spaced(text)),
    bar(confidence),
    make('span', { className: 'number' }, percent(confidence)),
  );
  if (!valid) row.append(make('span', { className: 'fine candidate-note' }, t('invalid')));
  return row;
}

function timeRows({ preprocess, recognize, total }) {
  const rows = [
    ['preprocess', preprocess],
    ['network', recognize],
    ['total', total],
  ];
  return rows.map(([key, ms]) =>
    make(
      'div',
      {},
      make('dt', {}, t(key)),
      make('dd', { 'data-testid': `time-${key}`, 'data-ms': ms }, t('ms', ms.toFixed(ms < 100 ? 1 : 0))),
    ),
  );
}

function showRectified(elements, image) {
  elements.rectified.hidden = !image;
  if (!image) return;
  const { data, width, height } = image;
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i += 1) rgba.set([data[i], data[i], data[i], 255], i * 4);
  const canvas = elements['rectified-canvas'];
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
}

/**
 * Fills the stage with a finished reading.
 *
 * @param {Record<string, HTMLElement>} elements the page's elements by id
 * @param {{ result: object, expected?: string }} entry
 */
export function showReading(elements, { result, expected }) {
  const plate = bestPlate(result);
  elements['plate-mount'].replaceChildren(plateOf(plate));
  elements['plate-text'].textContent = spaced(plate.text);
  elements['plate-text'].dataset.text = plate.text;
  elements.confidence.textContent = percent(plate.confidence);
  elements.confidence.dataset.confidence = String(plate.confidence);
  elements.badges.replaceChildren(...badges(plate, { doubtful: result.plates.length === 0, expected }));
  fillChars(elements.chars, elements['char-detail'], elements['plate-mount'], plate.chars);
  elements.candidates.replaceChildren(...plate.candidates.map(candidateRow));
  elements.timing.replaceChildren(...timeRows(result.timing));
  showRectified(elements, plate.image);
}

/** An unwritten plate, for the time before there is a reading. */
export function showBlank(elements) {
  elements['plate-mount'].replaceChildren(drawPlate('private-8', [], ''));
  elements['plate-mount'].firstChild.setAttribute('aria-hidden', 'true');
  elements.rectified.hidden = true;
}
