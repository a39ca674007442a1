// The cases beside a policy: each decided by the policy as in production, and held against what it should be. No output here.
import { own } from '../language/own.ts';
import type { PolicyCase } from '../language/policy/cases.ts';
import { VERBS } from '../language/verbs.ts';
import { decide, heard, limitsOf } from '../policy/decide.ts';
import { readClocks, WALL_CLOCK } from '../policy/hours.ts';
import { type Inventory, mergeEntries, protectionOf } from '../policy/inventory.ts';
import type { Decision, Facts, Policy } from '../policy/policy.ts';

export interface CaseResult {
  readonly title: string;
  readonly line: number;
  readonly ok: boolean;
  /** As in the file: allow, deny, ask 2 responder; with the rule where one was named. */
  readonly expected: string;
  readonly decided: string;
  readonly reason: string;
  /** Every rule and full limit that spoke. */
  readonly rules: readonly string[];
}

export function judgeCase(policy: Policy, inventory: Inventory, given: PolicyCase): CaseResult {
  const facts = factsOf(policy, inventory, given);
  const decision = decide(policy, facts);
  const wanted = typeof given.expect === 'string' ? given.expect : askText(given.expect.ask);
  const withRule = (what: string, rule: string): string => (given.rule === undefined ? what : `${what} by ${rule}`);
  const rules = deciding(decision);
  const got =
    typeof given.expect === 'string' ? decision.effect : decision.effect === 'ask' ? askText(decision.requirement) : decision.effect;
  const said = given.rule !== undefined && rules.includes(given.rule) ? given.rule : rules.join(' and ');
  const expected = withRule(wanted, given.rule ?? '');
  const decided = withRule(got, said);
  const spoke = [...new Set([...heard(policy, facts).map(({ name }) => name), ...rules])];
  return { title: given.case, line: given.line, ok: expected === decided, expected, decided, reason: decision.reason, rules: spoke };
}

const askText = ({ role, count }: { readonly role: string; readonly count: number }): string => `ask ${count} ${role}`;

const deciding = (decision: Decision): readonly string[] =>
  decision.effect === 'ask' ? decision.requirement.reasons.map(({ rule }) => rule) : [decision.rule];

const canonical = (text: string): string => text.normalize('NFC').toLowerCase();

function factsOf(policy: Policy, inventory: Inventory, { effect }: PolicyCase): Facts {
  const { atMs, verb } = effect;
  const show = (timeZone: string) => new Intl.DateTimeFormat('en-GB', { ...WALL_CLOCK, timeZone }).format(new Date(atMs));
  const target = targetOf(inventory, effect);
  const known = {
    verb,
    risk: own(VERBS, verb)?.risk ?? 'destructive',
    connector: effect.connector,
    mode: effect.mode,
    severityId: effect.severityId,
    ...(target ? { target } : {}),
    nowMs: atMs,
    clocks: readClocks(policy.zones, show),
    requester: effect.started_by.map(canonical),
    breakGlass: [],
    ourselves: effect.ourselves.map(canonical),
  };
  return { ...known, used: Object.fromEntries(limitsOf(policy, known).map(({ name }) => [name, own(effect.used, name) ?? 0])) };
}

function targetOf(inventory: Inventory, { verb, target }: PolicyCase['effect']): Facts['target'] {
  const about = own(VERBS, verb);
  const param = about?.target === undefined ? undefined : about.params[about.target];
  if (!param || target === undefined) return undefined;
  const kind = param.type;
  if (typeof target !== 'string') {
    const { names, tags, groups, criticality } = target;
    const exact = names.map(canonical);
    const known = { tags: tags.map(canonical), groups: groups.map(canonical), ...(criticality === undefined ? {} : { criticality }) };
    return { kind, key: `${kind}:${exact[0] ?? ''}`, names: exact, ...known };
  }
  const name = canonical(target);
  const entries = inventory.find(kind, [name]);
  const entry = entries[0] && entries.length > 1 ? mergeEntries(entries[0], entries) : entries[0];
  const names = [...new Set([name, ...(entry ? [canonical(entry.name), ...entry.aliases] : [])])];
  return { kind, key: entry?.key ?? `${kind}:${name}`, names, ...protectionOf(inventory, kind, names, entry) };
}
