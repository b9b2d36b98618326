// What was read on pictures, as a table for a spreadsheet; the columns are those of `npx kr-lpr --csv`.

import { csv } from '../csv.js';

const COLUMNS = ['file', 'text', 'confidence', 'kind', 'valid', 'x', 'y', 'width', 'height'];

/**
 * One line a plate, and one for a picture without any; those that wait are left out. Plates of which a part cannot be seen
 * are lines, too, with `?` in their text.
 *
 * @param {{ name: string, status: string, result?: object }[]} entries
 */
export function toCsv(entries) {
  const rows = entries.filter(({ status }) => status === 'done' || status === 'failed').flatMap(rowsOf);
  return csv([COLUMNS, ...rows]);
}

function rowsOf({ name, status, result }) {
  const incomplete = status === 'done' ? result.rejected.filter(({ reason, text }) => reason === 'incomplete' && text !== '') : [];
  const plates = status === 'done' ? [...result.plates, ...incomplete] : [];
  if (plates.length === 0) return [[name, ...COLUMNS.slice(1).map(() => '')]];
  return plates.map(({ text, confidence, kind, valid, boundingBox: { x, y, width, height } }) => [
    name,
    text,
    confidence.toFixed(4),
    kind,
    valid,
    ...[x, y, width, height].map((pixels) => pixels.toFixed(1)),
  ]);
}
