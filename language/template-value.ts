// A value of the playbook to a template, with its faults and its expressions told by their places.
import type { Json, Template } from './plan.ts';
import type { Report } from './report.ts';
import { readTemplateText } from './template.ts';
import type { Path } from './yaml-text.ts';

export interface TemplateUse {
  readonly source: string;
  readonly path: Path;
  readonly offset: number;
  /** Something stands beside it: its value becomes text. */
  readonly isWithinText?: boolean;
}

/** A text outside of its expressions, which are blank in it so that places stay. */
export interface WrittenText {
  readonly text: string;
  readonly path: Path;
  /** There is no expression in it. */
  readonly isPlain: boolean;
}

/** What a reader of templates is told on the way, for the checks that follow. */
export interface Notes {
  readonly expression: (use: TemplateUse) => void;
  readonly text: (text: WrittenText) => void;
}

/** Parts without an expression stay one literal, so that plans are short. */
export function readTemplate(report: Report, value: unknown, path: Path, note: Notes): Template {
  if (typeof value === 'string') return readText(report, value, path, note);
  if (typeof value !== 'object' || value === null) return { lit: literal(value) };
  if (Array.isArray(value)) {
    const list = value.map((item: unknown, index) => readTemplate(report, item, [...path, index], note));
    return list.every(isLiteral) ? { lit: list.map((item) => item.lit) } : { list };
  }
  const members = Object.entries(value).map(([name, member]) => [name, readTemplate(report, member, [...path, name], note)] as const);
  const literals = members.flatMap(([name, member]) => (isLiteral(member) ? [[name, member.lit] as const] : []));
  return literals.length === members.length ? { lit: Object.fromEntries(literals) } : { map: Object.fromEntries(members) };
}

function readText(report: Report, text: string, path: Path, note: Notes): Template {
  const read = readTemplateText(text);
  if (!read.ok) {
    note.text({ text: '', path, isPlain: false });
    report('TEMPLATE_SYNTAX', path, `the text ${read.fault.message}`, { offset: read.fault.offset });
    return { lit: text };
  }
  const isWithinText = !('cel' in read.template);
  for (const { source, offset } of read.expressions) note.expression({ source, path, offset, isWithinText });
  if (!('cel' in read.template)) note.text({ text: outsideOf(text, read.expressions), path, isPlain: 'lit' in read.template });
  return read.template;
}

function outsideOf(text: string, expressions: readonly { readonly source: string; readonly offset: number }[]): string {
  let outside = '';
  let at = 0;
  for (const { source, offset } of expressions) {
    const end = text.indexOf('}}', offset + source.length) + 2;
    outside += text.slice(at, text.lastIndexOf('$', offset)).padEnd(end - at, ' ');
    at = end;
  }
  return outside + text.slice(at);
}

const isLiteral = (template: Template): template is { readonly lit: Json } => 'lit' in template;

const literal = (value: unknown): Json => (typeof value === 'number' || typeof value === 'boolean' ? value : null);
