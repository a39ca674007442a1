// What is hidden, and what waits: suppressions in each state, and runs that wait, one of them past its time.
import type { SuppressionRow, WaitingRun } from '../../server/contract.ts';
import type { Answer, Call } from './answers.ts';
import type { World } from './world.ts';
import type { Ago } from './world-parts.ts';

export function suppressions(ago: Ago): SuppressionRow[] {
  return [
    {
      ...{ id: 'sup_planned', title: 'New scanner', reason: 'CHG-2001', by: 'Sam Okafor', state: 'planned', hidden: 0 },
      match: { sources: ['edr'], severityBelow: 5 },
      ...{ startsAt: ago(-86_400), expiresAt: ago(-2 * 86_400) },
    },
    {
      ...{ id: 'sup_patching', title: 'Patching of the finance floor', reason: 'CHG-1234, with Noor', by: 'Sam Okafor', state: 'active' },
      match: { entities: ['host:wks-007', 'host:wks-118'], severityBelow: 5, playbooks: ['malware-on-host'] },
      ...{ startsAt: ago(3_600), expiresAt: ago(-3 * 3_600), hidden: 12, lastHiddenAt: ago(240) },
    },
    {
      ...{ id: 'sup_over', title: 'Penetration test', reason: 'agreed with the board', by: 'Made Up Ben', state: 'removed', hidden: 1_204 },
      match: { when: "alert.rule == 'R-17'" },
      ...{ startsAt: ago(9 * 86_400), expiresAt: ago(-86_400), removedAt: ago(86_400), lastHiddenAt: ago(90_000) },
    },
  ];
}

export function waits(ago: Ago): WaitingRun[] {
  return [
    {
      ...{ run: 'run_malware', title: 'Malware on wks-118', playbook: 'malware-on-host', severity_id: 5, on: 'lock', overdue: true },
      ...{ whom: 'another run that works on the same thing', detail: 'Isolate wks-204', then: 'it is tried again' },
      ...{ since: ago(1_900), until: ago(600) },
    },
    {
      ...{ run: 'run_travel', title: 'Contain a compromised account: Eve Adams', playbook: 'contain-compromised-account', severity_id: 4 },
      ...{ on: 'approval', whom: '2 people: role responder', detail: 'Disable Eve Adams', then: 'silence is a no', overdue: false },
      ...{ since: ago(120), until: ago(-780) },
    },
  ];
}

export const isOn = ({ state }: SuppressionRow): boolean => state === 'active' || state === 'planned';

export function addSuppression(world: World, { body }: Call): Answer {
  const row: SuppressionRow = {
    ...{ id: 'sup_new', title: String(body.title), reason: String(body.reason), by: world.me.name, state: 'active', hidden: 0 },
    match: { entities: ['host:wks-007'] },
    ...{ startsAt: new Date(world.nowMs).toISOString(), expiresAt: new Date(world.nowMs + 14_400_000).toISOString() },
  };
  world.suppressions = [row, ...world.suppressions];
  return { status: 201, body: row };
}

export function removeSuppression(world: World, _: Call, id: string): Answer {
  const removedAt = new Date(world.nowMs).toISOString();
  world.suppressions = world.suppressions.map((row) => (row.id === id ? { ...row, state: 'removed', removedAt } : row));
  return { status: 200, body: world.suppressions.find((row) => row.id === id) };
}
