// Templates and conditions of a step, evaluated where it stands. An error is a value: it becomes the step's own.
import { evaluate } from '../language/cel.ts';
import { escalationsOf } from '../language/escalations.ts';
import { own } from '../language/own.ts';
import type { Approve, Json, People, Template } from '../language/plan.ts';
import { renderTemplate } from '../language/template.ts';
import type { ApproveWish, RenderedEscalation, RenderedPeople } from './command.ts';
import { engineError, type StepError } from './errors.ts';
import { rootsOf } from './roots.ts';
import type { Run, Scope } from './run.ts';

export type Rendered<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: StepError };

const failed = (error: StepError): { readonly ok: false; readonly error: StepError } => ({ ok: false, error });

/** `where` says which part of the step it is, as in "with.user". */
export function renderValue(run: Run, scope: Scope, template: Template, where: string): Rendered<Json> {
  const rendered = renderTemplate(template, rootsOf(run, scope));
  return rendered.ok ? rendered : failed({ code: rendered.error.code, message: `${where}: ${rendered.error.message}` });
}

/** Text as it is; null is none; everything else as JSON. */
export function renderText(run: Run, scope: Scope, template: Template, where: string): Rendered<string> {
  const rendered = renderValue(run, scope, template, where);
  if (!rendered.ok) return rendered;
  const { value } = rendered;
  return { ok: true, value: typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value) };
}

export function renderCondition(run: Run, scope: Scope, source: string, where: string): Rendered<boolean> {
  const result = evaluate(source, rootsOf(run, scope));
  if (!result.ok) return failed({ code: result.error.code, message: `${where}: ${result.error.message}` });
  if (typeof result.value !== 'boolean') return failed(engineError('NOT_BOOLEAN', `${where}: gives something else than true or false`));
  return { ok: true, value: result.value };
}

export function renderPeople(run: Run, scope: Scope, people: People, where: string): Rendered<RenderedPeople> {
  const { person, ...named } = people;
  if (person === undefined) return { ok: true, value: named };
  const rendered = renderValue(run, scope, person, where);
  if (!rendered.ok) return rendered;
  const name = personOf(rendered.value);
  if (name !== undefined) return { ok: true, value: { ...named, person: name } };
  return failed(engineError('PEOPLE_MISSING', `${where}: names nobody`));
}

/** Text as it is; of a whole user the address, else the id: by both people are known here. */
function personOf(value: Json): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  // Array.isArray does not take readonly arrays away.
  const user = value as Readonly<Record<string, Json>>;
  return [own(user, 'email'), own(user, 'id')].find((one) => typeof one === 'string' && one !== '') as string | undefined; // just asked
}

export function renderApprove(run: Run, scope: Scope, approve: Approve): Rendered<ApproveWish> {
  const { count, ...by } = approve.by;
  const asked = renderPeople(run, scope, by, 'approve.by');
  if (!asked.ok) return asked;
  const chain: RenderedEscalation[] = [];
  for (const { afterMs, to } of escalationsOf(approve)) {
    const people = renderPeople(run, scope, to, 'approve.escalate.to');
    if (!people.ok) return people;
    chain.push({ afterMs, to: people.value });
  }
  const [escalate, ...escalateNext] = chain;
  const value = {
    by: { ...asked.value, count },
    withinMs: approve.withinMs,
    remindMs: approve.remindMs,
    ...(escalate ? { escalate } : {}),
    ...(escalateNext.length > 0 ? { escalateNext } : {}),
  };
  return { ok: true, value };
}

/** Only a plain true spares the question; an error asks. */
export function isSpared(run: Run, scope: Scope, approve: Approve): boolean {
  if (approve.unless === undefined) return false;
  const result = renderCondition(run, scope, approve.unless, 'approve.unless');
  return result.ok && result.value;
}
