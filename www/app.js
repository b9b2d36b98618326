// The page: loads the reader and wires its panels to it.
//
// Hooks for tests (`[data-testid=...]`; values that a test compares are in attributes, free of language):
//   body                [data-state=loading|ready|failed]  the reader;  [data-busy=true|false]  pictures under way;
//                       [data-tab=pictures|camera|benchmark]
//   tab-*, lang-ko, lang-en, theme
//   sample              one button per sample plate; data-text, data-kind
//   file-input          the file picker (several pictures at once, or a video)
//   look-auto, look-scene, look-crop   what to look for; hidden without a detector
//   plate, plate-text (data-text), plate-confidence (data-confidence), plate-kind (data-kind), plate-valid (data-valid),
//   plate-unsure, plate-rental, sample-match (data-match), char (data-index, data-confidence), candidate (data-text)
//                       the card of a picture; the live card has the same inside [data-testid=live]
//   reading             data-view=photo|crop;  plate-choice  one label per plate of a picture (data-text, data-reason);
//                       source-outline, source-count, rectified
//   time-preprocess, time-detect, time-network, time-decode, time-total   data-ms
//   log-row             one per picture; data-status=waiting|reading|done|failed, data-text, data-name
//   log-state (data-left), log-progress, log-jump, log-csv, clear
//   live                the camera's panel: viewport (data-state, data-source), camera-screen (data-state), camera-start,
//                       camera-open, pause, stop, torch, zoom, camera-list, guide-*, overlay (g.track),
//                       track-state (data-state), track-votes (data-votes, data-agreeing), other, live-rectified
//   history-row         data-text, data-times;  history-copy, history-share, history-remove, history-csv, history-json
//   backend             data-backend=cpu|webgpu, data-simd, data-worker;  backend-reason;  backend-auto|cpu|webgpu;
//                       webgpu-state (data-state=ready|building|absent)
//   loaded-bytes (data-bytes, data-wasm, data-weights), fps (data-fps), latency (data-count), offline (data-version)
//   benchmark-run, benchmark-table (tr data-backend), benchmark-copy, report, code, code-copy, toast, toast-reload
//   error               the notice about the reader; data-code;  error-title, error-detail, error-retry;  announce
// Address: `?backend=auto|cpu|webgpu` and `?lang=ko|en` choose; `?auto=off` leaves the first sample unread; `#camera` and
// `#benchmark` open a tab.

import { startBenchmark } from './engine/benchmark-view.js';
import { copyFrom } from './clipboard.js';
import { renderEngine, renderLatency, renderRate } from './engine/view.js';
import { HistoryStore } from './history/store.js';
import { startHistory } from './history/view.js';
import { listenForFiles, loadSamples } from './pictures/intake.js';
import { Latency } from './engine/latency.js';
import { Live } from './live/live.js';
import { hideNotice, showNotice, startNotice } from './notice.js';
import { keepOffline, lookForUpdate } from './offline.js';
import { choose, chosen, elements } from './dom.js';
import { Pictures } from './pictures/pictures.js';
import { platesOf } from './plate/text.js';
import { Reader } from './reader.js';
import { makeReport } from './engine/report.js';
import { renderSnippet } from './engine/snippet.js';
import { WEBGPU, offered, whenBuilt } from './engine/webgpu.js';
import { keep } from './storage.js';
import { openTab, openedTab, startTabs } from './tabs.js';
import { startTheme } from './theme.js';
import { thumbnail } from './history/thumbnail.js';
import { onLanguage, preferredLanguage, setLanguage, t } from './i18n/i18n.js';

const address = new URLSearchParams(location.search);
const reader = new Reader();
const latency = new Latency();
const history = new HistoryStore();
let progress = null;
let drawn = null;
let failure = null;
let version = null;
let samples = [];
let webgpu = WEBGPU;

const state = () => document.body.dataset.state;

// ---- the reader ----

function startReader() {
  document.body.dataset.state = 'loading';
  progress = null;
  failure = null;
  latency.clear();
  hideNotice();
  reader.start(offered(chosen('backend')));
  drawEngine();
  pictures.draw();
}

function drawEngine() {
  renderEngine({ info: reader.info, received: reader.received, state: state(), progress, webgpu });
  renderLatency(latency);
  elements.offline.textContent = t(version ? 'offlineReady' : 'offlineNot');
  elements.offline.dataset.version = version ?? '';
  elements['crops-only'].hidden = !reader.info || reader.findsPlates;
  drawSnippet();
}

function drawSnippet() {
  // On show while it is not known, so that the page below stays where it is.
  elements.looks.hidden = (reader.info !== null && !reader.findsPlates) || openedTab() === 'benchmark';
  renderSnippet(reader.optionsFor(chosen('look')).mode);
}

