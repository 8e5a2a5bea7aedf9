/** What an errors file adds to the columns of the upload; an import passes over them, so that a repaired file can be uploaded as it is. */
export const ERROR_COLUMNS: readonly string[] = ['error_line', 'error_column', 'error_reason'];

/**
 * One cell of a CSV file that spreadsheets open: quoted where needed, and with a leading apostrophe where a spreadsheet would take it for a
 * formula (a phone number with its + too). {@link restoreCell} takes that back, so that a repaired file can be uploaded again.
 */
export function csvCell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvLine(values: readonly string[]): string {
  return `${values.map(csvCell).join(',')}\r\n`;
}

export function restoreCell(cell: string): string {
  return cell.startsWith("'") && /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
}
