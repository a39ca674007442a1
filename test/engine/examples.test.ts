// Playbooks that must read well (test/cases/examples): they are right as they stand, and do what a reader expects.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { simulate } from '../../engine/simulation/simulate.ts';
import type { Script } from '../../engine/simulation/simulation.ts';
import { readPlaybook } from '../../language/parse.ts';
import type { Json } from '../../language/plan.ts';
import { GIVEN } from './plans.ts';

function run(name: string, inputs: Readonly<Record<string, Json>>, script: Partial<Script>) {
  const { plan, diagnostics } = readPlaybook(readFileSync(new URL(`../cases/examples/${name}.yaml`, import.meta.url), 'utf8'), name);
  // The targets take what an alert is about without asking whether it is there: a warning, and right.
  expect(diagnostics.filter(({ code }) => code !== 'ALERT_UNGUARDED')).toEqual([]);
  if (!plan) throw new Error(`${name} cannot be read`);
  return simulate(plan, { ...GIVEN, inputs }, { answers: {}, people: [], ...script });
}
const usual = { output: {}, fails: 0, takesMs: 0, undo: 'works' } as const;

describe('a reported phish', () => {
  const messages = Array.from({ length: 200 }, (_, index) => ({ id: `msg-${index}`, from: 'a@example.test', subject: 'Invoice' }));
  const answers = { copies: { ...usual, output: { messages } } };
  const people = [
    { does: 'answer', step: 'verdict', with: 'phishing', by: 'Ben' },
    { does: 'approve', step: 'purge', by: 'Ann' },
  ] as const;

  it('is purged from two hundred mailboxes after one approval, and the ticket counts them', () => {
    const purged = run('phishing-report', { message: { id: 'msg-1' } }, { answers, people });
    expect(purged.happenings.filter(({ what }) => what === 'approved')).toHaveLength(1);
    expect(purged.results.purge).toMatchObject({ outcome: 'done', by: 'Ann', counts: { items: 200, changed: 200, failed: 0 } });
    expect(purged.finish?.outcome).toBe('completed');
  });

  it('judged as clean touches nothing', () => {
    const clean = run(
      'phishing-report',
      { message: { id: 'msg-1' } },
      { people: [{ does: 'answer', step: 'verdict', with: 'clean', by: 'Ben' }] },
    );
    expect(clean.finish?.outcome).toBe('false-positive');
    expect(clean.performed.map(({ verb }) => verb)).toEqual(['mail.search']);
  });
});

describe('ransomware on a host', () => {
  const inputs = { host: { id: 'wks-007' }, users: [{ id: 'user-007' }, { id: 'user-008' }] };

  it('acts first, then asks before it widens; nobody is paged when the host is contained', () => {
    const done = run('ransomware-host', inputs, { people: [{ does: 'approve', step: 'spread', afterMs: 60_000, by: 'Ann' }] });
    expect(done.performed.map(({ verb }) => verb)).toEqual([
      'ticket.open',
      'host.isolate',
      'user.disable',
      'session.revoke',
      'user.disable',
      'session.revoke',
    ]);
    expect(done.happenings.find(({ step }) => step === 'isolate')).toMatchObject({ what: 'changed', atMs: 0 });
  });

  it.each(['failed', 'unverified', 'unknown', 'denied'] as const)('pages when the isolation is %s', (outcome) => {
    const left = run('ransomware-host', inputs, { answers: { isolate: { ...usual, outcome } } });
    expect(left.performed.map(({ verb }) => verb)).toContain('notify.page');
  });
});
