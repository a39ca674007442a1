// What was written, as the rules that are evaluated. Freezes and tiers are rules with a shorter spelling.
import type { Asking, Consequence, Hours, Limit, Match, Rule } from '../../policy/policy.ts';
import type { DiagnosticCode } from '../diagnostics.ts';
import { parseDuration } from '../duration.ts';
import { SEVERITY_ID } from '../severity.ts';
import { readInstant } from './instant.ts';
import type { AskText, FreezeText, LimitText, PolicyText, RuleText } from './schema.ts';

export type HoursByName = ReadonlyMap<string, Hours>;
type MatchText = RuleText['match'];

const DAYS: readonly string[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
/** What contains somebody or something. */
const CONTAINS = ['reversible', 'destructive'] as const;

/** As all parts compare names: exact, but for letter case and Unicode's spellings of one character. */
export const lower = (list: readonly string[]): string[] => list.map((one) => one.normalize('NFC').toLowerCase());

export const compileRule = ({ name, reason, match, then }: RuleText, hours: HoursByName): Rule => ({
  name,
  reason,
  match: compileMatch(match, hours),
  consequence: compileConsequence(then),
});

export function compileLimit({ name, reason, match, at_most, within, then }: LimitText): Limit {
  const about = compileMatch(match, new Map());
  return {
    name,
    reason,
    match: match.verbs === undefined && match.risks === undefined ? { ...about, risks: CONTAINS } : about,
    atMost: at_most,
    withinMs: parseDuration(within) ?? 0,
    consequence: then === 'deny' ? { then } : { then: 'ask', ...compileAsk(then.ask) },
  };
}

interface FreezeFault {
  readonly fault: string;
  readonly code: DiagnosticCode;
  readonly at: 'from' | 'to';
  readonly hint: string;
}

export function compileFreeze({ name, reason, match, from, to, then }: FreezeText, hours: HoursByName): Rule | FreezeFault {
  const fromMs = readInstant(from);
  const toMs = readInstant(to);
  const hint = 'with its zone: 2026-12-20T18:00:00+01:00';
  if (fromMs === undefined) return { fault: `\`${from.slice(0, 60)}\` is no instant`, code: 'VALUE_INVALID', at: 'from', hint };
  if (toMs === undefined) return { fault: `\`${to.slice(0, 60)}\` is no instant`, code: 'VALUE_INVALID', at: 'to', hint };
  if (toMs <= fromMs) return { fault: 'the freeze ends before it begins', code: 'TIME_ORDER', at: 'to', hint: 'exchange them' };
  const about = compileMatch(match, hours);
  const unsaid = match.verbs === undefined && match.risks === undefined;
  return {
    name,
    reason: `${reason} (until ${to})`,
    match: { ...about, ...(unsaid ? { risks: CONTAINS } : {}), between: { fromMs, toMs } },
    consequence: compileConsequence(then),
  };
}

export function compileTiers(tiers: PolicyText['tiers']): Rule[] {
  return (['additive', 'reversible', 'destructive'] as const).flatMap((risk) => {
    const ask = tiers[risk];
    if (!ask) return [];
    const reason = `what is ${risk} needs ${ask.count === 1 ? `the role ${ask.role}` : `${ask.count} people of the role ${ask.role}`}`;
    return [{ name: `tier-${risk}`, reason, match: { risks: [risk] }, consequence: { then: 'ask' as const, ...compileAsk(ask) } }];
  });
}

export function compileHours(
  name: string,
  written: { readonly zone: string; readonly days: readonly string[]; readonly from: string; readonly to: string },
): Hours {
  const days = written.days.map((day) => DAYS.indexOf(day) + 1);
  return { name, zone: written.zone, days, fromMinute: minuteOf(written.from), toMinute: minuteOf(written.to) };
}

function minuteOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
}

const compileConsequence = (then: RuleText['then']): Consequence =>
  typeof then === 'string' ? { then } : { then: 'ask', ...compileAsk(then.ask) };

const compileAsk = ({ step_up, ...ask }: AskText): Asking =>
  step_up === undefined ? ask : { ...ask, stepUpMs: parseDuration(step_up) ?? 0 };

/** Keys that were not given are not there. */
function compileMatch(given: MatchText | LimitText['match'], hours: HoursByName): Match {
  const { verbs, risks, kinds, tags, criticality, connectors } = given;
  const more: Partial<MatchText> = given;
  const severityBelow = more.severity_below === undefined ? undefined : SEVERITY_ID[more.severity_below];
  const outside = more.outside === undefined ? undefined : hours.get(more.outside);
  return {
    ...(verbs ? { verbs } : {}),
    ...(risks ? { risks } : {}),
    ...(kinds ? { kinds } : {}),
    ...(tags ? { tags: lower(tags) } : {}),
    ...(criticality ? { criticality } : {}),
    ...(connectors ? { connectors } : {}),
    ...(more.groups ? { groups: lower(more.groups) } : {}),
    ...(more.names ? { names: lower(more.names) } : {}),
    ...(severityBelow === undefined ? {} : { severityBelow }),
    ...(outside === undefined ? {} : { outside }),
  };
}
