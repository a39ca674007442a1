// policy.tests.yaml: made-up effects and what the policy must decide about them. Read beside its policy.
import { z } from 'zod';
import { type Diagnostic, isClean } from '../diagnostics.ts';
import { didYouMean } from '../nearest.ts';
import type { Json } from '../plan.ts';
import { createReporter, type Report } from '../report.ts';
import { reportIssues } from '../schema/issues.ts';
import { SEVERITY_ID } from '../severity.ts';
import { VERBS } from '../verbs.ts';
import { readYaml } from '../yaml-text.ts';
import { readInstant } from './instant.ts';

const ROLES = ['viewer', 'analyst', 'responder', 'engineer', 'admin'] as const;
const names = z.array(z.string().min(1)).max(100);

const target = z
  .union([
    z.string().min(1).meta({ description: 'A name: what the inventory says of it counts.' }),
    z.strictObject({
      names: names.min(1).meta({ description: 'Its exact names; the first is shown.' }),
      tags: names.default([]).meta({ description: 'Its tags.' }),
      groups: names.default([]).meta({ description: 'Its groups.' }),
      criticality: z.enum(['low', 'medium', 'high', 'critical']).optional().meta({ description: 'How critical it is.' }),
    }),
  ])
  .meta({ description: 'What it is done to: a name from the inventory, or everything that is known of it.' });

export const effect = z
  .strictObject({
    verb: z.string().meta({ description: 'The verb: host.isolate.' }),
    target: target.optional(),
    connector: z.string().default('').meta({ description: 'Through which connector.' }),
    severity: z
      .enum(['informational', 'low', 'medium', 'high', 'critical', 'fatal'])
      .default('high')
      .meta({ description: 'Of the run. Default: high.' }),
    mode: z.enum(['ask', 'act']).default('act').meta({ description: "Of the playbook's version. Default: act." }),
    at: z
      .string()
      .default('2026-01-05T12:00:00Z')
      .meta({ description: 'When: 2026-12-24T18:00:00+01:00. Default: a Monday at noon, UTC.' }),
    started_by: names.default([]).meta({ description: 'Exact names of the person who started the run by hand.' }),
    ourselves: names.default([]).meta({ description: 'Exact names and addresses of the machine that Cordon runs on.' }),
    used: z
      .record(z.string(), z.int().min(0))
      .default({})
      .meta({ description: 'By limit: how many effects there were in its window. Default: none.' }),
  })
  .meta({ description: 'The effect.' });

const decision = z.union([
  z.enum(['allow', 'ask', 'deny']),
  z.strictObject({ ask: z.strictObject({ role: z.enum(ROLES), count: z.int().min(1).max(10).default(1) }) }),
]);

const policyCase = z
  .strictObject({
    case: z.string().min(1).max(200).meta({ description: 'What must hold, as a sentence.' }),
    effect,
    expect: decision.meta({ description: 'allow, ask, deny, or ask: { role, count } exactly.' }),
    rule: z.string().optional().meta({ description: 'The rule that decides it; of an ask, one of those that ask.' }),
  })
  .meta({ description: 'One case.' });

export const policyCases = z.strictObject({
  cases: z.array(policyCase).min(1).max(1000).meta({ description: 'The cases, each on its own.' }),
});

export interface PolicyCase extends Omit<z.output<typeof policyCase>, 'effect'> {
  readonly effect: z.output<typeof effect> & { readonly atMs: number; readonly severityId: number };
  /** From 1. */
  readonly line: number;
}

export interface PolicyCasesReading {
  /** Absent when there is an error. */
  readonly cases?: readonly PolicyCase[];
  readonly diagnostics: readonly Diagnostic[];
}

/** `limits`: the names that the policy has. */
export function readPolicyCases(text: string, file: string, limits: readonly string[]): PolicyCasesReading {
  const { yaml, diagnostics } = readYaml(text, file);
  if (!yaml) return { diagnostics };
  const reporter = createReporter(yaml, file, diagnostics, 'policy.md');
  const raw = yaml.value;
  const list = typeof raw === 'object' && raw !== null && !Array.isArray(raw) ? Reflect.get(raw, 'cases') : undefined;
  const outer = policyCases.safeParse(Array.isArray(list) && list.length > 0 ? { ...(raw as object), cases: [EMPTY] } : raw);
  if (!outer.success) reportIssues(reporter.report, outer.error.issues, raw, [], { keys: ['cases'], schema: policyCases });
  const cases = (Array.isArray(list) ? list : []).flatMap((value: Json, index: number) => readCase(value, index, reporter.report, limits));
  const found = reporter.list();
  const placed = cases.map(({ index, ...one }) => ({ ...one, line: yaml.place(['cases', index]).line }));
  return isClean(found) ? { cases: placed, diagnostics: found } : { diagnostics: found };
}

const EMPTY = { case: 'x', effect: { verb: 'x' }, expect: 'allow' };

function readCase(value: Json, index: number, report: Report, limits: readonly string[]) {
  const path = ['cases', index];
  const parsed = policyCase.safeParse(value);
  if (!parsed.success) {
    reportIssues(report, parsed.error.issues, value, path, { keys: Object.keys(policyCase.shape), schema: policyCase });
    return [];
  }
  const { verb, at, used, severity } = parsed.data.effect;
  const unknown = (word: string, known: readonly string[]) => ({ hint: () => didYouMean(word, known) });
  if (!Object.hasOwn(VERBS, verb))
    report('VERB_UNKNOWN', [...path, 'effect', 'verb'], `there is no verb \`${verb.slice(0, 60)}\``, unknown(verb, Object.keys(VERBS)));
  for (const name of Object.keys(used)) {
    if (limits.includes(name)) continue;
    report('NAME_UNKNOWN', [...path, 'effect', 'used', name], `the policy has no limit \`${name.slice(0, 60)}\``, {
      part: 'key',
      ...unknown(name, limits),
    });
  }
  const atMs = readInstant(at);
  if (atMs === undefined) {
    report('VALUE_INVALID', [...path, 'effect', 'at'], `\`${at.slice(0, 60)}\` is no instant`, {
      hint: 'with its zone: 2026-12-24T18:00:00+01:00',
    });
    return [];
  }
  return [{ ...parsed.data, effect: { ...parsed.data.effect, atMs, severityId: SEVERITY_ID[severity] }, index }];
}
