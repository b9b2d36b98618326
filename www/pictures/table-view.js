// The table of the pictures of this visit: how far the reading of many of them is, and what came of each.

import { save } from '../clipboard.js';
import { elements, make } from '../dom.js';
import { platesOf } from '../plate/text.js';
import { plateOf } from '../reading/reading-card.js';
import { currentLanguage, failureText, percent, t } from '../i18n/i18n.js';
import { toCsv } from './csv.js';

function stateWords({ status, error }) {
  if (status === 'waiting') return t('waiting');
  if (status === 'reading') return t('readingNow');
  return status === 'failed' ? failureText(error.code).title : t('noText');
}

function plateCell({ status, result, error }) {
  const plates = status === 'done' ? platesOf(result) : [];
  if (plates.length === 0) return make('span', { className: 'fine' }, stateWords({ status, error }));
  return make(
    'span',
    { className: 'log-plates' },
    ...plates.map((plate) =>
      make(
        'span',
        { className: result.plates.includes(plate) ? 'log-plate' : 'log-plate unsure' },
        plateOf(plate),
        make('span', { className: 'number fine' }, percent(plate.confidence)),
      ),
    ),
  );
}

/** See the head of this file. Rows are drawn once for each state of their picture, of which there may be hundreds. */
export class PictureTable {
  /** Row and what is drawn on it, by entry. */
  #rows = new Map();
  #onShow;

  /** `onShow` is told the entry of a row that is pressed, `onClear` that all are to be forgotten. */
  constructor({ onShow, onClear, entries }) {
    this.#onShow = onShow;
    elements.clear.addEventListener('click', onClear);
    elements['log-jump'].addEventListener('click', () => {
      elements.log.focus({ preventScroll: true });
      elements.log.scrollIntoView();
    });
    elements['log-csv'].addEventListener('click', () => {
      const day = new Date().toISOString().slice(0, 10);
      save(`kr-lpr-pictures-${day}.csv`, 'text/csv;charset=utf-8', toCsv(entries()));
    });
  }

  /** Draws the table anew; one picture alone needs none. */
  draw(entries, shown) {
    for (const part of [elements.log, elements.queue]) part.hidden = entries.length < 2;
    const left = entries.filter(({ status }) => status === 'waiting' || status === 'reading').length;
    const done = entries.length - left;
    elements['log-progress'].classList.toggle('done', left === 0);
    elements['log-progress'].value = entries.length > 0 ? done / entries.length : 0;
    elements['log-state'].textContent = t(left > 0 ? 'logReading' : 'logDone', done, entries.length);
    elements['log-state'].dataset.left = String(left);
    elements['log-csv'].disabled = done === 0;

    const kept = new Set(entries);
    for (const [entry, { row }] of this.#rows) {
      if (kept.has(entry)) continue;
      row.remove();
      this.#rows.delete(entry);
    }
    if (entries.length < 2) return;
    for (const entry of entries) {
      const { row } = this.#rowOf(entry);
      row.toggleAttribute('aria-current', entry === shown);
      if (entry === shown) row.setAttribute('aria-current', 'true');
      if (!row.isConnected) elements['log-list'].append(row);
    }
  }

  #rowOf(entry) {
    const known = this.#rows.get(entry);
    const { status, result, error } = entry;
    const drawn = [status, result, error, currentLanguage()];
    if (known && drawn.every((part, i) => part === known.drawn[i])) return known;
    const row = known?.row ?? this.#newRow(entry);
    row.dataset.status = status;
    row.dataset.text = (result && platesOf(result)[0]?.text) ?? '';
    row.children[1].replaceChildren(plateCell(entry));
    this.#rows.set(entry, { row, drawn });
    return { row, drawn };
  }

  #newRow(entry) {
    // What the browser does not show it need not decode.
    const picture = make('img', { loading: 'lazy', decoding: 'async', src: entry.url, alt: '' });
    picture.addEventListener('error', () => picture.classList.add('broken'));
    const open = make('button', { type: 'button', className: 'log-open' }, entry.name);
    const row = make(
      'tr',
      { 'data-testid': 'log-row', 'data-name': entry.name },
      make('td', {}, picture),
      make('td', {}),
      make('th', { scope: 'row' }, open),
    );
    row.addEventListener('click', () => this.#onShow(entry));
    return row;
  }
}
