// A plate's text as people write it, and the best plate of a result.

/** `123가 4567`, `서울 12바 3456`. Texts of another shape stay as they are. */
export function spaced(text) {
  const parts = /^(\D{2})?(\d{1,3}\D)(\d{4})$/u.exec(text);
  return parts ? parts.slice(1).filter(Boolean).join(' ') : text;
}

/** Every plate of a result, the doubtful ones last, without those that have no text at all. */
export function platesOf(result) {
  return [...result.plates, ...result.rejected].filter((plate) => plate.text !== '');
}

/** A rental car's plate looks like a private one; the syllable tells. */
export function isRental(plate) {
  return '하허호'.includes(plate.parts.use ?? '-');
}
