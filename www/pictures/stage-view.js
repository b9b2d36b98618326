// Shows the picture on the stage and what has become of it: a reading, a wait, or a failure in plain words.

import { paintGrey, tintAttention } from './network-view.js';
import { draw, elements, make } from '../page.js';
import { platesOf, spaced } from '../plate/text.js';
import { badge, ReadingCard } from '../reading/reading-card.js';
import { bytes, failureWords, milliseconds, t } from '../words/words.js';

const card = new ReadingCard(elements['picture-card'], showCharacter);

/** The plate that the card is about. */
let outlined = null;

/** Less than this share of the picture: the plate stands in a scene, which is shown larger. */
const SMALL_PLATE = 0.12;

/** What the reader is doing while it loads, in words. */
export function progressWords(progress) {
  if (!progress) return t('loadingStart');
  const { phase, loaded, total } = progress;
  const amount = total ? t('of', bytes(loaded), bytes(total)) : bytes(loaded);
  return {
    wasm: t('loadingWasm', amount),
    weights: t('loadingWeights', amount),
    compile: t('loadingCompile'),
    warmup: t('loadingWarmup'),
  }[phase];
}

/** Which plate of the picture is on show, or null. */
export function plateOnShow(entry) {
  if (!entry?.result || entry.status === 'failed') return null;
  const plates = platesOf(entry.result);
  return plates[entry.chosen ?? 0] ?? plates[0] ?? null;
}

function showSource(entry) {
  const image = elements['source-image'];
  image.hidden = !entry;
  elements['source-name'].textContent = entry?.name ?? '';
  elements['source-size'].textContent = entry?.result
    ? t('pixels', entry.result.size.width, entry.result.size.height)
    : '';
  if (!entry || image.dataset.id === String(entry.id)) return;
  image.dataset.id = String(entry.id);
  image.classList.remove('broken');
  image.onerror = () => image.classList.add('broken');
  image.src = entry.url;
  image.alt = entry.name;
}

/** Outlines the plates in the picture. The drawing is laid over the image and scaled like it. */
function showOutlines(entry, plate) {
  const outline = elements['source-outline'];
  outlined = plate;
  outline.toggleAttribute('hidden', !plate);
  elements['source-frame'].classList.toggle('scene', Boolean(plate) && isScene(entry.result, plate));
  if (!plate) return;
  const { width, height } = entry.result.size;
  outline.setAttribute('viewBox', `0 0 ${width} ${height}`);
  outline.replaceChildren(
    ...platesOf(entry.result).map((each) => polygon(each.cornerPoints, each === plate ? 'quad chosen' : 'quad')),
  );
}

function polygon(corners, name) {
  const points = corners.map(({ x, y }) => `${x},${y}`).join(' ');
  return draw('polygon', { points, class: name, 'vector-effect': 'non-scaling-stroke' });
}

/** Tints one character of the plate on show: where it stands in the picture, and where the network looked for it. */
function showCharacter(index) {
  showNetworkView(outlined, index);
  const outline = elements['source-outline'];
  outline.querySelector('.char-mark')?.remove();
  const box = outlined?.chars[index]?.cornerPoints;
  if (box) outline.append(polygon(box, 'char-mark'));
}

function isScene({ size }, { boundingBox }) {
  return (boundingBox.width * boundingBox.height) / (size.width * size.height) < SMALL_PLATE;
}

/** One button a plate, when there are several. */
function showChoice(entry, plate, choosePlate) {
  const plates = plate ? platesOf(entry.result) : [];
  elements.plates.hidden = plates.length < 2;
  elements.plates.replaceChildren(
    ...plates.map((each, index) => {
      const button = make(
        'button',
        { type: 'button', className: 'pill', lang: 'ko', 'data-testid': 'plate-choice', 'data-text': each.text },
        spaced(each.text),
      );
      button.setAttribute('aria-pressed', String(each === plate));
      button.addEventListener('click', () => choosePlate(index));
      return button;
    }),
  );
}

/** The grey picture that the network saw of a plate, and where it looked for one character. */
function showNetworkView(plate, index) {
  const image = plate?.image;
  elements.rectified.hidden = !image;
  if (!image) return;
  const canvas = elements['rectified-canvas'];
  paintGrey(canvas, image);
  const attention = plate.chars[index]?.attention;
  if (attention) tintAttention(canvas, attention);
}

function showTimes({ preprocess, detect, recognize, total }) {
  const rows = { preprocess, ...(detect > 0 ? { detect } : {}), network: recognize, total };
  elements.timing.replaceChildren(
    ...Object.entries(rows).map(([key, ms]) =>
      make(
        'div',
        {},
        make('dt', {}, t(key)),
        make('dd', { 'data-testid': `time-${key}`, 'data-ms': ms }, t('ms', milliseconds(ms))),
      ),
    ),
  );
}

function ownBadges(entry, plate) {
  const list = [];
  if (!entry.result.plates.includes(plate)) list.push(badge('bad', 'plate-unsure', t('unsure')));
  if (entry.expected !== undefined) {
    const same = plate.text === entry.expected;
    const words = same ? t('sampleRight') : t('sampleWrong', spaced(entry.expected));
    list.push(badge(same ? 'good' : 'bad', 'sample-match', words));
    list.at(-1).dataset.match = String(same);
  }
  return list;
}

/** The sentence that stands where the reading will be, and under it a bar while the reader loads. */
function waitNodes({ entry, state, progress }) {
  const words = (title, ...more) => [make('p', {}, make('strong', {}, title), ...more)];
  const block = (text, fine = '') => make('span', { className: `block ${fine}` }, text);
  if (entry?.status === 'failed') {
    const { title, advice } = failureWords(entry.error.code);
    return words(title, block(advice), block(t('detail', entry.error.message), 'fine'));
  }
  if (entry?.status === 'done') return words(t('noText'), block(t('noTextAdvice')));
  if (state === 'failed') return [make('p', {}, t('notLoaded'))];
  if (state === 'ready')
    return [make('p', {}, entry ? t(entry.status === 'reading' ? 'readingNow' : 'waiting') : t('startHint'))];
  const bar = make('progress', { max: 1, 'aria-label': t('loadingLabel') });
  if (progress?.total && (progress.phase === 'wasm' || progress.phase === 'weights'))
    bar.value = Math.min(1, progress.loaded / progress.total);
  return [make('p', {}, progressWords(progress)), bar];
}

/** Draws the sentence and the bar anew, if they are on show. */
export function renderWait(now) {
  if (!plateOnShow(now.entry)) card.wait(...waitNodes(now));
}

/**
 * Draws the stage anew.
 *
 * @param {{ entry: object | null, state: string, progress: object | null }} now the picture on show and the reader
 * @param {(index: number) => void} choosePlate called when another plate of the picture is chosen
 */
export function renderStage(now, choosePlate) {
  const { entry } = now;
  const plate = plateOnShow(entry); // one that is read again keeps its reading on show meanwhile
  showSource(entry);
  showOutlines(entry, plate);
  showChoice(entry, plate, choosePlate);
  if (!plate?.chars.length) showNetworkView(plate); // otherwise the card chooses a character
  elements.times.hidden = !plate;
  if (plate) {
    card.show(plate, ownBadges(entry, plate));
    showTimes(entry.result.timing);
  } else {
    renderWait(now);
  }
}
