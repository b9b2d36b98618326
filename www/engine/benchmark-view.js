// The tab of the benchmark: a button, a line that says how far it is, and a table to copy.

import { READINGS, benchmark } from './benchmark.js';
import { copyFrom } from '../clipboard.js';
import { elements, make } from '../dom.js';
import { bytes, failureText, milliseconds, onLanguage, t } from '../i18n/i18n.js';

const NAMES = { cpu: 'CPU', webgpu: 'WebGPU' };
const COLUMNS = [
  'benchmarkBackend',
  'benchmarkReady',
  'benchmarkFirst',
  'benchmarkMedian',
  'benchmarkTail',
  'benchmarkRate',
  'benchmarkBytes',
];

let rows = [];
let running = null;

function cells({ backend, error, ready, first, p50, p95, rate, bytes: received }) {
  if (error) {
    const code = error.code === 'UNSUPPORTED' && backend === 'webgpu' ? 'NO_WEBGPU' : error.code;
    return [NAMES[backend], failureText(code).title];
  }
  const times = [ready, first, p50, p95].map(milliseconds);
  return [NAMES[backend], ...times, rate.toFixed(rate < 10 ? 1 : 0), bytes(received)];
}

function draw() {
  elements['benchmark-frame'].hidden = rows.length === 0;
  elements['benchmark-copy'].hidden = rows.length === 0 || running !== null;
  const head = make('tr', {}, ...COLUMNS.map((key) => make('th', { scope: 'col' }, t(key))));
  const body = rows.map((row) => {
    const [name, ...rest] = cells(row);
    const line = make(
      'tr',
      { 'data-backend': row.backend, 'data-text': row.text ?? '' },
      make('th', { scope: 'row' }, name),
    );
    if (row.error) line.append(make('td', { colSpan: COLUMNS.length - 1 }, ...rest));
    else line.append(...rest.map((text) => make('td', { className: 'number' }, text)));
    return line;
  });
  elements['benchmark-table'].replaceChildren(make('thead', {}, head), make('tbody', {}, ...body));
  document.querySelector('[data-i18n=benchmarkLead]').textContent = t('benchmarkLead', READINGS);
}

/** The table in Markdown, with the browser it was measured in. */
function asMarkdown() {
  const line = (texts) => `| ${texts.join(' | ')} |`;
  const filled = rows.map((row) =>
    [...cells(row), ...COLUMNS].slice(0, COLUMNS.length).map((text, i) => (i < cells(row).length ? text : '')),
  );
  return [
    line(COLUMNS.map((key) => t(key))),
    `|---|${'---:|'.repeat(COLUMNS.length - 1)}`,
    ...filled.map(line),
    '',
    navigator.userAgent,
  ].join('\n');
}

async function run(sample) {
  running = new AbortController();
  rows = [];
  const state = elements['benchmark-state'];
  elements['benchmark-run'].textContent = t('stop');
  try {
    await benchmark(sample, {
      signal: running.signal,
      onStart: (backend) => {
        state.textContent = t('benchmarkLoading', NAMES[backend]);
      },
      onReading: (backend, done) => {
        state.textContent = t('benchmarkBusy', NAMES[backend], done, READINGS);
      },
      onRow: (row) => {
        rows.push(row);
        draw();
      },
    });
    state.textContent = t('benchmarkDone');
  } catch (error) {
    state.textContent = running.signal.aborted ? '' : failureText(error.code).title;
  }
  running = null;
  elements['benchmark-run'].textContent = t('benchmarkRun');
  draw();
}

/** Wires the tab; `sample` gives the picture to read, or undefined while there is none. */
export function startBenchmark(sample) {
  elements['benchmark-run'].addEventListener('click', () => {
    if (running) {
      running.abort();
      return;
    }
    const picture = sample();
    if (picture) run(picture);
    else elements['benchmark-state'].textContent = t('samplesMissing');
  });
  elements['benchmark-copy'].addEventListener('click', () => copyFrom(elements['benchmark-copy'], asMarkdown()));
  onLanguage(draw);
}
