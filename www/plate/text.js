// A plate's text as people write it, and the best plate of a result.

// A site without the package's files says so when the reader is loaded; until then a text stays as it is.
const asItIs = { formatPlate: (text) => text };
const { formatPlate } = await import('../kr-lpr/plate.js').catch(() => asItIs);

/** `123가 4567`, `서울 12바 3456`. Texts that no plate can carry stay as they are. */
export const spaced = formatPlate;

/** Every plate of a result, the doubtful ones last, without those that have no text at all. */
export function platesOf(result) {
  return [...result.plates, ...result.rejected].filter((plate) => plate.text !== '');
}

/** A rental car's plate looks like a private one; the syllable tells. Machines use the same syllables for all owners. */
export function isRental(plate) {
  return '하허호'.includes(plate.parts.use ?? '-') && !plate.kind.startsWith('construction');
}
