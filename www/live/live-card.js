// The card beside the video: the plate that was read, how many frames agree, and the others in view.

import { announce, elements, make } from '../dom.js';
import { spaced } from '../plate/text.js';
import { badge, ReadingCard } from '../reading/reading-card.js';
import { paintGrey } from '../pictures/network-view.js';
import { kindName, onLanguage, t } from '../i18n/i18n.js';

/** Which of the plates in view is shown: the one that was chosen, else the surest and largest of the confirmed ones. */
export function mainTrack(tracks, chosenId) {
  const visible = tracks.filter(({ state }) => state !== 'lost');
  const size = ({ best }) => best.boundingBox.width * best.boundingBox.height;
  const rank = (track) => (track.state === 'confirmed' ? 2 : 1);
  return (
    visible.find(({ id }) => id === chosenId) ??
    visible.reduce((best, track) => {
      if (!best || rank(track) > rank(best)) return track;
      return rank(track) === rank(best) && size(track) > size(best) ? track : best;
    }, null)
  );
}

/** See the head of this file. */
export class LiveCard {
  #card;
  #others = make('div', { className: 'pills', role: 'group', 'data-testid': 'others', hidden: true });
  #seen = make('div', { className: 'rectified', hidden: true });
  #canvas = make('canvas', { width: 192, height: 96, role: 'img', 'data-testid': 'live-rectified' });
  #legend = make('p', { className: 'fine' });
  #track = null;
  #chosen = null;
  #tracks = [];
  #told = 0;
  #hint;

  /** `hint` gives the sentences shown while no plate was seen. */
  constructor(hint) {
    this.#hint = hint;
    const place = elements['live-card'];
    this.#card = new ReadingCard(place);
    this.#seen.append(this.#canvas, this.#legend);
    place.append(this.#others, this.#seen);
    onLanguage(() => this.draw());
  }

  /** Takes the tracks of a frame. The last plate stays on show until there is another. */
  update(tracks) {
    this.#tracks = tracks;
    const gone = this.#track && tracks.find(({ id }) => id === this.#track.id);
    const main = mainTrack(tracks, this.#chosen);
    if (main) this.#track = main;
    else if (this.#track) this.#track = { ...(gone ?? this.#track), state: 'lost' };
    this.draw();
    if (this.#track?.state === 'confirmed' && this.#told !== this.#track.id) {
      this.#told = this.#track.id;
      const { text, kind } = this.#track.best;
      announce(t('confirmedAnnounce', spaced(text), kindName(kind)));
    }
  }

  /** Forgets the plate on show. */
  clear() {
    this.#track = null;
    this.#chosen = null;
    this.#tracks = [];
    this.draw();
  }

  /** Draws everything anew. */
  draw() {
    this.#drawOthers();
    if (!this.#track) {
      const [title, advice] = this.#hint();
      const more = advice ? [make('span', { className: 'block' }, advice)] : [];
      this.#card.wait(make('p', {}, make('strong', {}, title), ...more));
      this.#seen.hidden = true;
      return;
    }
    const { best, state, votes, agreeing } = this.#track;
    const status = badge(state === 'confirmed' ? 'good' : '', 'track-state', t(state));
    status.dataset.state = state;
    // Frames that look the same count as parts of one; nobody counts in parts.
    const frames = badge('', 'track-votes', t('agree', Math.round(agreeing), Math.max(1, Math.round(votes))));
    Object.assign(frames.dataset, { votes, agreeing });
    this.#card.show(best, [status, frames]);
    this.#seen.hidden = !best.image;
    if (best.image) paintGrey(this.#canvas, best.image);
    this.#canvas.setAttribute('aria-label', t('rectifiedLabel'));
    this.#legend.textContent = t('rectified');
  }

  #drawOthers() {
    const visible = this.#tracks.filter(({ state }) => state !== 'lost');
    this.#others.hidden = visible.length < 2;
    this.#others.setAttribute('aria-label', t('othersLabel'));
    // Buttons stay the same ones from frame to frame, so that they can be pressed.
    const known = new Map([...this.#others.children].map((button) => [Number(button.dataset.id), button]));
    const buttons = visible.map((track) => known.get(track.id) ?? this.#button(track.id));
    visible.forEach(({ best, id }, index) => {
      buttons[index].textContent = spaced(best.text);
      buttons[index].setAttribute('aria-pressed', String(id === this.#track?.id));
    });
    if (buttons.length !== known.size || buttons.some((button) => !button.isConnected))
      this.#others.replaceChildren(...buttons);
  }

  #button(id) {
    const button = make('button', {
      type: 'button',
      className: 'pill',
      lang: 'ko',
      'data-id': id,
      'data-testid': 'other',
    });
    button.addEventListener('click', () => {
      this.#chosen = id;
      this.update(this.#tracks);
    });
    return button;
  }
}
