// The playbooks that one may call: texts by the name in their first lines, read when they are called. A call of itself, on whatever way, is told.
import type { Diagnostic } from './diagnostics.ts';
import type { PlaybookReading } from './parse.ts';
import type { Plan } from './plan.ts';

export type Found =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'unknown'; readonly known: readonly string[] }
  /** It has faults of its own; `first`: where the first of them is, and its message. */
  | { readonly kind: 'broken'; readonly first: string }
  /** Who calls whom, from the caller to itself again. */
  | { readonly kind: 'recursive'; readonly way: readonly string[] };

export interface Library {
  readonly find: (name: string, caller: string) => Found;
}

interface LibraryText {
  readonly file: string;
  readonly text: string;
}

type Read = (text: string, file: string, library: Library) => PlaybookReading;

const NAME = /^playbook:\s*["']?([a-z][a-z0-9-]*)["']?\s*(?:#.*)?$/m;

const CALLED = /\bcall:\s*["']?([a-z][a-z0-9-]*)/g;

/** Those of the texts that this one calls, and what these call; by the look of it, so perhaps a few more. */
export function calledBy<T extends LibraryText>(text: string, texts: readonly T[]): readonly T[] {
  const byName = new Map(texts.map((one) => [NAME.exec(one.text)?.[1], one]));
  const found = new Set<T>();
  const add = (from: string): void => {
    for (const [, name] of from.matchAll(CALLED)) {
      const one = byName.get(name);
      if (!one || found.has(one)) continue;
      found.add(one);
      add(one.text);
    }
  };
  add(text);
  return [...found];
}

function firstFault(diagnostics: readonly Diagnostic[]): string {
  const first = diagnostics.find(({ severity }) => severity === 'error');
  return first ? `${first.file}:${first.line}:${first.column}: ${first.message}` : '';
}

export function libraryOf(texts: readonly LibraryText[], read: Read): Library {
  const byName = new Map<string, LibraryText>();
  for (const one of texts) {
    const name = NAME.exec(one.text)?.[1];
    if (name !== undefined && !byName.has(name)) byName.set(name, one);
  }
  const known = new Map<string, Found>();
  const from = (callers: readonly string[]): Library => ({
    find: (name, caller) => {
      const way = [...callers, caller];
      if (way.includes(name)) return { kind: 'recursive', way: [...way.slice(way.indexOf(name)), name] };
      const before = known.get(name);
      if (before) return before;
      const text = byName.get(name);
      if (!text) return { kind: 'unknown', known: [...byName.keys()] };
      const { plan, diagnostics } = read(text.text, text.file, from(way));
      // What it calls leads back to it: that is the whole circle's fault, and another caller may be told of another way.
      if (diagnostics.some(({ code }) => code === 'CALL_RECURSES')) return { kind: 'recursive', way: [...way, name, '…'] };
      const found: Found = plan ? { kind: 'plan', plan } : { kind: 'broken', first: firstFault(diagnostics) };
      known.set(name, found);
      return found;
    },
  });
  return from([]);
}
