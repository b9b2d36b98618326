// Shows the picture on the stage and what has become of it: a reading, a wait, or a failure in plain words.

import { bestPlate, make, showBlank, showReading } from './reading-view.js';
import { bytes, failureWords, t } from './words.js';

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

function showSource(elements, entry) {
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

/** Outlines the plate in the picture. The drawing is laid over the image and scaled like it. */
function showOutline(outline, result) {
  const plate = result && bestPlate(result);
  outline.toggleAttribute('hidden', !plate);
  if (!plate) return;
  const { width, height } = result.size;
  outline.setAttribute('viewBox', `0 0 ${width} ${height}`);
  outline.firstElementChild.setAttribute('points', plate.cornerPoints.map(({ x, y }) => `${x},${y}`).join(' '));
}

/** The sentence and the bar that stand where the reading will be. */
export function showWait(elements, { entry, state, progress }) {
  const text = elements['loading-text'];
  const bar = elements['loading-bar'];
  bar.hidden = state !== 'loading';
  if (progress?.total && (progress.phase === 'wasm' || progress.phase === 'weights')) {
    bar.value = Math.min(1, progress.loaded / progress.total);
  } else {
    bar.removeAttribute('value');
  }
  if (entry?.status === 'failed') {
    const { title, advice } = failureWords(entry.error.code);
    text.replaceChildren(
      make('strong', {}, title),
      make('span', { className: 'block' }, advice),
      make('span', { className: 'fine block' }, t('detail', entry.error.message)),
    );
  } else if (entry?.status === 'done') {
    text.replaceChildren(make('strong', {}, t('noText')), make('span', { className: 'block' }, t('noTextAdvice')));
  } else if (state === 'loading') {
    text.textContent = progressWords(progress);
  } else if (state === 'failed') {
    text.textContent = t('notLoaded');
  } else {
    text.textContent = entry ? t(entry.status === 'reading' ? 'readingNow' : 'waiting') : t('cropsOnly');
  }
}

/**
 * Draws the stage anew.
 *
 * @param {Record<string, HTMLElement>} elements the page's elements by id
 * @param {{ entry: object | null, state: string, progress: object | null }} now the picture on show and the reader
 */
export function renderStage(elements, now) {
  const { entry } = now;
  showSource(elements, entry);
  showOutline(elements['source-outline'], entry?.status === 'failed' ? null : entry?.result);
  // A picture that is read again keeps its reading on show meanwhile.
  const readable = Boolean(entry?.result && entry.status !== 'failed' && bestPlate(entry.result));
  elements.outcome.hidden = !readable;
  elements.times.hidden = !readable;
  elements.loading.hidden = readable;
  if (readable) {
    showReading(elements, entry);
  } else {
    elements['plate-text'].dataset.text = '';
    showBlank(elements);
    showWait(elements, now);
  }
}

/** Draws the facts about the running reader anew. */
export function renderEngine(elements, { info, received, state, progress }) {
  const { wasm, weights } = received;
  const simd = info?.backend === 'cpu' ? ` ${t(info.simd ? 'simd' : 'noSimd')}` : '';
  const name = info && `${info.backend === 'webgpu' ? 'WebGPU' : 'CPU'}${simd}`;
  elements.backend.textContent = name ?? (state === 'failed' ? t('notLoaded') : progressWords(progress));
  elements.backend.dataset.backend = info?.backend ?? '';
  elements.backend.dataset.simd = String(info?.simd ?? '');
  elements.loaded.textContent = wasm + weights > 0 ? bytes(wasm + weights) : '–';
  elements['loaded-parts'].textContent = wasm + weights > 0 ? t('loadedParts', bytes(wasm), bytes(weights)) : '';
  Object.assign(elements.loaded.dataset, { bytes: wasm + weights, wasm, weights });
  elements.warmup.textContent = info ? t('ms', info.warmupMs.toFixed(0)) : '–';
  elements.model.textContent = info?.modelVersion ?? '–';
  elements.model.title = info?.weightsSha256 ? `SHA-256 ${info.weightsSha256}` : '';
  elements['backend-reason'].hidden = !info?.fallbackReason;
  elements['backend-reason'].textContent = info?.fallbackReason ? t('fallback', info.fallbackReason) : '';
}
