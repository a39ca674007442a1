import { describe, expect, it } from '@jest/globals';
import type { Alert } from '../../alerts/alert.ts';
import { normalisePlain } from '../../alerts/plain.ts';
import { compareVersions } from '../../cli/backtest/compare-plans.ts';
import { NO_RECORDS, recordsOf } from '../../cli/backtest/records.ts';
import { readPlaybook } from '../../language/parse.ts';
import type { Plan } from '../../language/plan.ts';
import type { RunDetail } from '../../server/contract.ts';

const TEXT = `
playbook: contain
title: Contain
description: For tests.
owner: tests
inputs: { user: { type: user }, ip: { type: ip } }
triggers:
  - alert: { source: plain, min_severity: high }
    with: { user: "\${{ alert.users[0] }}", ip: "\${{ alert.ips[0] }}" }
steps:
  - id: reputation
    do: ip.reputation
    with: { ip: "\${{ inputs.ip }}" }
  - id: disable
    when: steps.reputation.score >= 50
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: until_released
    approve: { by: { role: responder }, within: 15m }
    on_denied: continue
  - id: ticket
    do: ticket.open
    with: { title: Contained }
`;
const planOf = (text: string): Plan => {
  const { plan, diagnostics } = readPlaybook(text, 'p.yaml');
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  return plan;
};
const published = planOf(TEXT);
const changed = (from: string, to: string): Plan => {
  expect(TEXT).toContain(from);
  return planOf(TEXT.replace(from, to));
};

const read = normalisePlain({ id: 'a', title: 'T', severity: 'high', users: [{ id: 'user-007' }], ips: ['203.0.113.50'] }, 'plain');
const alert = (read.ok ? read.alerts[0] : undefined) as Alert; // read just above

/** As the API tells a finished run; only what is read of it. */
const run = (more: { score: number; decision?: 'granted' | 'denied' }): RunDetail =>
  ({
    steps: [
      {
        key: 'reputation',
        stepId: 'reputation',
        generation: 0,
        kind: 'do',
        verb: 'ip.reputation',
        state: 'ended',
        outcome: 'read',
        input: { ip: '203.0.113.50' },
        output: { score: more.score, verdict: 'x' },
      },
    ],
    approvals: more.decision
      ? [{ stepId: 'disable', kind: 'approval', state: more.decision, requirement: { count: 1, roles: [], reasons: [] } }]
      : [],
  }) as unknown as RunDetail;

