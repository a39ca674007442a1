// CSV as RFC 4180 says: commas, double quotes, a first row of names.
import type { Json } from '../../plan.ts';
import { MAX_LIST } from '../budget.ts';
import { raise } from '../failure.ts';

const MAX_COLUMNS = 500;

export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [names = [], ...rows] = rowsOf(text.startsWith('\ufeff') ? text.slice(1) : text);
  if (new Set(names).size < names.length) return raise('EXPRESSION_FAILED', 'csv_parse() was given two columns of one name');
  if (names.length > MAX_COLUMNS) return raise('EXPRESSION_SIZE', `csv_parse() was given more than ${MAX_COLUMNS} columns`);
  return rows.map((cells) => {
    if (cells.length > names.length) return raise('EXPRESSION_FAILED', 'csv_parse() was given a row that is longer than the row of names');
    return Object.fromEntries(names.map((name, column) => [name, cells[column] ?? '']));
  });
}

// One pass: a cell is quoted or plain, and what follows it says whether the row goes on.
function rowsOf(text: string): readonly (readonly string[])[] {
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  const rows: string[][] = [];
  let row: string[] = [];
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex;
    const found = cell.exec(text);
    if (!found) return raise('EXPRESSION_FAILED', 'csv_parse() was given a quote that stands in the middle of a cell or is not closed');
    row.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === ',' && cell.lastIndex < text.length) continue;
    if (found[3] === ',') row.push('');
    // An empty line is no row.
    if (row.length > 1 || row[0] !== '' || text[at] === '"') rows.push(row);
    row = [];
    if (rows.length > MAX_LIST) return raise('EXPRESSION_SIZE', `csv_parse() was given more than ${MAX_LIST} rows`);
  }
  return rows;
}

export function csvText(rows: readonly Json[]): string {
  const maps = rows.map((row) => (isMap(row) ? row : raise('EXPRESSION_TYPE', 'csv_format() takes a list of maps')));
  const names = [...new Set(maps.flatMap((row) => Object.keys(row)))];
  if (names.length > MAX_COLUMNS) return raise('EXPRESSION_SIZE', `csv_format() was given more than ${MAX_COLUMNS} columns`);
  if (names.length === 0) return '';
  const lines = [names.map(cellText), ...maps.map((row) => names.map((name) => cellText(row[name] ?? '')))];
  return `${lines.map((cells) => cells.join(',')).join('\n')}\n`;
}

function cellText(value: Json): string {
  const plain = typeof value === 'string' ? value : JSON.stringify(value);
  // Text of an alert that a spreadsheet would take for a formula must not run in an analyst's hands.
  const safe = /^[=+\-@\t\r]/.test(plain) && !/^[+-]?\d+(?:\.\d+)?$/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const isMap = (value: Json): value is Readonly<Record<string, Json>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
