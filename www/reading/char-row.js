// The characters of a reading with their confidence; choosing one shows what else it might have been.

import { make } from '../dom.js';
import { percent, t } from '../i18n/i18n.js';

const DOUBTFUL = 0.9; // below this a character is tinted
const WORTH_SHOWING = 0.001; // alternatives below this are noise

/** A bar as long as `probability`. */
export function bar(probability) {
  const meter = make('span', { className: 'bar', 'aria-hidden': 'true' }, make('span'));
  setBar(meter, probability);
  return meter;
}

function setBar(meter, probability) {
  meter.firstChild.style.setProperty('--share', String(probability));
}

/** One row that lives as long as its card: a new reading of the same text moves the bars and keeps what is chosen. */
export class CharRow {
  #row = make('div', { className: 'chars', role: 'group', 'data-testid': 'chars' });
  #detail = make('div', { className: 'char-detail', 'data-testid': 'char-detail' });
  #chars = [];
  #chosen = 0;
  #onChoose;

  /** `onChoose` is told the index of the chosen character. */
  constructor(onChoose) {
    this.#onChoose = onChoose;
  }

  /** The elements to put on the page. */
  get nodes() {
    return [this.#row, this.#detail];
  }

  /** Shows `chars` as a reading with other characters than before. */
  fill(chars) {
    this.#chars = chars;
    this.#row.setAttribute('aria-label', t('charsLabel'));
    this.#row.replaceChildren(...chars.map((char, index) => this.#button(char, index)));
    // What deserves a look first is the character the reading is least sure of.
    const weakest = chars.reduce((low, c, i) => (c.confidence < chars[low].confidence ? i : low), 0);
    if (chars.length > 0) this.#choose(weakest);
    else this.#detail.replaceChildren();
  }

  /** Shows the same characters with new confidences. */
  update(chars) {
    this.#chars = chars;
    chars.forEach(({ confidence }, index) => fit(this.#row.children[index], confidence));
    this.#choose(this.#chosen);
  }

  #button({ char, confidence }, index) {
    const button = make(
      'button',
      { type: 'button', 'data-testid': 'char', 'data-index': index },
      make('span', { className: 'char-text', lang: 'ko' }, char),
      bar(confidence),
      make('span', { className: 'number' }),
    );
    fit(button, confidence);
    for (const event of ['pointerenter', 'focus', 'click']) button.addEventListener(event, () => this.#choose(index));
    return button;
  }

  #choose(index) {
    this.#chosen = index;
    for (const button of this.#row.children)
      button.setAttribute('aria-pressed', String(Number(button.dataset.index) === index));
    this.#onChoose(index);
    this.#showDoubts();
  }

  #showDoubts() {
    const { char, confidence, alternatives } = this.#chars[this.#chosen];
    const others = alternatives.filter((a) => a.confidence >= WORTH_SHOWING).slice(0, 4);
    const head = make('p', { className: 'detail-head' }, make('strong', {}, t('position', this.#chosen + 1)));
    if (others.length === 0) head.append(' ', make('span', { className: 'fine' }, t('noAlternatives')));
    const rows = [{ char, confidence }, ...others].map((row) =>
      make(
        'li',
        {},
        make('span', { className: 'doubt-char', lang: 'ko' }, row.char),
        bar(row.confidence),
        make('span', { className: 'number' }, percent(row.confidence)),
      ),
    );
    this.#detail.replaceChildren(head, make('ol', { className: 'doubts' }, ...rows));
  }
}

function fit(button, confidence) {
  button.className = confidence < DOUBTFUL ? 'char doubtful' : 'char';
  button.dataset.confidence = String(confidence);
  setBar(button.querySelector('.bar'), confidence);
  button.querySelector('.number').textContent = percent(confidence);
}
