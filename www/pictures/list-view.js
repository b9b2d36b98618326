// The two lists of pictures: the samples to click, and those read so far.

import { elements, make } from '../page.js';
import { platesOf, spaced } from '../plate/text.js';
import { plateOf } from '../reading/reading-card.js';
import { failureWords, kindName, percent, t } from '../words/words.js';

/** Draws the samples; `null` while their list is not there yet. The one on show is marked. */
export function renderSamples(samples, shown, open) {
  if (samples === null) return;
  if (samples.length === 0) {
    elements.samples.replaceChildren(make('p', { className: 'fine' }, t('samplesMissing')));
    return;
  }
  elements.samples.replaceChildren(
    ...samples.map((sample) => {
      const name = kindName(sample.kind);
      const button = make(
        'button',
        {
          type: 'button',
          className: 'sample',
          'data-testid': 'sample',
          'data-text': sample.text,
          'data-kind': sample.kind,
          'data-file': sample.file,
          'aria-label': t('sampleLabel', spaced(sample.text), name),
        },
        make('span', { className: 'sample-frame' }, make('img', { src: sample.url, alt: '' })),
        make('span', { className: 'sample-kind' }, name),
      );
      button.addEventListener('click', () => open(sample));
      return button;
    }),
  );
  markSample(shown);
}

/** Marks the sample on show. */
export function markSample(shown) {
  for (const button of elements.samples.querySelectorAll('.sample')) {
    if (shown?.expected !== undefined && shown.name === button.dataset.file)
      button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}

function stateWords(entry) {
  switch (entry.status) {
    case 'waiting':
      return t('waiting');
    case 'reading':
      return t('readingNow');
    case 'failed':
      return failureWords(entry.error.code).title;
    default:
      return t('noText');
  }
}

function logRow(entry, shown, show) {
  const [plate] = entry.result ? platesOf(entry.result) : [];
  const read = entry.status === 'done' && plate !== undefined;
  const drawn = make('span', { className: 'log-plate' }, read ? plateOf(plate) : stateWords(entry));
  const picture = make('img', { src: entry.url, alt: '' });
  picture.addEventListener('error', () => picture.classList.add('broken'));
  const button = make(
    'button',
    { type: 'button', className: 'log-row' },
    picture,
    drawn,
    make('span', { className: 'log-name' }, entry.name),
    make('span', { className: 'number' }, read ? percent(plate.confidence) : ''),
  );
  if (entry === shown) button.setAttribute('aria-current', 'true');
  button.addEventListener('click', () => show(entry));
  return make(
    'li',
    { 'data-testid': 'log-row', 'data-status': entry.status, 'data-text': plate?.text ?? '', 'data-name': entry.name },
    button,
  );
}

/** Draws the list of pictures, newest first; one picture alone needs no list. */
export function renderLog(entries, shown, show) {
  elements.log.hidden = entries.length < 2;
  elements['log-list'].replaceChildren(...entries.map((entry) => logRow(entry, shown, show)).reverse());
}
