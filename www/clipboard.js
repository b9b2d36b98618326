// Buttons that copy, share or save something, and say on themselves whether that worked.

import { t } from './i18n/i18n.js';

const SHOWN_MS = 1500;

/** Copies `text` and says so on `button`, whose own words come back after a moment. */
export async function copyFrom(button, text) {
  const copied = await write(text);
  const words = button.dataset.words ?? button.textContent;
  button.dataset.words = words;
  button.dataset.copied = String(copied);
  button.textContent = t(copied ? 'copied' : 'copyFailed');
  setTimeout(() => {
    if (button.dataset.words === undefined) return;
    button.textContent = button.dataset.words;
    delete button.dataset.words;
  }, SHOWN_MS);
}

/** Whether `text` is in the clipboard now; without HTTPS there is none. */
async function write(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** Shares through the system's own sheet; closing it is no failure. */
export async function share(text) {
  try {
    await navigator.share({ text });
  } catch (error) {
    if (error.name !== 'AbortError') console.info(`not shared: ${error.message}`);
  }
}

/** This browser can hand text to the system's sharing sheet. */
export const canShare = typeof navigator.share === 'function';

/** Saves `text` as a file. */
export function save(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000); // the download may begin a little later
}
