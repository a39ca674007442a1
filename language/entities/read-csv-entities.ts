// Hosts, people and services from CSV, as a CMDB or a directory exports them: a header, then one line for each thing. Lists are separated by `;`.
import { type Diagnostic, isClean } from '../diagnostics.ts';
import { checkEntries, type EntitiesReading, entityEntry, type PlacedEntry, toRecord } from '../inventory-text.ts';
import { didYouMean } from '../nearest.ts';
import { readCsv } from './csv.ts';

const LISTS = ['aliases', 'tags', 'groups', 'depends_on'] as const;
const CSV_COLUMNS = ['kind', 'name', 'aliases', 'tags', 'groups', 'owner', 'criticality', 'depends_on'] as const;
type Column = (typeof CSV_COLUMNS)[number];
const KINDS: readonly string[] = ['host', 'user', 'service'];
/** Characters of one file. */
const MAX_CSV = 8_000_000;
const MAX_FAULTS = 100;

export function readCsvEntities(text: string, path: string, source: string): EntitiesReading {
  const diagnostics: Diagnostic[] = [];
  const tell = (line: number, message: string, hint?: string): void => {
    if (diagnostics.length >= MAX_FAULTS) return;
    diagnostics.push({
      code: 'VALUE_INVALID',
      severity: 'error',
      message,
      ...(hint === undefined ? {} : { hint }),
      file: path,
      line,
      column: 1,
    });
  };
  if (text.length > MAX_CSV)
    tell(1, `the file has ${text.length} characters; at most ${MAX_CSV} are read`, 'import it in parts, each under a name of its own');
  const read = text.length > MAX_CSV ? { ok: true as const, rows: [] } : readCsv(text);
  if (!read.ok) tell(read.line, read.fault);
  const rows = read.ok ? read.rows : [];
  const [header, ...lines] = rows;
  if (read.ok && text.length <= MAX_CSV && !header) tell(1, 'there is nothing in the file', `it begins: ${CSV_COLUMNS.join(',')}`);
  const columns = (header?.fields ?? []).map((field) => field.toLowerCase());
  checkHeader(columns, header?.line ?? 1, tell);
  const placed =
    diagnostics.length > 0
      ? []
      : lines.flatMap(({ line, fields }) => readLine(columns, fields, (message, hint) => tell(line, message, hint)));
  checkEntries(placed);
  diagnostics.sort((a, b) => a.line - b.line);
  return isClean(diagnostics) ? { records: placed.map((one) => toRecord(one, source)), diagnostics } : { diagnostics };
}

function checkHeader(columns: readonly string[], line: number, tell: (line: number, message: string, hint?: string) => void): void {
  for (const [index, column] of columns.entries()) {
    if (isColumn(column) && columns.indexOf(column) === index) continue;
    const known = isColumn(column) ? 'it is there twice' : (didYouMean(column, CSV_COLUMNS) ?? `known here: ${CSV_COLUMNS.join(', ')}`);
    tell(line, `the column \`${column.slice(0, 60)}\` cannot be used`, known);
  }
  for (const needed of ['kind', 'name'])
    if (columns.length > 0 && !columns.includes(needed)) tell(line, `the column \`${needed}\` is missing`);
}

const isColumn = (word: string): word is Column => CSV_COLUMNS.some((column) => column === word);

function readLine(columns: readonly string[], fields: readonly string[], tell: (message: string, hint?: string) => void): PlacedEntry[] {
  if (fields.length !== columns.length) {
    tell(`there are ${fields.length} fields, and the header has ${columns.length}`, 'a field with a comma in it must be in double quotes');
    return [];
  }
  const given = new Map(columns.map((column, index) => [column, fields[index] ?? '']));
  const kind = given.get('kind')?.toLowerCase() ?? '';
  if (!KINDS.includes(kind)) tell(`\`${kind.slice(0, 60)}\` is no kind`, `write one of ${KINDS.join(', ')}`);
  const lists = LISTS.map((column) => [column, split(given.get(column) ?? '')] as const);
  const owner = given.get('owner');
  const criticality = given.get('criticality')?.toLowerCase();
  const parsed = entityEntry.safeParse({
    name: given.get('name'),
    ...Object.fromEntries(lists),
    ...(owner ? { owner } : {}),
    ...(criticality ? { criticality } : {}),
  });
  for (const issue of parsed.error?.issues ?? []) tell(`\`${issue.path.join('.')}\` ${issue.message}`);
  if (!parsed.success || !KINDS.includes(kind)) return [];
  return [{ kind, entry: parsed.data, tell: (message, _member, hint) => tell(message, hint) }];
}

const split = (text: string): string[] =>
  text
    .split(';')
    .map((one) => one.trim())
    .filter((one) => one !== '');
