// What was read so far, one entry a plate, kept in this browser.

import { csv } from '../csv.js';
import { keep, recall } from '../storage.js';

/** The oldest beyond this leave; with a thumbnail each, it is about a megabyte. */
const MOST = 200;

/**
 * An entry: { text, kind, confidence, valid, source, first, last, times, thumbnail }. `first` and `last` are milliseconds
 * since 1970, `source` is `camera`, `video` or `picture`, `thumbnail` a data URL or null.
 */
export class HistoryStore extends EventTarget {
  #entries = remembered();

  constructor() {
    super();
    // Another tab of this page has written.
    addEventListener('storage', () => {
      this.#entries = remembered();
      this.dispatchEvent(new Event('change'));
    });
  }

  /** The entries, last seen first. */
  get entries() {
    return this.#entries;
  }

  /** Adds a sighting of a plate; a plate that is known moves up and counts one more. */
  add({ text, kind, confidence, valid }, source, thumbnail, now = Date.now()) {
    const known = this.#entries.find((entry) => entry.text === text);
    const better = !known || confidence >= known.confidence;
    const entry = {
      text,
      kind: better ? kind : known.kind,
      confidence: better ? confidence : known.confidence,
      valid,
      source,
      first: known?.first ?? now,
      last: now,
      times: (known?.times ?? 0) + 1,
      thumbnail: (better ? thumbnail : known.thumbnail) ?? known?.thumbnail ?? null,
    };
    this.#change([entry, ...this.#entries.filter((each) => each !== known)].slice(0, MOST));
  }

  /** Takes one sighting back, as when later frames correct a text. */
  takeBack(text) {
    this.#change(
      this.#entries.flatMap((entry) => {
        if (entry.text !== text) return [entry];
        return entry.times > 1 ? [{ ...entry, times: entry.times - 1 }] : [];
      }),
    );
  }

  /** Forgets a plate. */
  remove(text) {
    this.#change(this.#entries.filter((entry) => entry.text !== text));
  }

  /** Forgets everything. */
  clear() {
    this.#change([]);
  }

  #change(entries) {
    this.#entries = entries;
    // When storage is full, the pictures go first: the texts are what counts.
    if (!keep('history', entries.length > 0 ? entries : null)) {
      keep(
        'history',
        entries.map((entry) => ({ ...entry, thumbnail: null })),
      );
    }
    this.dispatchEvent(new Event('change'));
  }
}

function remembered() {
  const entries = recall('history', []);
  return Array.isArray(entries) ? entries : [];
}

const COLUMNS = ['text', 'kind', 'confidence', 'valid', 'source', 'first', 'last', 'times'];

/** The entries as a table for a spreadsheet. */
export function toCsv(entries) {
  const time = (milliseconds) => new Date(milliseconds).toISOString();
  const rows = entries.map(({ text, kind, confidence, valid, source, first, last, times }) => [
    text,
    kind,
    confidence.toFixed(4),
    valid,
    source,
    time(first),
    time(last),
    times,
  ]);
  return csv([COLUMNS, ...rows]);
}

/** The entries as JSON, times in ISO 8601, without the pictures. */
export function toJson(entries) {
  const plain = entries.map(({ thumbnail: _, first, last, ...rest }) => ({
    ...rest,
    first: new Date(first).toISOString(),
    last: new Date(last).toISOString(),
  }));
  return `${JSON.stringify(plain, null, 2)}\n`;
}
