// The list of plates read so far: copy, share, remove, save as a file.

import { canShare, copyFrom, save, share } from '../clipboard.js';
import { toCsv, toJson } from './store.js';
import { elements, make } from '../dom.js';
import { spaced } from '../plate/text.js';
import { clock, kindName, onLanguage, percent, t } from '../i18n/i18n.js';

const SOURCES = { camera: 'fromCamera', video: 'fromVideo', picture: 'fromPicture' };

function action(testid, label, words, act) {
  const button = make(
    'button',
    { type: 'button', className: 'button quiet', 'data-testid': testid, 'aria-label': label },
    words,
  );
  button.addEventListener('click', () => act(button));
  return button;
}

function row(entry, store) {
  const { text, kind, confidence, source, last, times, thumbnail } = entry;
  const shown = spaced(text);
  const about = [kindName(kind), percent(confidence), t(SOURCES[source])];
  if (times > 1) about.push(t('historyTimes', times));
  const item = make(
    'li',
    { className: 'history-row', 'data-testid': 'history-row', 'data-text': text, 'data-times': times },
    thumbnail ? make('img', { src: thumbnail, alt: '' }) : make('span', { className: 'no-picture' }),
    make(
      'p',
      { className: 'history-words' },
      make('strong', { lang: 'ko', translate: false }, shown),
      make('time', { dateTime: new Date(last).toISOString(), className: 'number' }, clock(last)),
      make('span', { className: 'fine' }, about.join(' · ')),
    ),
  );
  const actions = make('p', { className: 'actions' });
  actions.append(action('history-copy', t('historyCopy', shown), t('copy'), (button) => copyFrom(button, text)));
  if (canShare) actions.append(action('history-share', t('historyShare', shown), t('share'), () => share(shown)));
  const remove = action('history-remove', t('historyRemove', shown), '×', () => {
    store.remove(text);
    elements.history.focus({ preventScroll: true });
  });
  remove.classList.add('icon');
  actions.append(remove);
  item.append(actions);
  return item;
}

/** Shows the history, and keeps it up to date. */
export function startHistory(store) {
  const draw = () => {
    elements.history.hidden = store.entries.length === 0;
    elements['history-list'].replaceChildren(...store.entries.map((entry) => row(entry, store)));
  };
  const day = () => new Date().toISOString().slice(0, 10);
  elements['history-csv'].addEventListener('click', () =>
    save(`kr-lpr-${day()}.csv`, 'text/csv;charset=utf-8', toCsv(store.entries)),
  );
  elements['history-json'].addEventListener('click', () =>
    save(`kr-lpr-${day()}.json`, 'application/json', toJson(store.entries)),
  );
  elements['history-clear'].addEventListener('click', () => store.clear());
  store.addEventListener('change', draw);
  onLanguage(draw);
}
