// Tables for spreadsheets.

/** Rows of cells as CSV (RFC 4180). The mark in front makes spreadsheets read UTF-8. */
export function csv(rows) {
  return `\uFEFF${rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')}`;
}

function cell(value) {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
