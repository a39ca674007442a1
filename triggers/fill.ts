// Inputs and dedupe key of a run that an alert starts.
import type { Alert } from '../alerts/alert.ts';
import { canonicalJson } from '../language/canonical.ts';
import { checkInputs } from '../language/inputs.ts';
import type { AlertTrigger, Json, Plan } from '../language/plan.ts';
import { renderTemplate } from '../language/template.ts';

/** Characters of a dedupe key. */
const MAX_KEY = 1000;

export interface Filled {
  readonly inputs: Readonly<Record<string, Json>>;
  /** Absent: nothing to recognise a second alert by. */
  readonly dedupeKey?: string;
  /** Why it is absent although the trigger asks for one. */
  readonly keyless?: string;
}

export type Filling =
  | { readonly ok: true; readonly filled: Filled }
  | { readonly ok: false; readonly code: 'TRIGGER_EXPRESSION' | 'TRIGGER_INPUTS'; readonly reason: string };

export function fillInputs(plan: Plan, trigger: AlertTrigger, alert: Alert): Filling {
  const given: Record<string, Json> = {};
  for (const [name, template] of Object.entries(trigger.with)) {
    const rendered = renderTemplate(template, { alert });
    if (!rendered.ok)
      return { ok: false, code: 'TRIGGER_EXPRESSION', reason: `the input ${name} cannot be filled: ${rendered.error.message}` };
    given[name] = rendered.value;
  }
  const checked = checkInputs(plan.inputs, given);
  if (!checked.ok)
    return {
      ok: false,
      code: 'TRIGGER_INPUTS',
      reason: checked.faults.map((fault) => `the input ${fault.input} ${fault.message}`).join('; '),
    };
  return makeKey(trigger, alert, checked.inputs);
}

function makeKey(trigger: AlertTrigger, alert: Alert, inputs: Readonly<Record<string, Json>>): Filling {
  if (!trigger.dedupe) return { ok: true, filled: { inputs } };
  const rendered = renderTemplate(trigger.dedupe.by, { alert, inputs });
  if (!rendered.ok) return { ok: false, code: 'TRIGGER_EXPRESSION', reason: `the dedupe key cannot be made: ${rendered.error.message}` };
  const key = typeof rendered.value === 'string' ? rendered.value.trim() : rendered.value === null ? '' : canonicalJson(rendered.value);
  // An empty key would let strangers join one another. One that is too long, which whoever writes the alert's content may choose, never keeps an answer
  // from starting: twice is better than not at all.
  if (key === '') return { ok: true, filled: { inputs, keyless: 'is empty' } };
  if (key.length > MAX_KEY) return { ok: true, filled: { inputs, keyless: `is longer than ${MAX_KEY} characters` } };
  return { ok: true, filled: { inputs, dedupeKey: key } };
}
