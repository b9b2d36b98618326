// The panel of pictures: what was opened, which one is on show, and having them read.

import { announce, chosen, elements } from '../page.js';
import { platesOf, spaced } from '../plate/text.js';
import { markSample, renderLog, renderSamples } from './list-view.js';
import { renderStage, renderWait } from './stage-view.js';
import { failureWords, kindName, onLanguage, percent, t } from '../words/words.js';

/** See the head of this file. */
export class Pictures {
  /** One per picture, oldest first: { id, name, url, blob, expected?, status, chosen?, result?, error? }. */
  #entries = [];
  #shown = null;
  #nextId = 1;
  #samples = null;
  #reader;
  #now;
  #onRead;
  #onLost;

  /**
   * @param {import('../reader.js').Reader} reader
   * @param {{ now: () => { state: string, progress: object | null }, onRead: (entry: object) => void,
   *   onLost: (error: Error) => void }} hooks `now` is the state of the reader, `onRead` is told of each picture that was
   *   read, `onLost` of an error that ends the reader
   */
  constructor(reader, { now, onRead, onLost }) {
    this.#reader = reader;
    this.#now = now;
    this.#onRead = onRead;
    this.#onLost = onLost;
    elements.clear.addEventListener('click', () => this.#clear());
    elements.looks.addEventListener('change', () => this.#readAgain());
    onLanguage(() => {
      renderSamples(this.#samples, this.#shown, (sample) => this.openSample(sample));
      this.draw();
    });
  }

  /** How many pictures there are. */
  get count() {
    return this.#entries.length;
  }

  /** Shows the samples to choose from. */
  offer(samples) {
    this.#samples = samples;
    renderSamples(samples, this.#shown, (sample) => this.openSample(sample));
  }

  /** Adds a picture and reads it as soon as there is a reader. */
  add(blob, name, expected) {
    const entry = { id: this.#nextId, name, blob, url: URL.createObjectURL(blob), expected, status: 'waiting' };
    this.#nextId += 1;
    this.#entries.push(entry);
    this.#shown = entry;
    if (this.#now().state === 'ready') this.#read(entry); // else `readWaiting` does
    this.draw();
  }

  /** Shows a sample; one that was read before is read again. */
  openSample(sample) {
    const known = this.#entries.find((entry) => entry.blob === sample.picture);
    if (!known) {
      this.add(sample.picture, sample.file, sample.text);
      return;
    }
    this.#shown = known;
    this.#readAgain();
    this.draw();
  }

  /** A reader is there: reads what waits, and the picture on show again, so that times can be compared. */
  readWaiting() {
    for (const entry of this.#entries) if (entry.status === 'waiting' || entry === this.#shown) this.#read(entry);
    this.draw();
  }

  /** Draws everything anew. */
  draw() {
    renderStage({ ...this.#now(), entry: this.#shown }, (index) => this.#choosePlate(index));
    renderLog(this.#entries, this.#shown, (entry) => this.#show(entry));
    markSample(this.#shown);
  }

  /** Draws how far the reader is, where that is on show. */
  drawWait() {
    renderWait({ ...this.#now(), entry: this.#shown });
  }

  #readAgain() {
    if (this.#shown && this.#now().state === 'ready' && this.#shown.status !== 'reading') this.#read(this.#shown);
  }

  async #read(entry) {
    entry.status = 'reading';
    document.body.dataset.busy = 'true';
    try {
      entry.result = await this.#reader.read(entry.blob, chosen('look'));
      entry.chosen = 0;
      entry.status = 'done';
      this.#onRead(entry);
    } catch (error) {
      entry.status = 'failed';
      entry.error = error;
      if (error.code === 'CLOSED' && this.#now().state === 'loading') {
        entry.status = 'waiting'; // the backend was switched meanwhile: the next one reads it
      } else if (error.code === 'CLOSED' || error.code === 'BACKEND_LOST') {
        this.#onLost(error);
      }
    }
    document.body.dataset.busy = String(this.#entries.some((each) => each.status === 'reading'));
    this.draw();
    if (entry === this.#shown) tell(entry);
  }

  #choosePlate(index) {
    this.#shown.chosen = index;
    this.draw();
    elements.plates.children[index].focus();
  }

  #show(entry) {
    this.#shown = entry;
    this.draw();
    elements.reading.focus({ preventScroll: true });
    elements.reading.scrollIntoView({ block: 'nearest' });
  }

  #clear() {
    for (const entry of this.#entries) URL.revokeObjectURL(entry.url);
    this.#entries = [];
    this.#shown = null;
    this.draw();
    elements.reading.focus({ preventScroll: true });
  }
}

function tell({ status, name, result, error }) {
  if (status === 'failed') {
    announce(t('announceFailed', name, failureWords(error.code).title));
  } else if (status === 'done') {
    const [plate] = platesOf(result);
    if (!plate) {
      announce(t('noText'));
      return;
    }
    const fits = t(plate.valid ? 'valid' : 'invalid');
    announce(t('announce', spaced(plate.text), percent(plate.confidence), kindName(plate.kind), fits));
  }
}
