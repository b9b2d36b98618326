// What the page remembers in this browser. Everything works without, when storage is off or full.

const PREFIX = 'kr-lpr.';

/** What was kept under `key`, or `otherwise`. */
export function recall(key, otherwise = null) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

/** Keeps `value` under `key`; `null` forgets it. Returns whether that worked. */
export function keep(key, value) {
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
