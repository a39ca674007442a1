// CSV by RFC 4180: fields in double quotes may hold commas, quotes (doubled) and line breaks. Each row knows its line.

export interface CsvRow {
  /** From 1. */
  readonly line: number;
  readonly fields: readonly string[];
}

export type CsvReading =
  | { readonly ok: true; readonly rows: readonly CsvRow[] }
  | { readonly ok: false; readonly line: number; readonly fault: string };

/** Empty lines are left out; a byte order mark is no part of the first field. */
export function readCsv(text: string): CsvReading {
  const source = text.replace(/^\ufeff/, '');
  const rows: CsvRow[] = [];
  let at = 0;
  let line = 1;
  while (at < source.length) {
    const begun = line;
    const fields: string[] = [];
    let isEnd = false;
    while (!isEnd) {
      const field = source[at] === '"' ? quoted(source, at) : plain(source, at);
      if ('fault' in field) return { ok: false, line, fault: field.fault };
      fields.push(field.value);
      line += field.breaks;
      at = field.next;
      if (source[at] === ',') at += 1;
      else {
        isEnd = true;
        if (source.startsWith('\r\n', at)) at += 2;
        else if (at < source.length) at += 1;
        line += 1;
      }
    }
    if (fields.some((field) => field !== '')) rows.push({ line: begun, fields });
  }
  return { ok: true, rows };
}

type Field = { readonly value: string; readonly next: number; readonly breaks: number } | { readonly fault: string };

function quoted(source: string, from: number): Field {
  let value = '';
  let at = from + 1;
  for (;;) {
    const close = source.indexOf('"', at);
    if (close < 0) return { fault: 'a quote is not closed' };
    value += source.slice(at, close);
    if (source[close + 1] !== '"') {
      const next = close + 1;
      if (next < source.length && !',\r\n'.includes(source[next] ?? '')) return { fault: 'there is text behind a closing quote' };
      return { value, next, breaks: value.split('\n').length - 1 };
    }
    value += '"';
    at = close + 2;
  }
}

function plain(source: string, from: number): Field {
  let at = from;
  while (at < source.length && !',\r\n'.includes(source[at] ?? '')) at += 1;
  const value = source.slice(from, at);
  if (value.includes('"')) return { fault: 'a quote stands within a field that does not begin with one' };
  return { value: value.trim(), next: at, breaks: 0 };
}
