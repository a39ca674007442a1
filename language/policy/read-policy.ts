// policy.yaml to a checked policy. Every fault in one run, with its place; never throws. A rule that is misspelt protects nothing, so nothing is passed over.
import type { Hours, Limit, Policy, Rule } from '../../policy/policy.ts';
import { type Diagnostic, type DiagnosticCode, isClean } from '../diagnostics.ts';
import { parseDuration } from '../duration.ts';
import { didYouMean } from '../nearest.ts';
import type { Json } from '../plan.ts';
import { createReporter, type Report } from '../report.ts';
import { reportIssues } from '../schema/issues.ts';
import { VERBS } from '../verbs.ts';
import { type Path, readYaml } from '../yaml-text.ts';
import { compileFreeze, compileHours, compileLimit, compileRule, compileTiers, type HoursByName, lower } from './compile.ts';
import { forbidden, freeze, hours as hoursSchema, limit, policyFile, rule } from './schema.ts';

/** A policy without the digest of its text, which is the shell's to make. */
export type PolicyContent = Omit<Policy, 'digest'>;

export interface PolicyReading {
  /** Absent when there is an error. */
  readonly policy?: PolicyContent;
  readonly diagnostics: readonly Diagnostic[];
}

/** What only others know: which time zones there are, what is an address. */
export interface PolicyKnowledge {
  readonly isZone: (name: string) => boolean;
  readonly isNetwork: (text: string) => boolean;
  /** Where the policy names no forbidden tags. */
  readonly forbiddenTags: readonly string[];
  /** Names that decisions use for themselves. */
  readonly reservedNames: readonly string[];
}

const SEVERAL = { rules: rule, limits: limit, freezes: freeze } as const;

/** `file` is how diagnostics name it. */
export function readPolicy(text: string, file: string, knowledge: PolicyKnowledge): PolicyReading {
  const reading = readYaml(text, file);
  if (!reading.yaml) return { diagnostics: reading.diagnostics };
  const reporter = createReporter(reading.yaml, file, reading.diagnostics, 'policy.md');
  const policy = readContent(reading.yaml.value, reporter.report, knowledge);
  const diagnostics = reporter.list();
  return policy && isClean(diagnostics) ? { policy, diagnostics } : { diagnostics };
}

function readContent(raw: Json, report: Report, knowledge: PolicyKnowledge): PolicyContent | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    report('VALUE_TYPE', [], 'a policy must be a map', { hint: 'it begins: rules:' });
    return undefined;
  }
  // Narrowed above; Array.isArray does not take readonly arrays away.
  const record = raw as Readonly<Record<string, Json>>;
  const hours = readHours(record.hours, report, knowledge);
  const names = uniqueNames(report, knowledge.reservedNames);
  const rules = items(record, 'rules', report).flatMap(({ value, path }) => {
    const parsed = rule.safeParse(value);
    if (!parsed.success) return said(report, parsed.error.issues, value, path, rule);
    names(parsed.data.name, path);
    checkMatch(report, parsed.data.match, path, hours);
    return [compileRule(parsed.data, hours)];
  });
  const limits = items(record, 'limits', report).flatMap(({ value, path }) => {
    const parsed = limit.safeParse(value);
    if (!parsed.success) return said(report, parsed.error.issues, value, path, limit);
    names(parsed.data.name, path);
    checkMatch(report, parsed.data.match, path, hours);
    return [compileLimit(parsed.data)];
  });
  const freezes = items(record, 'freezes', report).flatMap(({ value, path }) => {
    const parsed = freeze.safeParse(value);
    if (!parsed.success) return said(report, parsed.error.issues, value, path, freeze);
    names(parsed.data.name, path);
    checkMatch(report, parsed.data.match, path, hours);
    const compiled = compileFreeze(parsed.data, hours);
    if ('fault' in compiled) report(compiled.code, [...path, compiled.at], compiled.fault, { hint: compiled.hint });
    return 'fault' in compiled ? [] : [compiled];
  });
  const never = forbidden.safeParse(record.forbidden ?? {});
  for (const [index, network] of (never.data?.networks ?? []).entries()) {
    if (knowledge.isNetwork(network)) continue;
    report('VALUE_INVALID', ['forbidden', 'networks', index], `\`${network.slice(0, 60)}\` is no network`, {
      hint: 'an address, or a network such as 10.0.0.0/8 with no bits behind its prefix',
    });
  }
  const rest = policyFile.safeParse({ ...record, rules: [], limits: [], freezes: [], hours: {} });
  if (!rest.success) return void said(report, rest.error.issues, record, [], policyFile);
  return complete({ rest: rest.data, rules: [...rules, ...freezes], limits, hours, knowledge });
}

interface Parts {
  readonly rest: ReturnType<typeof policyFile.parse>;
  readonly rules: readonly Rule[];
  readonly limits: readonly Limit[];
  readonly hours: HoursByName;
  readonly knowledge: PolicyKnowledge;
}