describe('a changed version', () => {
  it('that does the same is the same', () => {
    const records = recordsOf(run({ score: 80, decision: 'granted' }));
    expect(compareVersions(published, changed('title: Contained', 'title: Held'), alert, records)).toMatchObject({
      verdict: 'same',
      before: {
        effects: ['user.disable user-007, after an approval, held until a person releases it', 'ticket.open'],
        outcome: 'completed',
      },
    });
  });

  it('that asks nobody any more differs, and so does one that holds for another time', () => {
    const records = recordsOf(run({ score: 80, decision: 'granted' }));
    const unasked = compareVersions(published, changed('    approve: { by: { role: responder }, within: 15m }\n', ''), alert, records);
    expect(unasked).toMatchObject({
      verdict: 'differs',
      removed: ['user.disable user-007, after an approval, held until a person releases it'],
      added: ['user.disable user-007, without asking, held until a person releases it'],
    });
    const shorter = compareVersions(published, changed('until_released', '{ for: 1h, then: release }'), alert, records);
    expect(shorter.added).toEqual(['user.disable user-007, after an approval, held for 1 hour, then released']);
  });

  it('goes by what products answered then', () => {
    const lower = changed('>= 50', '>= 90');
    expect(compareVersions(published, lower, alert, recordsOf(run({ score: 80, decision: 'granted' })))).toMatchObject({
      verdict: 'differs',
      removed: ['user.disable user-007, after an approval, held until a person releases it'],
      added: [],
    });
    expect(compareVersions(published, lower, alert, recordsOf(run({ score: 95, decision: 'granted' }))).verdict).toBe('same');
  });

  it('goes by what people said: what they denied is not done, and without asking it would be', () => {
    const records = recordsOf(run({ score: 80, decision: 'denied' }));
    expect(compareVersions(published, published, alert, records).before.effects).toEqual(['ticket.open']);
    const unasked = compareVersions(published, changed('    approve: { by: { role: responder }, within: 15m }\n', ''), alert, records);
    expect(unasked).toMatchObject({
      verdict: 'differs',
      added: ['user.disable user-007, without asking, held until a person releases it'],
    });
  });

  it('gives what was said to an approval that is put to one person, whoever said it then', () => {
    const toOne = changed('by: { role: responder }', 'by: { person: ada }');
    const said = (decision: 'granted' | 'denied') =>
      compareVersions(toOne, toOne, alert, recordsOf(run({ score: 80, decision }))).before.effects;
    expect(said('granted')).toEqual(['user.disable user-007, after an approval, held until a person releases it', 'ticket.open']);
    expect(said('denied')).toEqual(['ticket.open']);
    const stops = changed('by: { role: responder }, within: 15m }\n    on_denied: continue', 'by: { person: ada }, within: 15m }');
    const denied = compareVersions(stops, stops, alert, recordsOf(run({ score: 80, decision: 'denied' })));
    expect(denied.before.outcome).toBe('denied');
  });

  it('that asks what was never asked is not guessed at', () => {
    const more = changed('  - id: ticket', '  - id: known\n    do: user.lookup\n    with: { user: "${{ inputs.user }}" }\n  - id: ticket');
    expect(compareVersions(published, more, alert, recordsOf(run({ score: 80, decision: 'granted' })))).toMatchObject({
      verdict: 'unknown',
      unknown: ['what user.lookup would have answered about user-007'],
    });
  });

  it('that no longer starts is told with its reason', () => {
    const stricter = changed('min_severity: high', 'min_severity: critical');
    expect(compareVersions(published, stricter, alert, NO_RECORDS)).toMatchObject({
      verdict: 'differs',
      after: { starts: false, why: expect.stringContaining('severity high < critical') },
    });
  });

  describe('that asks the same more than once', () => {
    const looks = (...ids: readonly string[]) =>
      planOf(
        TEXT.replace(
          '  - id: disable\n',
          `${ids.map((id) => `  - { id: ${id}, do: ip.reputation, with: { ip: "\${{ inputs.ip }}" } }\n`).join('')}  - id: disable\n`,
        ),
      );
    const [step] = run({ score: 0 }).steps;
    const asked = (...rows: readonly (readonly [key: string, score: number])[]): RunDetail =>
      ({
        ...run({ score: 0, decision: 'granted' }),
        steps: rows.map(([key, score]) => ({ ...step, key, stepId: key, output: { score, verdict: 'x' } })),
      }) as unknown as RunDetail;

    it('gets for each step what it got then, not what the last one got', () => {
      const records = recordsOf(asked(['reputation', 80], ['again', 10]));
      const { before } = compareVersions(looks('again'), looks('again'), alert, records);
      expect(before.effects).toEqual(['user.disable user-007, after an approval, held until a person releases it', 'ticket.open']);
      expect(before.borrowed).toEqual([]);
    });

    it('borrows for a new step, one after the other, and says so', () => {
      const records = recordsOf(asked(['first', 80], ['second', 10]));
      const { after, verdict } = compareVersions(looks('again'), looks('again', 'more'), alert, records);
      expect(verdict).toBe('same');
      expect(after.effects).toContain('user.disable user-007, after an approval, held until a person releases it');
      expect(after.borrowed).toEqual([
        'reputation: ip.reputation as it answered first',
        'again: ip.reputation as it answered second',
        'more: ip.reputation as it answered second',
      ]);
    });
  });

  it.each([
    ['that is a reference to a large one', { reference: 'run/x', bytes: 40_000 }],
    ['of a step that has not ended', undefined],
  ])('does not take an answer %s for an answer', (_, output) => {
    const [step] = run({ score: 80 }).steps;
    const odd = { ...run({ score: 80 }), steps: [{ ...step, output, state: output ? 'ended' : 'waiting' }] } as unknown as RunDetail;
    expect(
      recordsOf(odd)
        .answers()
        .to({ key: 'k', id: 'k', verb: 'ip.reputation', params: { ip: '203.0.113.50' } }),
    ).toBeUndefined();
  });
});
