// Triggers and inputs: every trigger fills what the playbook needs, and nothing that it does not know.
import { ALERT_MEMBERS } from '../alert-members.ts';
import { checkInput } from '../inputs.ts';
import { didYouMean } from '../nearest.ts';
import { own } from '../own.ts';
import type { Input, Json } from '../plan.ts';
import type { WrittenTrigger } from '../read-triggers.ts';
import type { Report } from '../report.ts';
import { checkExpression, type Names } from './expression.ts';
import { checkGiven } from './given.ts';

const NOTHING_ASKED: ReadonlySet<string> = new Set();
const NOTHING_BEFORE = { presenceOf: () => undefined, isSet: () => false };

export function checkInputDefaults(report: Report, inputs: Readonly<Record<string, Input>>): void {
  for (const [name, input] of Object.entries(inputs)) {
    if (isEmpty(input.default)) {
      if (!input.optional)
        report('INPUT_TYPE', ['inputs', name, 'default'], `the default of \`${name}\` is empty, which counts as nothing given`, {
          hint: 'leave it out and say optional: true; then the input is null where nothing is given',
        });
      continue;
    }
    const fault = input.default === undefined || input.default === null ? undefined : checkInput(input, input.default);
    if (fault !== undefined) report('INPUT_TYPE', ['inputs', name, 'default'], `the default of \`${name}\` ${fault}`);
  }
}

const isEmpty = (value: Json | undefined): boolean => value === '' || (Array.isArray(value) && value.length === 0);

export function checkTriggers(names: Names, triggers: readonly WrittenTrigger[]): void {
  for (const { trigger, path, uses } of triggers) {
    if (trigger.kind === 'manual') continue;
    for (const use of uses) {
      // Inputs are filled before the dedupe key is made, and after everything else.
      const isKey = use.path.includes('dedupe');
      checkExpression(
        { ...names, roots: trigger.kind === 'schedule' ? [] : isKey ? ['alert', 'inputs'] : ['alert'] },
        use,
        NOTHING_BEFORE,
        new Set(),
      );
    }
    if (trigger.kind === 'alert') checkItems(names, uses);
    for (const [name, value] of Object.entries(trigger.with)) {
      const input = own(names.inputs, name);
      const at = [...path, 'with', name];
      // Whether an alert has a value is known when it comes.
      if (input)
        checkGiven(names, at, { name, type: input.type, list: input.list, isNeeded: false, by: 'the playbook' }, value, NOTHING_ASKED);
      else {
        names.report('INPUT_UNKNOWN', at, `there is no input \`${name}\``, {
          part: 'key',
          hint: () => didYouMean(name, Object.keys(names.inputs)),
        });
      }
    }
    for (const [name, input] of Object.entries(names.inputs)) {
      const isNeeded = !input.optional && input.default === undefined;
      if (isNeeded && !Object.hasOwn(trigger.with, name))
        names.report('INPUT_MISSING', path, `the trigger does not fill the input \`${name}\``, { hint: `with: { ${name}: "…" }` });
    }
  }
}

const ITEM = /\balert\.([a-z]+)\[[0-9]+\]/;

/** `alert.users[0]` where nothing asks how many there are. What looks at the list as a whole, here or in the guard, has thought of it. */
function checkItems(names: Names, uses: WrittenTrigger['uses']): void {
  const asked = uses.filter(({ role }) => role === 'guard').flatMap(listsAsked);
  for (const use of uses) {
    const list = ITEM.exec(use.source)?.[1];
    if (list === undefined || !ALERT_MEMBERS.includes(list) || [...asked, ...listsAsked(use)].includes(list)) continue;
    names.report('ALERT_UNGUARDED', use.path, `an alert without ${list} has no item to take here`, {
      hint: `ask first, in the trigger: when: size(alert.${list}) == 1`,
    });
  }
}

/** Members of the alert that are read as a whole: size(alert.users), alert.users.exists(…). An item that is taken asks for nothing. */
const listsAsked = ({ parsed }: WrittenTrigger['uses'][number]): readonly string[] =>
  parsed.ok ? parsed.expression.reads.flatMap(({ root, path }) => (root === 'alert' && path.length === 1 ? path : [])) : [];
