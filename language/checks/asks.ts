// Questions: what silence means must be an answer, and a form must be one that can be filled in.
import { checkField, isDate } from '../form.ts';
import type { AskField, AskStep, Json, Template } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Path } from '../yaml-text.ts';

/** `path` is that of `ask`. */
export function checkAsk(report: Report, step: AskStep, path: Path): void {
  for (const [index, remindMs] of step.remindMs.entries()) {
    if (remindMs >= step.withinMs) report('TIME_ORDER', [...path, 'remind', index], 'the reminder comes after the time to answer is over');
  }
  if (step.choices) checkChoices(report, step.choices, step.else, path, [...path, 'choices']);
  if (step.rows) checkChoices(report, step.rows.choices, step.else, path, [...path, 'rows', 'choices']);
  if (step.form) checkFormText(report, step.form, step.else, path);
}

function checkChoices(report: Report, choices: readonly string[], silence: AskStep['else'], path: Path, at: Path): void {
  if (typeof silence !== 'string' || !choices.includes(silence)) {
    const said = typeof silence === 'string' ? `\`${silence}\` is none of the choices` : '`else` must be one of the choices';
    report('CHOICE_ELSE', [...path, 'else'], said, { hint: `one of ${choices.join(', ')}` });
  }
  for (const [index, choice] of choices.entries()) {
    if (choices.indexOf(choice) < index) report('VALUE_INVALID', [...at, index], `\`${choice}\` is there twice`);
  }
}

function checkFormText(report: Report, form: readonly AskField[], silence: AskStep['else'], path: Path): void {
  for (const field of form) checkFieldText(report, field, [...path, 'form', field.name]);
  if (typeof silence === 'string') {
    report('FORM_ELSE', [...path, 'else'], 'silence must fill the form', {
      hint: `such as else: { ${form[0]?.name ?? 'field'}: … }; what is not said takes its default`,
    });
    return;
  }
  for (const [name, value] of Object.entries(silence)) {
    const field = form.find((one) => one.name === name);
    if (!field)
      report('FORM_ELSE', [...path, 'else', name], `the form has no field \`${name}\``, {
        part: 'key',
        hint: `it has ${form.map((one) => one.name).join(', ')}`,
      });
    else checkLiteral(report, field, value, [...path, 'else', name], 'FORM_ELSE');
  }
  for (const { name, ...field } of form) {
    if (!field.optional && field.default === undefined && !Object.hasOwn(silence, name))
      report('FORM_ELSE', [...path, 'else'], `silence leaves \`${name}\` empty, and it must be filled in`, {
        hint: `add ${name} to \`else\`, give it a \`default\`, or make it optional: true`,
      });
  }
}

/** Which bounds a type can have. */
const BOUNDS: Readonly<Record<string, readonly (keyof AskField)[]>> = {
  choice: ['choices'],
  number: ['min', 'max'],
  text: ['min', 'max'],
  date: ['from', 'to'],
};

function checkFieldText(report: Report, field: AskField, path: Path): void {
  const allowed = BOUNDS[field.type] ?? [];
  for (const key of ['choices', 'min', 'max', 'from', 'to'] as const) {
    if (field[key] !== undefined && !allowed.includes(key))
      report('FORM_FIELD', [...path, key], `\`${key}\` means nothing for a field of type ${field.type}`, { part: 'key' });
  }
  if (field.type === 'choice' && !field.choices)
    report('FORM_FIELD', path, 'a choice needs `choices`', { hint: 'such as choices: [a, b]' });
  for (const [index, choice] of (field.choices ?? []).entries()) {
    if (field.choices?.indexOf(choice) !== index) report('VALUE_INVALID', [...path, 'choices', index], `\`${choice}\` is there twice`);
  }
  for (const key of ['from', 'to'] as const) {
    const day = field[key];
    if (day !== undefined && !isDate(day)) report('FORM_FIELD', [...path, key], `${day} is no day of the calendar`);
  }
  if (isBackwards(field.min, field.max)) report('FORM_FIELD', [...path, 'max'], '`max` is less than `min`: nothing fits');
  if (isBackwards(field.from, field.to)) report('FORM_FIELD', [...path, 'to'], '`to` is before `from`: nothing fits');
  if (field.default) checkLiteral(report, field, field.default, [...path, 'default'], 'FORM_FIELD');
}

const isBackwards = <T extends number | string>(low: T | undefined, high: T | undefined): boolean =>
  low !== undefined && high !== undefined && high < low;

/** What holds an expression is checked when people are asked. */
function checkLiteral(report: Report, field: AskField, template: Template, path: Path, code: 'FORM_FIELD' | 'FORM_ELSE'): void {
  if (!('lit' in template)) return;
  const value: Json = template.lit;
  if (value === null && field.optional) return;
  const checked = checkField(field, value);
  if (!checked.ok) report(code, path, `\`${String(path.at(-1))}\` ${checked.message}`);
}
