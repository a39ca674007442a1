// Values with `${{ expression }}` in them: read once, when the playbook is checked; rendered in the run. What was rendered is data and is never read again
// as a template, so an alert that says `${{ … }}` is only text.
import { type ExpressionError, evaluate, type Roots } from './cel.ts';
import type { Json, Template } from './plan.ts';

/** Characters of an embedded result. */
const MAX_RENDERED_TEXT = 1_048_576;

export type Rendering = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly error: ExpressionError };

interface TemplateFault {
  readonly message: string;
  /** From 0, in the text. */
  readonly offset: number;
}

export type TemplateText =
  | {
      readonly ok: true;
      readonly template: Template;
      readonly expressions: readonly { readonly source: string; readonly offset: number }[];
    }
  | { readonly ok: false; readonly fault: TemplateFault };

/** Reads one text. Literal text stays `lit`; one whole `${{ }}` becomes `cel`; anything between becomes `text`. The expressions are not parsed here. */
export function readTemplateText(text: string): TemplateText {
  const parts: (string | { readonly cel: string })[] = [];
  const expressions: { source: string; offset: number }[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('${{', at);
    if (open < 0) break;
    const close = findClose(text, open + 3);
    if (close < 0) return { ok: false, fault: { message: 'begins ${{ and has no }} that ends it', offset: open } };
    const inside = text.slice(open + 3, close);
    const source = inside.trim();
    if (source === '') return { ok: false, fault: { message: 'has ${{ }} with nothing in it', offset: open } };
    if (open > at) parts.push(text.slice(at, open));
    parts.push({ cel: source });
    expressions.push({ source, offset: open + 3 + inside.indexOf(source) });
    at = close + 2;
  }
  if (expressions.length === 0) return { ok: true, template: { lit: text }, expressions };
  if (at < text.length) parts.push(text.slice(at));
  const only = parts.length === 1 ? parts[0] : undefined;
  return { ok: true, template: typeof only === 'object' ? only : { text: parts }, expressions };
}

// `}}` within quotes, or closing a map of the expression, does not end it.
function findClose(text: string, from: number): number {
  let braces = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"' || char === "'") {
      at = skipQuoted(text, at);
      if (at < 0) return -1;
    } else if (char === '{') braces += 1;
    else if (char === '}' && braces > 0) braces -= 1;
    else if (char === '}' && text[at + 1] === '}') return at;
  }
  return -1;
}

/** The place of the closing quote, or -1. CEL has '…', "…", and each of them three times. */
function skipQuoted(text: string, from: number): number {
  const quote = text.charAt(from);
  const long = text.startsWith(quote.repeat(3), from);
  const end = long ? quote.repeat(3) : quote;
  const raw = /[rR]/.test(text.charAt(from - 1));
  for (let at = from + end.length; at < text.length; at += 1) {
    if (text[at] === '\\' && !raw) at += 1;
    else if (text.startsWith(end, at)) return at + end.length - 1;
  }
  return -1;
}

/** The value with every expression evaluated; the first error ends it. Never throws. */
export function renderTemplate(template: Template, roots: Roots): Rendering {
  if ('lit' in template) return { ok: true, value: template.lit };
  if ('cel' in template) return evaluate(template.cel, roots);
  if ('text' in template) return renderText(template.text, roots);
  if ('list' in template) return renderList(template.list, roots);
  const names = Object.keys(template.map);
  const values = renderList(
    names.map((name) => template.map[name] ?? { lit: null }),
    roots,
  );
  if (!values.ok) return values;
  return { ok: true, value: Object.fromEntries(names.map((name, index) => [name, values.value[index] ?? null])) };
}

function renderList(
  list: readonly Template[],
  roots: Roots,
): { readonly ok: true; readonly value: readonly Json[] } | { readonly ok: false; readonly error: ExpressionError } {
  const value: Json[] = [];
  for (const item of list) {
    const rendered = renderTemplate(item, roots);
    if (!rendered.ok) return rendered;
    value.push(rendered.value);
  }
  return { ok: true, value };
}

function renderText(parts: readonly (string | { readonly cel: string })[], roots: Roots): Rendering {
  let text = '';
  for (const part of parts) {
    const rendered: Rendering = typeof part === 'string' ? { ok: true, value: part } : evaluate(part.cel, roots);
    if (!rendered.ok) return rendered;
    text += typeof rendered.value === 'string' ? rendered.value : JSON.stringify(rendered.value);
    if (text.length > MAX_RENDERED_TEXT) {
      return { ok: false, error: { code: 'EXPRESSION_SIZE', message: `builds a text of more than ${MAX_RENDERED_TEXT} characters` } };
    }
  }
  return { ok: true, value: text };
}
