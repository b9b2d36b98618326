// The page: wires the intake to the reader and the reader to the view.
//
// Hooks for tests (`[data-testid=...]`; values that a test compares are in attributes, free of language):
//   body                [data-state=loading|ready|failed]  the reader;  [data-busy=true|false]  pictures under way
//   sample              one button per sample plate; data-text, data-kind
//   file-input          the file picker (several pictures at once)
//   plate               the redrawn plate
//   plate-text          the reading; data-text without spaces
//   plate-confidence    data-confidence, 0 to 1
//   plate-kind          data-kind
//   plate-valid         data-valid;  plate-unsure, plate-rental when they apply
//   sample-match        data-match, for samples only
//   char                one per character; data-index, data-confidence
//   char-detail         alternatives of the chosen character
//   candidate           data-text
//   time-preprocess, time-network, time-total   data-ms
//   rectified           the 192 x 96 canvas
//   log-row             one per picture; data-status=waiting|reading|done|failed, data-text, data-name
//   backend             data-backend=cpu|webgpu, data-simd;  backend-reason: why it is not WebGPU
//   backend-auto, backend-cpu, backend-webgpu   the switch
//   loaded-bytes        data-bytes, data-wasm, data-weights
//   loading             the sentence and bar shown until there is a reading
//   error               the notice about the reader; data-code;  error-title, error-detail, error-retry
//   announce            what a screen reader is told;  lang-ko, lang-en, copy, clear
// Address: `?backend=auto|cpu|webgpu` and `?lang=ko|en` choose; `?auto=off` leaves the first sample unread.

import { listenForPictures, loadSamples } from './intake.js';
import { markSample, renderLog, renderSamples } from './list-view.js';
import { Reader } from './reader.js';
import { bestPlate, kindName, spaced } from './reading-view.js';
import { renderEngine, renderStage, showWait } from './stage-view.js';
import { currentLanguage, failureWords, percent, preferredLanguage, setLanguage, t } from './words.js';

const elements = Object.fromEntries([...document.querySelectorAll('[id]')].map((node) => [node.id, node]));
const address = new URLSearchParams(location.search);
const reader = new Reader();

/** One entry per picture, oldest first: { id, name, url, blob, expected?, status, result?, error? }. */
let entries = [];
let shown = null;
let nextId = 1;
let samples = null;
let progress = null;
let notice = null;

const readerState = () => document.body.dataset.state;
const backendChoice = () => document.querySelector('input[name=backend]:checked').value;
const chooseBackend = (name) => {
  document.querySelector(`input[name=backend][value="${name}"]`).checked = true;
};

// ---- drawing ----

const now = () => ({ entry: shown, state: readerState(), progress });

function drawEngine() {
  renderEngine(elements, { info: reader.info, received: reader.received, state: readerState(), progress });
}

function draw() {
  renderStage(elements, now());
  renderLog(elements, entries, shown, show);
  markSample(elements, shown);
}

function show(entry) {
  shown = entry;
  draw();
  elements.reading.focus({ preventScroll: true });
  elements.reading.scrollIntoView({ block: 'nearest' });
}

function speak(language) {
  setLanguage(language);
  renderSamples(elements, samples, shown, openSample);
  draw();
  drawEngine();
  if (notice) showError(notice.error, notice.retry);
}

// ---- reading ----

function startReader() {
  document.body.dataset.state = 'loading';
  progress = null;
  hideError();
  reader.start(backendChoice());
  draw();
  drawEngine();
}

function addPicture(blob, name, expected) {
  const entry = { id: nextId, name, blob, url: URL.createObjectURL(blob), expected, status: 'waiting' };
  nextId += 1;
  entries.push(entry);
  shown = entry;
  if (readerState() === 'ready') readEntry(entry); // else `ready` does
  draw();
}

async function readEntry(entry) {
  entry.status = 'reading';
  document.body.dataset.busy = 'true';
  try {
    entry.result = await reader.read(entry.blob);
    entry.status = 'done';
  } catch (error) {
    entry.status = 'failed';
    entry.error = error;
    if (error.code === 'CLOSED' && readerState() === 'loading') {
      entry.status = 'waiting'; // the backend was switched meanwhile: the next one reads it
    } else if (error.code === 'CLOSED' || error.code === 'BACKEND_LOST') {
      readerFailed(error);
    }
  }
  document.body.dataset.busy = String(entries.some((e) => e.status === 'reading'));
  draw();
  announce(entry);
}

