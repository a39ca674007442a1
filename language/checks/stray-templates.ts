// `${{ }}` where nobody renders it: a title, a note, a variable's first value. People would read the braces.
import type { Json } from '../plan.ts';
import { pathKey, type Report } from '../report.ts';
import type { Path } from '../yaml-text.ts';

interface Places {
  /** Of every expression, and of every text that may hold one. */
  readonly rendered: Iterable<Path>;
  /** Steps and triggers that could not be read: nothing is known of what is in them. */
  readonly unread: Iterable<Path>;
}

export function checkStrayTemplates(report: Report, raw: Json, { rendered, unread }: Places): void {
  const known = new Set([...rendered, ...unread].map(pathKey));
  const isKnown = (path: Path): boolean => path.some((_, index) => known.has(pathKey(path.slice(0, index + 1))));
  const visit = (value: Json, path: Path): void => {
    if (typeof value === 'string') {
      const at = value.indexOf('${' + '{');
      if (at >= 0 && !isKnown(path))
        report('TEMPLATE_USELESS', path, 'this is not rendered here: people would read the braces', { offset: at, ...hintFor(path) });
    } else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, [...path, index]);
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) visit(member, [...path, name]);
  };
  visit(raw, []);
}

const hintFor = ([first]: Path): { readonly hint?: string } =>
  first === 'vars' ? { hint: 'a first value is plain; a `set` step gives it one that is computed' } : {};
