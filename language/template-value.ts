// A value of the playbook to a template, with its faults and its expressions told by their places.
import type { Json, Template } from './plan.ts';
import type { Report } from './report.ts';
import { readTemplateText } from './template.ts';
import type { Path } from './yaml-text.ts';

export interface TemplateUse {
  readonly source: string;
  readonly path: Path;
  readonly offset: number;
}

/** Parts without an expression stay one literal, so that plans are short. */
export function readTemplate(report: Report, value: unknown, path: Path, note: (use: TemplateUse) => void): Template {
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

function readText(report: Report, text: string, path: Path, note: (use: TemplateUse) => void): Template {
  const read = readTemplateText(text);
  if (!read.ok) {
    report('TEMPLATE_SYNTAX', path, `the text ${read.fault.message}`, { offset: read.fault.offset });
    return { lit: text };
  }
  for (const { source, offset } of read.expressions) note({ source, path, offset });
  return read.template;
}

const isLiteral = (template: Template): template is { readonly lit: Json } => 'lit' in template;

const literal = (value: unknown): Json => (typeof value === 'number' || typeof value === 'boolean' ? value : null);