function readerFailed(error) {
  document.body.dataset.state = 'failed';
  failure = error;
  const noWebGpu = error.code === 'UNSUPPORTED' && chosen('backend') === 'webgpu';
  const cpuHelps = error.code === 'BACKEND_LOST' || noWebGpu;
  showNotice(error, {
    code: noWebGpu ? 'NO_WEBGPU' : error.code,
    helps: cpuHelps ? 'useCpu' : 'retry',
    retry: () => {
      if (error.needsReload) {
        location.reload();
        return;
      }
      if (cpuHelps) choose('backend', 'cpu');
      startReader();
    },
  });
  drawEngine();
  pictures.draw();
}

reader.addEventListener('progress', ({ detail }) => {
  // Downloads tell more often than a screen can show.
  if (progress === null || progress === drawn) requestAnimationFrame(drawProgress);
  progress = detail;
});
reader.addEventListener('ready', () => {
  document.body.dataset.state = 'ready';
  drawEngine();
  pictures.readWaiting();
  live.readerReady();
  offline();
});
reader.addEventListener('failed', ({ detail }) => readerFailed(detail));
reader.addEventListener('timing', ({ detail }) => latency.add(detail));
elements.backends.addEventListener('change', startReader);

function drawProgress() {
  drawn = progress;
  if (state() !== 'loading') return;
  drawEngine();
  pictures.drawWait();
}

// ---- the panels ----

const pictures = new Pictures(reader, {
  now: () => ({ state: state(), progress }),
  onRead: recordPicture,
  onLost: readerFailed,
});

const live = new Live(reader);
live.addEventListener('frame', () => latency.frame(performance.now()));
live.addEventListener('confirmed', ({ detail: { plate, source, picture, instead } }) => {
  if (instead) history.takeBack(instead);
  history.add(plate, source, picture);
});
live.addEventListener('lost', ({ detail }) => readerFailed(detail));

/** Samples are drawn and stay out of the history; a picture that is read again is not another sighting. */
async function recordPicture(entry) {
  renderLatency(latency);
  if (entry.expected !== undefined || entry.recorded) return;
  entry.recorded = true;
  const sure = platesOf(entry.result).filter((plate) => entry.result.plates.includes(plate));
  if (sure.length === 0) return;
  const bitmap = await createImageBitmap(entry.blob);
  for (const plate of sure) history.add(plate, 'picture', thumbnail(bitmap, entry.result.size, plate));
  bitmap.close();
}

listenForFiles(
  { picker: elements.file, veil: elements['drop-veil'] },
  {
    pictures: (files) => {
      openTab('pictures');
      if (state() === 'ready') hideNotice();
      pictures.add(files.map((file) => ({ blob: file, name: file.name || t('pasted') })));
      elements.reading.scrollIntoView();
    },
    video: (file) => {
      openTab('camera');
      live.openVideo(file);
    },
  },
);

// A video is read many times a second; tables that change as often could not be read.
setInterval(() => {
  if (!live.source) return;
  renderRate(latency.fps(performance.now()));
  renderLatency(latency);
}, 500);

// ---- the rest ----

elements['code-copy'].addEventListener('click', () => copyFrom(elements['code-copy'], elements.code.textContent));
elements.report.addEventListener('click', async () => {
  const report = await makeReport({ reader, latency, camera: live.settings, version, error: failure });
  copyFrom(elements.report, report);
});
for (const switches of [elements.looks, elements.guides]) switches.addEventListener('change', drawSnippet);

function offline() {
  if (version !== null || offline.asked) return;
  offline.asked = true;
  keepOffline({
    onKept: (kept) => {
      version = kept;
      drawEngine();
    },
    onUpdate: offerUpdate,
  });
}

function offerUpdate(takeOver) {
  elements.toast.hidden = false;
  elements['toast-reload'].onclick = takeOver;
}
whenBuilt((state) => {
  if (state === 'ready') lookForUpdate(offerUpdate);
  else webgpu = state;
  drawEngine();
});
elements['toast-close'].addEventListener('click', () => {
  elements.toast.hidden = true;
});

for (const button of document.querySelectorAll('[data-lang]')) {
  button.addEventListener('click', () => {
    const url = new URL(location.href);
    url.searchParams.set('lang', button.dataset.lang);
    window.history.replaceState(null, '', url);
    keep('language', button.dataset.lang);
    setLanguage(button.dataset.lang);
  });
}

const asked = address.get('backend');
choose('backend', asked === 'cpu' || (asked === 'webgpu' && WEBGPU === 'ready') ? asked : 'auto');
startTheme();
startNotice();
startHistory(history);
startBenchmark(() => samples[0]?.picture);
startTabs(drawSnippet);
onLanguage(drawEngine);
setLanguage(preferredLanguage());
startReader();
samples = await loadSamples().catch(() => []);
pictures.offer(samples);
if (samples.length > 0 && pictures.count === 0 && address.get('auto') !== 'off') pictures.openSample(samples[0]);
