// How every stage of the check says what it found: a code of the table, a path in the file, words and a hint.
import { CODES, type Diagnostic, type DiagnosticCode } from './diagnostics.ts';
import type { Path, Place, YamlText } from './yaml-text.ts';

interface Where {
  /** Point at the key, not at its value. */
  readonly part?: 'key' | 'value';
  /** A character within the text at the path, from 0. */
  readonly offset?: number;
  /** Made only for what is told, where it is costly to make. */
  readonly hint?: string | (() => string | undefined);
}

/** Equal for equal paths alone. */
export const pathKey = (path: Path): string => path.join('\n');

export type Report = (code: DiagnosticCode, path: Path, message: string, where?: Where) => void;

/** Errors told for one file, and as many of everything; more help nobody. Warnings never keep an error from being told: it refuses the file. */
const MAX_DIAGNOSTICS = 100;

export interface Reporter {
  readonly report: Report;
  /** Says nothing more of what is at a path and below: the fault there was told. */
  readonly hush: (path: Path) => void;
  /** In the order of the file. */
  readonly list: () => readonly Diagnostic[];
}

/** `page`: of docs/reference, where the form of such files is written. */
export function createReporter(yaml: YamlText, file: string, before: readonly Diagnostic[], page = 'playbook.md'): Reporter {
  const found: Diagnostic[] = [...before];
  let errors = before.filter(({ severity }) => severity === 'error').length;
  const brokenLines = new Set(before.filter(({ severity }) => severity === 'error').map(({ line }) => line));
  const seen = new Set<string>();
  const hushed = new Set<string>();
  const isHushed = (path: Path): boolean => hushed.size > 0 && path.some((_, index) => hushed.has(pathKey(path.slice(0, index + 1))));
  const report: Report = (code, path, message, where = {}) => {
    const isError = CODES[code].severity === 'error';
    if ((isError ? errors : found.length) >= MAX_DIAGNOSTICS || isHushed(path)) return;
    const place: Place = where.offset === undefined ? yaml.place(path, where.part) : yaml.placeWithin(path, where.offset);
    const key = `${place.line}:${place.column}:${code}:${message}`;
    // What YAML has misread is not looked at a second time.
    if (brokenLines.has(place.line) || seen.has(key)) return;
    seen.add(key);
    if (isError) errors += 1;
    found.push({
      code,
      severity: CODES[code].severity,
      message,
      hint:
        (typeof where.hint === 'function' ? where.hint() : where.hint) ??
        CODES[code].mend.replace('reference/playbook.md', `reference/${page}`),
      file,
      ...place,
    });
  };
  const hush = (path: Path): void => {
    hushed.add(pathKey(path));
  };
  return { report, hush, list: () => found.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}