function complete({ rest, rules, limits, hours, knowledge }: Parts): PolicyContent {
  const never = rest.forbidden;
  return {
    rules: [...rules, ...compileTiers(rest.tiers)],
    limits,
    forbidden: {
      tags: lower(never.tags ?? knowledge.forbiddenTags),
      names: lower(never.names ?? []),
      networks: never.networks ?? [],
      domains: lower(never.domains ?? []),
    },
    zones: [...new Set([...hours.values()].map((one: Hours) => one.zone))],
    approvalWithinMs: parseDuration(rest.approvals.within) ?? 0,
    approvalUseByMs: parseDuration(rest.approvals.use_by) ?? 0,
    ...(rest.approvals.author_may_approve ? { authorMayApprove: true } : {}),
    renewalConfirmAfterMs: parseDuration(rest.holds.confirm_after) ?? 0,
  };
}

interface Item {
  readonly value: Json;
  readonly path: Path;
}

/** Each item of a list alone, so that a fault in one does not hide those of the others. */
function items(record: Readonly<Record<string, Json>>, section: keyof typeof SEVERAL, report: Report): Item[] {
  const list = record[section];
  if (list === undefined || list === null) return [];
  if (!Array.isArray(list)) {
    report('VALUE_TYPE', [section], `\`${section}\` must be a list`);
    return [];
  }
  return list.map((value: Json, index) => ({ value, path: [section, index] }));
}

type Issues = Parameters<typeof reportIssues>[1];

function said(
  report: Report,
  issues: Issues,
  value: Json,
  path: Path,
  schema: Parameters<typeof reportIssues>[4]['schema'] & object,
): never[] {
  const keys = 'shape' in schema && typeof schema.shape === 'object' && schema.shape !== null ? Object.keys(schema.shape) : [];
  reportIssues(report, issues, value, path, { keys, schema });
  return [];
}

function readHours(raw: Json | undefined, report: Report, knowledge: PolicyKnowledge): HoursByName {
  const found = new Map<string, Hours>();
  if (raw === undefined || raw === null) return found;
  if (typeof raw !== 'object' || Array.isArray(raw)) {
    report('VALUE_TYPE', ['hours'], '`hours` must be a map of names');
    return found;
  }
  for (const [name, value] of Object.entries(raw)) {
    const path = ['hours', name];
    if (!/^[a-z][a-z0-9-]{0,39}$/.test(name))
      report('NAME_INVALID', path, `\`${name.slice(0, 60)}\` must be small letters, digits and -`, { part: 'key' });
    const parsed = hoursSchema.safeParse(value);
    if (!parsed.success)
      said(report, parsed.error.issues, value as Json, path, hoursSchema); // a member of JSON is JSON
    else if (!knowledge.isZone(parsed.data.zone)) {
      report('VALUE_UNKNOWN', [...path, 'zone'], `there is no time zone \`${parsed.data.zone.slice(0, 60)}\``, {
        hint: 'Europe/Berlin, UTC',
      });
    } else if (parsed.data.from === parsed.data.to) {
      report('TIME_ORDER', [...path, 'to'], 'the hours end when they begin', { hint: 'the whole day is from 00:00 to 24:00' });
    } else found.set(name, compileHours(name, parsed.data));
  }
  return found;
}

/** Reports the second of two names, and those that decisions need for themselves. */
function uniqueNames(report: Report, reserved: readonly string[]): (name: string, path: Path) => void {
  const seen = new Set<string>();
  return (name, path) => {
    if (reserved.includes(name)) report('NAME_INVALID', [...path, 'name'], `\`${name}\` is a name that decisions use for themselves`);
    if (seen.has(name))
      report('NAME_INVALID', [...path, 'name'], `two rules are named \`${name}\``, { hint: 'give one of them another name' });
    seen.add(name);
  };
}

const KINDS = ['user', 'host', 'ip', 'domain', 'url', 'file', 'message', 'ticket', 'channel', 'service'];

interface MatchText {
  readonly verbs?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly outside?: string | undefined;
}

function checkMatch(report: Report, match: MatchText, path: Path, hours: ReadonlyMap<string, unknown>): void {
  const known = (code: DiagnosticCode, key: 'verbs' | 'kinds', there: readonly string[], what: string): void => {
    for (const [index, word] of (match[key] ?? []).entries()) {
      if (there.includes(word)) continue;
      const hint = () => didYouMean(word, there);
      report(code, [...path, 'match', key, index], `there is no ${what} \`${word.slice(0, 60)}\``, { hint });
    }
  };
  known('VERB_UNKNOWN', 'verbs', Object.keys(VERBS), 'verb');
  known('VALUE_UNKNOWN', 'kinds', KINDS, 'kind of target');
  if (match.outside === undefined || hours.has(match.outside)) return;
  const { outside } = match;
  const hint = () => didYouMean(outside, hours.keys()) ?? 'name them under `hours`';
  report('NAME_UNKNOWN', [...path, 'match', 'outside'], `there are no hours \`${match.outside.slice(0, 60)}\``, { hint });
}
