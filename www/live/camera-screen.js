// The screen over the camera's picture: one for each state, with what to do about it.

import { announce, elements, make } from '../dom.js';
import { cameraText, t } from '../i18n/i18n.js';

/** Whose steps to show for allowing the camera again. */
export function platformOf({ userAgent, maxTouchPoints = 0 }) {
  // iPads call themselves Macs, which have no touch screen.
  if (/iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1)) return 'ios';
  if (/Android/.test(userAgent)) return 'android';
  if (/Firefox/.test(userAgent)) return 'firefox';
  return /Safari/.test(userAgent) && !/Chrome|Chromium/.test(userAgent) ? 'safari' : 'chromium';
}

/** The buttons of each screen, the first of them the one to press. */
const BUTTONS = {
  idle: ['start', 'open'],
  paused: ['resume', 'stop'],
  denied: ['start', 'open'],
  'no-camera': ['start', 'open'],
  'in-use': ['start', 'open'],
  error: ['start', 'open'],
  insecure: ['open'],
  video: ['open'],
};
const LABELS = { start: 'startCamera', open: 'openVideo', resume: 'resume', stop: 'stop' };

/**
 * Draws the screen of a state.
 *
 * @param {{ state: string, error: Error | null }} now a state of the package's camera, `video` for one that cannot be
 *   played, or `running`, which has none
 * @param {Record<'start' | 'open' | 'resume' | 'stop', () => void>} acts what the buttons do
 */
export function renderScreen({ state, error }, acts) {
  const { screen, viewport } = elements;
  viewport.dataset.state = state;
  screen.dataset.state = state;
  // While paused, the last picture stays under the screen.
  viewport.dataset.picture = String(state === 'running' || state === 'paused');
  screen.hidden = state === 'running';
  if (screen.hidden) {
    screen.replaceChildren();
    return;
  }
  const { title, advice, steps } = cameraText(state, platformOf(navigator));
  const nodes = [make('h2', {}, title)];
  if (advice) nodes.push(make('p', {}, advice));
  if (steps.length > 0) nodes.push(make('ol', { className: 'steps' }, ...steps.map((step) => make('li', {}, step))));
  if (error && (state === 'error' || state === 'video'))
    nodes.push(make('p', { className: 'fine' }, t('detail', error.message)));
  const buttons = (BUTTONS[state] ?? []).map((name, index) => {
    // Where the camera failed, starting it is a second try.
    const words = name === 'start' && state !== 'idle' ? t('retry') : t(LABELS[name]);
    const className = index === 0 ? 'button primary' : 'button';
    const button = make('button', { type: 'button', className, 'data-testid': `camera-${name}` }, words);
    button.addEventListener('click', acts[name]);
    return button;
  });
  if (buttons.length > 0) nodes.push(make('div', { className: 'actions' }, ...buttons));
  screen.replaceChildren(...nodes);
}

/** Tells a screen reader that the state has changed. */
export function announceScreen(state) {
  const { title, advice } = cameraText(state, platformOf(navigator));
  announce(`${title}. ${advice}`);
}