function openSample(sample) {
  const known = entries.find((entry) => entry.blob === sample.picture);
  if (!known) {
    addPicture(sample.picture, sample.file, sample.text);
    return;
  }
  shown = known;
  if (readerState() === 'ready' && known.status !== 'reading') readEntry(known);
  draw();
}

function announce(entry) {
  if (entry !== shown) return;
  const plate = entry.result ? bestPlate(entry.result) : null;
  if (entry.status === 'failed') {
    elements.announce.textContent = t('announceFailed', entry.name, failureWords(entry.error.code).title);
  } else if (entry.status === 'done') {
    elements.announce.textContent = plate
      ? t(
          'announce',
          spaced(plate.text),
          percent(plate.confidence),
          kindName(plate.kind, currentLanguage()),
          t(plate.valid ? 'valid' : 'invalid'),
        )
      : t('noText');
  }
}

// ---- errors of the reader; those of one picture are shown on the stage ----

const noWebGpu = (error) => error.code === 'UNSUPPORTED' && backendChoice() === 'webgpu';
const cpuHelps = (error) => error.code === 'BACKEND_LOST' || noWebGpu(error);

function showError(error, retry) {
  notice = { error, retry };
  const { title, advice } = failureWords(noWebGpu(error) ? 'NO_WEBGPU' : error.code);
  elements['error-title'].textContent = title;
  elements['error-advice'].textContent = advice;
  elements['error-detail'].textContent = error.message ? t('detail', error.message) : '';
  elements['error-retry'].textContent = t(cpuHelps(error) ? 'useCpu' : 'retry');
  elements.error.dataset.code = error.code ?? 'UNKNOWN';
  elements.error.hidden = false;
}

function hideError() {
  notice = null;
  elements.error.hidden = true;
}

function readerFailed(error) {
  document.body.dataset.state = 'failed';
  showError(error, () => {
    if (error.needsReload) {
      location.reload();
      return;
    }
    if (cpuHelps(error)) chooseBackend('cpu');
    startReader();
  });
  draw();
  drawEngine();
}

// ---- wiring ----

reader.addEventListener('progress', ({ detail }) => {
  progress = detail;
  drawEngine();
  if (!elements.loading.hidden) showWait(elements, now());
});

reader.addEventListener('ready', () => {
  document.body.dataset.state = 'ready';
  drawEngine();
  // A new backend reads the picture on show again, so that its times can be compared.
  for (const entry of entries) if (entry.status === 'waiting' || entry === shown) readEntry(entry);
  draw();
});

reader.addEventListener('failed', ({ detail }) => readerFailed(detail));

listenForPictures({ picker: elements.file, veil: elements['drop-veil'] }, (files) => {
  if (readerState() === 'ready') hideError();
  for (const file of files) addPicture(file, file.name || t('pasted'));
});

elements['error-retry'].addEventListener('click', () => {
  const { retry } = notice;
  hideError();
  retry();
});
elements['error-close'].addEventListener('click', hideError);

elements.copy.addEventListener('click', async () => {
  const copied = await navigator.clipboard.writeText(elements['plate-text'].dataset.text).then(
    () => true,
    () => false,
  );
  elements.copy.textContent = t(copied ? 'copied' : 'copyFailed');
  setTimeout(() => {
    elements.copy.textContent = t('copy');
  }, 1500);
});

elements.clear.addEventListener('click', () => {
  for (const entry of entries) URL.revokeObjectURL(entry.url);
  entries = [];
  shown = null;
  draw();
  elements.reading.focus({ preventScroll: true });
});

elements.backends.addEventListener('change', startReader);

for (const button of document.querySelectorAll('[data-lang]')) {
  button.addEventListener('click', () => {
    const url = new URL(location.href);
    url.searchParams.set('lang', button.dataset.lang);
    history.replaceState(null, '', url);
    speak(button.dataset.lang);
  });
}

const asked = address.get('backend');
chooseBackend(asked === 'cpu' || asked === 'webgpu' ? asked : 'auto');
document.body.dataset.busy = 'false';
setLanguage(preferredLanguage());
startReader();
samples = await loadSamples().catch(() => []);
renderSamples(elements, samples, shown, openSample);
if (samples.length > 0 && entries.length === 0 && address.get('auto') !== 'off') openSample(samples[0]);
