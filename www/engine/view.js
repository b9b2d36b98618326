// The strip that says what is running: backend, downloads, model, and how fast it is.

import { elements, make } from '../dom.js';
import { progressWords } from '../pictures/stage-view.js';
import { bytes, milliseconds, t } from '../i18n/i18n.js';

/** `CPU with SIMD`, `WebGPU`. */
export function backendName({ backend, simd }) {
  return backend === 'webgpu' ? 'WebGPU' : `CPU ${t(simd ? 'simd' : 'noSimd')}`;
}

/** Draws the facts about the running reader anew. */
export function renderEngine({ info, received, state, progress, webgpu }) {
  const { wasm, weights } = received;
  const waiting = state === 'failed' ? t('notLoaded') : progressWords(progress);
  elements.backend.textContent = info ? backendName(info) : waiting;
  elements.backend.dataset.backend = info?.backend ?? '';
  elements.backend.dataset.simd = String(info?.simd ?? '');
  elements.backend.dataset.worker = String(info?.worker ?? '');
  elements['backend-where'].textContent = info ? t(info.worker ? 'inWorker' : 'onPage') : '';
  elements.loaded.textContent = wasm + weights > 0 ? bytes(wasm + weights) : '–';
  elements['loaded-parts'].textContent = wasm + weights > 0 ? t('loadedParts', bytes(wasm), bytes(weights)) : '';
  Object.assign(elements.loaded.dataset, { bytes: wasm + weights, wasm, weights });
  elements.warmup.textContent = info ? t('ms', info.warmupMs.toFixed(0)) : '–';
  elements.model.textContent = info?.recognizer.version ?? '–';
  elements.model.title = info?.recognizer.sha256 ? `SHA-256 ${info.recognizer.sha256}` : '';
  const detector = info?.detector?.version;
  elements.detector.textContent = info ? (detector ? t('detectorPart', detector) : t('detectorNone')) : '';
  elements['backend-webgpu'].disabled = webgpu !== 'ready';
  elements['webgpu-state'].hidden = webgpu === 'ready';
  elements['webgpu-state'].dataset.state = webgpu;
  elements['webgpu-state'].textContent = { ready: '', building: t('webgpuBuilding'), absent: t('webgpuAbsent') }[webgpu];
  elements['backend-reason'].hidden = !info?.fallbackReason;
  elements['backend-reason'].textContent = info?.fallbackReason ? t('fallback', info.fallbackReason) : '';
}

const STAGE_NAMES = { preprocess: 'preprocess', detect: 'detect', recognize: 'network', decode: 'decode', total: 'total' };

/** Draws the table of latencies anew. */
export function renderLatency(latency) {
  const { count } = latency;
  elements['latency-frame'].hidden = count === 0;
  if (count === 0) return;
  const cell = (ms) => make('td', { className: 'number' }, milliseconds(ms));
  const head = (text) => make('th', { scope: 'col' }, text);
  elements.latency.dataset.count = String(count);
  elements.latency.replaceChildren(
    make('caption', { className: 'fine' }, t('latencyCaption', count)),
    make('thead', {}, make('tr', {}, head(t('stageColumn')), head('p50'), head('p95'))),
    make(
      'tbody',
      {},
      ...latency
        .rows()
        .map(({ stage, p50, p95 }) =>
          make(
            'tr',
            { 'data-stage': stage },
            make('th', { scope: 'row' }, t(STAGE_NAMES[stage])),
            cell(p50),
            cell(p95),
          ),
        ),
    ),
  );
}

/** Shows the rate of a video; `null` when none is read. */
export function renderRate(fps) {
  elements.fps.textContent = fps === null ? '–' : fps.toFixed(fps < 10 ? 1 : 0);
  elements.fps.dataset.fps = String(fps ?? '');
}
