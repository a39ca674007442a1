// What policy would decide now, for people. Nothing is done and nothing is recorded: the decision that counts is made at the effect.
import { z } from 'zod';
import { isSeverityWord, SEVERITY_ID } from '../../language/severity.ts';
import { VERBS } from '../../language/verbs.ts';
import { decide, heard, limitsOf } from '../../policy/decide.ts';
import { readClocks, WALL_CLOCK } from '../../policy/hours.ts';
import { mergeEntries, protectionOf } from '../../policy/inventory.ts';
import type { Asking } from '../../policy/policy.ts';
import { breakGlassNames } from '../../store/break-glass.ts';
import { readPlaces } from '../../store/limits.ts';
import type { PolicyExplained } from '../contract.ts';
import type { PolicyInForce } from '../deps.ts';
import { problem } from '../problems.ts';
import type { Routes } from './route.ts';

const query = z.strictObject({
  verb: z.string().max(80),
  target: z.string().min(1).max(500).describe('An exact name of the target.'),
  connector: z.string().max(63).default(''),
  severity: z.string().max(20).default('high'),
});

export const policyRoutes: Routes = (app, { deps }) => {
  app.get(
    '/policy/explain',
    { schema: { tags: ['policy'], summary: 'What would be decided about an effect now', querystring: query } },
    async (request) => {
      const { verb, target: name, connector, severity } = request.query;
      const inForce = deps.policyInForce;
      if (!inForce) throw problem('NOT_READY', 'This process has no policy yet.');
      const about = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
      if (!about) throw problem('INVALID_INPUT', `There is no verb ${verb}.`);
      if (!isSeverityWord(severity)) throw problem('INVALID_INPUT', `There is no severity ${severity}.`);
      const target = targetOf(inForce, about.params[about.target ?? '']?.type ?? '', name);
      const now = deps.now();
      const policy = inForce.policy();
      const known = {
        verb,
        risk: about.risk,
        connector,
        mode: 'act' as const,
        severityId: SEVERITY_ID[severity],
        target: target.facts,
        nowMs: now.getTime(),
        clocks: readClocks(policy.zones, (timeZone) => new Intl.DateTimeFormat('en-GB', { ...WALL_CLOCK, timeZone }).format(now)),
        requester: [],
        breakGlass: await breakGlassNames(deps.store.db),
        ourselves: inForce.ourselves(),
      };
      const limits = limitsOf(policy, known);
      const used = await readPlaces(deps.store.db, { runId: '', key: '' }, limits);
      const facts = { ...known, used };
      const decision = decide(policy, facts);
      const { effect, rule, reason } = decision;
      return {
        verb,
        risk: about.risk,
        target: target.shown,
        decision: {
          effect,
          rule,
          reason,
          ...(decision.effect === 'ask' ? { requirement: asked(decision.requirement) } : {}),
        },
        rules: heard(policy, facts).map((one) => ({ name: one.name, reason: one.reason, then: one.consequence.then })),
        limits: limits.map(({ name: limit, atMost, withinMs }) => ({ name: limit, used: used[limit] ?? 0, atMost, withinMs })),
        policy: policy.digest,
        at: now.toISOString(),
      } satisfies PolicyExplained;
    },
  );
};

const asked = ({ count, role, stepUpMs }: Asking) => ({ count, role, ...(stepUpMs === undefined ? {} : { stepUpMs }) });

function targetOf({ inventory }: PolicyInForce, kind: string, written: string) {
  const name = written.normalize('NFC').toLowerCase();
  const entries = inventory().find(kind, [name]);
  const entry = entries[0] && entries.length > 1 ? mergeEntries(entries[0], entries) : entries[0];
  const names = [...new Set([name, ...(entry ? [entry.name.toLowerCase(), ...entry.aliases] : [])])];
  const known = { key: entry?.key ?? `${kind}:${name}`, ...protectionOf(inventory(), kind, names, entry) };
  return { facts: { ...known, kind, names }, shown: { ...known, name: entry?.name ?? written, known: entry !== undefined } };
}
