// Light, dark, or as the system says: one button that goes round.

import { elements } from './dom.js';
import { keep, recall } from './storage.js';
import { onLanguage, t } from './i18n/i18n.js';

const NEXT = { auto: 'light', light: 'dark', dark: 'auto' };
const NAMES = { auto: 'themeAuto', light: 'themeLight', dark: 'themeDark' };

let theme = 'auto';

function show() {
  document.documentElement.dataset.theme = theme;
  const label = t('themeLabel', t(NAMES[theme]));
  elements.theme.setAttribute('aria-label', label);
  elements.theme.title = label;
}

/** Takes the remembered theme and lets the button change it. */
export function startTheme() {
  const known = recall('theme');
  if (known in NEXT) theme = known;
  onLanguage(show);
  elements.theme.addEventListener('click', () => {
    theme = NEXT[theme];
    keep('theme', theme === 'auto' ? null : theme);
    show();
  });
}
