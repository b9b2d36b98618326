// The card of one reading: the plate redrawn, its text, what is known about it, its characters and other candidates.
// Until there is one it holds an unwritten plate and a sentence.

import { CharRow, bar } from './char-row.js';
import { copyFrom } from '../clipboard.js';
import { make } from '../dom.js';
import { drawPlate } from '../plate/drawing.js';
import { UNSEEN } from '../plate/face.js';
import { isRental, spaced } from '../plate/text.js';
import { KIND_NAMES, currentLanguage, percent, t } from '../i18n/i18n.js';

/** The plate drawing of a reading. */
export function plateOf(plate) {
  return drawPlate(
    plate.kind,
    plate.chars.map((c) => c.char),
    t('plateLabel', spaced(plate.text)),
  );
}

/** A small label; `tone` is `good`, `bad`, `kind` or nothing. */
export function badge(tone, testid, ...children) {
  return make('li', { className: `badge ${tone}`, 'data-testid': testid }, ...children);
}

function kindBadge(plate) {
  const [korean, english] = KIND_NAMES[plate.kind] ?? [plate.kind, plate.kind];
  const node = badge('kind', 'plate-kind', make('span', { lang: 'ko' }, korean), make('span', { lang: 'en' }, english));
  node.dataset.kind = plate.kind;
  node.title = percent(plate.kindConfidence);
  return node;
}

function badges(plate) {
  const list = [kindBadge(plate)];
  if (isRental(plate)) list.push(badge('', 'plate-rental', t('rental')));
  // Whether a text fits the rules is known when all of it is.
  if (!plate.text.includes(UNSEEN)) {
    list.push(badge(plate.valid ? 'good' : 'bad', 'plate-valid', t(plate.valid ? 'valid' : 'invalid')));
    list.at(-1).dataset.valid = String(plate.valid);
  }
  for (const side of ['left', 'right', 'top', 'bottom'])
    if (plate.cut?.[side]) list.push(badge('bad', 'plate-cut', t(`cut-${side}`)));
  return list;
}

function candidateRow({ text, confidence, valid }) {
  const row = make(
    'li',
    { 'data-testid': 'candidate', 'data-text': text },
    make('span', { className: 'candidate-text', lang: 'ko' }, spaced(text)),
    bar(confidence),
    make('span', { className: 'number' }, percent(confidence)),
  );
  if (!valid) row.append(make('span', { className: 'fine candidate-note' }, t(text.includes(UNSEEN) ? 'reason-incomplete' : 'invalid')));
  return row;
}

/** See the head of this file. */
export class ReadingCard {
  #mount = make('div', { className: 'plate-mount', 'data-testid': 'plate' });
  #wait = make('div', { className: 'loading', 'data-testid': 'loading' });
  #outcome = make('div', { className: 'outcome', hidden: true });
  #text = make('p', { className: 'plate-text', lang: 'ko', translate: false, 'data-testid': 'plate-text' });
  #copy = make('button', { type: 'button', className: 'button quiet', 'data-testid': 'copy' });
  #confidence = make('span', { 'data-testid': 'plate-confidence' });
  #whole = make('span', { className: 'fine' });
  #badges = make('ul', { className: 'badges' });
  #heading = make('h3');
  #candidates = make('ol', { className: 'candidates', 'data-testid': 'candidates' });
  #chars = new CharRow((index) => this.#mark(index));
  #onChoose;
  #shown = '';

  /** Fills `place`, an empty element; `onChoose` is told the index of the character on show. */
  constructor(place, onChoose = () => {}) {
    this.#onChoose = onChoose;
    this.#copy.addEventListener('click', () => copyFrom(this.#copy, this.#text.dataset.text));
    this.#outcome.append(
      make(
        'div',
        { className: 'verdict' },
        make('div', { className: 'verdict-text' }, this.#text, this.#copy),
        make('p', { className: 'certainty' }, this.#confidence, ' ', this.#whole),
      ),
      this.#badges,
      ...this.#chars.nodes,
      make('section', { className: 'facts' }, this.#heading, this.#candidates),
    );
    place.append(this.#mount, this.#wait, this.#outcome);
  }

  /** Shows no reading but `children`, in the place of one. */
  wait(...children) {
    if (this.#shown !== '' || !this.#mount.firstChild) {
      const blank = drawPlate('private-8', [], '');
      blank.setAttribute('aria-hidden', 'true');
      this.#mount.replaceChildren(blank);
    }
    this.#shown = '';
    this.#text.dataset.text = '';
    this.#wait.replaceChildren(...children);
    this.#outcome.hidden = true;
    this.#wait.hidden = false;
  }

  /** Shows a reading; `more` are badges beside its own. */
  show(plate, more = []) {
    // A video reads the same text many times a second; only numbers move then.
    const key = `${plate.text} ${plate.kind} ${currentLanguage()}`;
    if (key === this.#shown) {
      this.#chars.update(plate.chars);
    } else {
      this.#shown = key;
      this.#mount.replaceChildren(plateOf(plate));
      this.#text.textContent = spaced(plate.text);
      this.#text.dataset.text = plate.text;
      this.#copy.textContent = t('copy');
      delete this.#copy.dataset.words;
      this.#whole.textContent = t('confidence');
      this.#heading.textContent = t('candidates');
      this.#chars.fill(plate.chars);
    }
    this.#confidence.textContent = percent(plate.confidence);
    this.#confidence.dataset.confidence = String(plate.confidence);
    this.#badges.replaceChildren(...more, ...badges(plate));
    this.#candidates.replaceChildren(...plate.candidates.map(candidateRow));
    this.#wait.hidden = true;
    this.#outcome.hidden = false;
  }

  #mark(index) {
    for (const group of this.#mount.querySelectorAll('.plate-char'))
      group.classList.toggle('marked', Number(group.dataset.index) === index);
    this.#onChoose(index);
  }
}
