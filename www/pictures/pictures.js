// The panel of pictures: what was opened, which one is on show, and having them read one after another.

import { announce, chosen, elements } from '../dom.js';
import { platesOf, spaced } from '../plate/text.js';
import { markSample, renderSamples } from './samples-view.js';
import { renderStage, renderWait } from './stage-view.js';
import { PictureTable } from './table-view.js';
import { failureText, kindName, onLanguage, percent, t } from '../i18n/i18n.js';

/** See the head of this file. */
export class Pictures {
  /** One per picture, oldest first: { id, name, url, blob, expected?, status, chosen?, size?, result?, error? }. */
  #entries = [];
  #shown = null;
  #nextId = 1;
  #samples = null;
  #working = false;
  #reader;
  #now;
  #onRead;
  #onLost;
  #table;

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
    this.#table = new PictureTable({
      entries: () => this.#entries,
      onShow: (entry) => this.#show(entry),
      onClear: () => this.#clear(),
    });
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

  /**
   * Adds pictures, shows the first of them, and reads them as soon as there is a reader.
   *
   * @param {{ blob: Blob, name: string, expected?: string }[]} pictures
   */
  add(pictures) {
    const added = pictures.map(({ blob, name, expected }) => ({
      id: this.#nextId++,
      name,
      blob,
      url: URL.createObjectURL(blob),
      expected,
      status: 'waiting',
    }));
    this.#entries.push(...added);
    this.#shown = added[0] ?? this.#shown;
    this.draw();
    this.#work();
  }

  /** Shows a sample; one that was read before is read again. */
  openSample(sample) {
    const known = this.#entries.find((entry) => entry.blob === sample.picture);
    if (!known) {
      this.add([{ blob: sample.picture, name: sample.file, expected: sample.text }]);
      return;
    }
    this.#shown = known;
    this.draw();
    this.#readAgain();
  }

  /** A reader is there: reads what waits, and the picture on show again, so that times can be compared. */
  readWaiting() {
    if (this.#shown) this.#shown.status = 'waiting';
    this.draw();
    this.#work();
  }

  /** Draws everything anew. */
  draw() {
    renderStage({ ...this.#now(), entry: this.#shown }, (index) => this.#choosePlate(index));
    this.#table.draw(this.#entries, this.#shown);
    markSample(this.#shown);
  }

  /** Draws how far the reader is, where that is on show. */
  drawWait() {
    renderWait({ ...this.#now(), entry: this.#shown });
  }

  #readAgain() {
    if (!this.#shown || this.#shown.status === 'reading') return;
    this.#shown.status = 'waiting';
    this.#work();
  }

  /** The picture on show first, the others in their order. */
  #next() {
    const waits = (entry) => entry?.status === 'waiting';
    return waits(this.#shown) ? this.#shown : this.#entries.find(waits);
  }

  /** Reads what waits, one picture at a time, while there is a reader. */
  async #work() {
    if (this.#working) return;
    this.#working = true;
    let read = 0;
    for (let entry = this.#next(); entry && this.#now().state === 'ready'; entry = this.#next()) {
      document.body.dataset.busy = 'true';
      await this.#read(entry);
      read += 1;
    }
    this.#working = false;
    document.body.dataset.busy = 'false';
    if (read > 1) announce(t('logDone', this.#entries.length, this.#entries.length));
  }

  async #read(entry) {
    entry.status = 'reading';
    this.draw();
    try {
      entry.result = await this.#reader.read(entry.blob, chosen('look'));
      entry.chosen = 0;
      entry.status = 'done';
      if (this.#entries.includes(entry)) this.#onRead(entry);
    } catch (error) {
      entry.status = 'failed';
      entry.error = error;
      if (error.code === 'CLOSED' && this.#now().state === 'loading') {
        entry.status = 'waiting'; // the backend was switched meanwhile: the next one reads it
      } else if (error.code === 'CLOSED' || error.code === 'BACKEND_LOST') {
        this.#onLost(error);
      }
    }
    this.draw();
    if (entry === this.#shown) tell(entry);
  }

  #choosePlate(index) {
    this.#shown.chosen = index;
    this.draw();
    elements.plates.children[index].focus({ preventScroll: true });
    elements['picture-card'].scrollIntoView({ block: 'nearest' });
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
    announce(t('announceFailed', name, failureText(error.code).title));
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
