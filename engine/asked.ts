// What people are asked, rendered: once, when they are asked. Whatever changes afterwards, an answer is an answer to this.
import { checkField, checkForm, type Field, type Form } from '../language/form.ts';
import type { AskField, AskStep, Json } from '../language/plan.ts';
import { MAX_ROWS, makeRows } from '../language/rows.ts';
import type { Asked } from './command.ts';
import { engineError } from './errors.ts';
import { type Rendered, renderValue } from './render.ts';
import type { Run, Scope } from './run.ts';

/** Characters of JSON of everything that is asked in one question. */
const MAX_ASKED = 400_000;

export function renderAsked(run: Run, scope: Scope, step: AskStep): Rendered<Asked> {
  if (step.rows) return renderRows(run, scope, step.rows, String(step.else));
  if (step.form) return renderForm(run, scope, step.form, typeof step.else === 'string' ? {} : step.else);
  return { ok: true, value: { choices: step.choices ?? [], else: String(step.else) } };
}

function renderRows(run: Run, scope: Scope, rows: NonNullable<AskStep['rows']>, silence: string): Rendered<Asked> {
  const list = renderValue(run, scope, rows.of, 'ask.rows.of');
  if (!list.ok) return list;
  if (!Array.isArray(list.value)) return refused('ROWS_INVALID', 'ask.rows.of: gives something else than a list');
  if (list.value.length > MAX_ROWS)
    return refused('ROWS_TOO_MANY', `ask.rows.of: has ${list.value.length} rows, and at most ${MAX_ROWS} are asked`);
  // A list of JSON has JSON in it; Array.isArray forgets that.
  const items = makeRows(list.value as readonly Json[]);
  return bounded({ rows: { items, choices: rows.choices }, else: silence });
}

function renderForm(run: Run, scope: Scope, fields: readonly AskField[], silence: Exclude<AskStep['else'], string>): Rendered<Asked> {
  const form: Field[] = [];
  const instead: Record<string, Json> = {};
  for (const { default: first, ...field } of fields) {
    const { name } = field;
    const given = first && renderValue(run, scope, first, `ask.form.${name}.default`);
    if (given && !given.ok) return given;
    // What an alert or a product says may not fit the field: then it stands empty.
    const fits = given === undefined || given.value === null ? undefined : checkField(field, given.value);
    form.push(fits?.ok ? { ...field, default: fits.value } : field);
    const own = Object.hasOwn(silence, name) ? silence[name] : undefined;
    const said = own && renderValue(run, scope, own, `ask.else.${name}`);
    if (said && !said.ok) return said;
    instead[name] = said ? said.value : fits?.ok ? fits.value : null;
  }
  const checked = checkForm(form, instead);
  if (checked.ok) return bounded({ form, else: checked.value });
  const faults = checked.faults.map(({ field, message }) => `${field} ${message}`).join('; ');
  return refused('FORM_ELSE', `ask.else: silence does not fill the form: ${faults}`);
}

const bounded = (
  asked: { readonly form: Form; readonly else: Readonly<Record<string, Json>> } | Extract<Asked, { readonly rows: unknown }>,
): Rendered<Asked> =>
  JSON.stringify(asked).length <= MAX_ASKED
    ? { ok: true, value: asked }
    : refused('ASK_TOO_LARGE', `ask: has more than ${MAX_ASKED} characters; take only what people need, for example with map(…)`);

const refused = (code: 'ROWS_INVALID' | 'ROWS_TOO_MANY' | 'FORM_ELSE' | 'ASK_TOO_LARGE', message: string): Rendered<Asked> => ({
  ok: false,
  error: engineError(code, message),
});
