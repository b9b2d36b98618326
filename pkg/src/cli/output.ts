import type { Plate, RecognizeResult } from '../results.js';

/** What came of one file. @internal */
export type Reading = { file: string; result: RecognizeResult } | { file: string; error: string };

/** A way of writing readings down. @internal */
export interface Output {
  /** What comes before the first file. */
  head(): string;
  /** What a file adds. */
  of(reading: Reading): string;
}

/** Texts, one a line; behind the file's name where there are several. @internal */
export class Plain implements Output {
  constructor(readonly several: boolean) {}

  head(): string {
    return '';
  }

  of(reading: Reading): string {
    if ('error' in reading) return '';
    const prefix = this.several ? `${reading.file}: ` : '';
    return reading.result.plates.map(({ text }) => `${prefix}${text}\n`).join('');
  }
}

/** One object a file, a line each. @internal */
export class Json implements Output {
  head(): string {
    return '';
  }

  of(reading: Reading): string {
    const { file } = reading;
    return `${JSON.stringify('error' in reading ? { file, error: reading.error } : { file, ...reading.result })}\n`;
  }
}

const COLUMNS = ['file', 'text', 'confidence', 'kind', 'valid', 'x', 'y', 'width', 'height'];

/** One line a plate, and one for a file without any. @internal */
export class Csv implements Output {
  /** With a byte-order mark, without which spreadsheets take Korean for something else. */
  head(): string {
    return `\uFEFF${COLUMNS.join(',')}\r\n`;
  }

  of(reading: Reading): string {
    const plates = 'error' in reading ? [] : reading.result.plates;
    const rows = plates.length > 0 ? plates.map(cells) : [[]];
    const blank = COLUMNS.slice(1).map(() => '');
    return rows.map((row) => `${[reading.file, ...row, ...blank.slice(row.length)].map(quoted).join(',')}\r\n`).join('');
  }
}

function cells({ text, confidence, kind, valid, boundingBox }: Plate): string[] {
  const { x, y, width, height } = boundingBox;
  return [text, confidence.toFixed(4), kind, String(valid), ...[x, y, width, height].map((value) => value.toFixed(1))];
}

/** RFC 4180, section 2. */
function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
