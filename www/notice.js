// The notice about the reader: what went wrong, and the button that helps.

import { elements } from './dom.js';
import { failureText, onLanguage, t } from './i18n/i18n.js';

let notice = null;

function show() {
  elements.error.hidden = !notice;
  if (!notice) return;
  const { error, code, helps } = notice;
  const { title, advice } = failureText(code);
  elements['error-title'].textContent = title;
  elements['error-advice'].textContent = advice;
  elements['error-detail'].textContent = error.message ? t('detail', error.message) : '';
  elements['error-retry'].textContent = t(helps);
  elements.error.dataset.code = error.code ?? 'UNKNOWN';
}

/**
 * Shows what went wrong.
 *
 * @param {Error} error
 * @param {{ code: string, helps: string, retry: () => void }} words `code` of `failureText`, `helps` names the button
 */
export function showNotice(error, { code, helps, retry }) {
  notice = { error, code, helps, retry };
  show();
}

/** Takes the notice away. */
export function hideNotice() {
  notice = null;
  show();
}

/** Wires the buttons of the notice. */
export function startNotice() {
  elements['error-retry'].addEventListener('click', () => {
    const { retry } = notice;
    hideNotice();
    retry();
  });
  elements['error-close'].addEventListener('click', hideNotice);
  onLanguage(show);
}
