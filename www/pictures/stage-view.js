// Shows the picture on the stage and what has become of it: a reading, a wait, or a failure in plain words.

import { paintGrey, tintAttention } from './network-view.js';
import { markCharacter, reasonOf, showPhoto, showPlates } from './photo-view.js';
import { elements, make } from '../dom.js';
import { platesOf, spaced } from '../plate/text.js';
import { badge, ReadingCard } from '../reading/reading-card.js';
import { bytes, failureText, milliseconds, t } from '../i18n/i18n.js';

const card = new ReadingCard(elements['picture-card'], showCharacter);

/** The plate that the card is about. */
let onShow = null;

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

/** Shows where one character of the plate on show stands in the picture, and where the network looked for it. */
function showCharacter(index) {
  showNetworkView(onShow, index);
  markCharacter(onShow?.chars[index]?.cornerPoints);
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

function showTimes({ preprocess, detect, recognize, decode, total }) {
  const rows = { preprocess, ...(detect > 0 ? { detect } : {}), network: recognize, decode, total };
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
  if (!entry.result.plates.includes(plate)) list.push(badge('bad', 'plate-unsure', t(`reason-${reasonOf(plate)}`)));
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
    const { title, advice } = failureText(entry.error.code);
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
  onShow = plate;
  showPhoto(entry);
  showPlates(entry?.status === 'failed' ? null : (entry?.result ?? null), plate, choosePlate);
  if (!plate?.chars.length) showNetworkView(plate); // otherwise the card chooses a character
  elements.times.hidden = !plate;
  if (plate) {
    card.show(plate, ownBadges(entry, plate));
    showTimes(entry.result.timing);
  } else {
    renderWait(now);
  }
}
