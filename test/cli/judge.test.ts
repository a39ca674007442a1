import { expect, it } from '@jest/globals';
import { judgeBy } from '../../cli/judge.ts';
import type { PerformItem } from '../../engine/command.ts';
import type { Policy } from '../../policy/policy.ts';

const policy: Policy = {
  digest: '',
  rules: [],
  limits: [
    {
      name: 'few',
      reason: 'Few at once.',
      match: { verbs: ['user.disable'] },
      atMost: 2,
      withinMs: 3_600_000,
      consequence: { then: 'deny' },
    },
  ],
  forbidden: { tags: [], names: [], networks: [], domains: [] },
  zones: [],
  approvalUseByMs: 3_600_000,
  approvalWithinMs: 1_800_000,
};
const disable = (key: string): PerformItem => ({ key, id: 'disable', verb: 'user.disable', params: { user: { id: key } } });

it('a loop that goes past a limit is refused at the place where it would be in production', () => {
  const judge = judgeBy({ policy, inventory: { find: () => [] }, mode: 'act', severityId: 4 });
  const words = ['a', 'b', 'c', 'd'].map((key) => judge.effect(disable(key), undefined, false));
  expect(words.map((one) => [one.kind, one.policy?.rule])).toEqual([
    ['allow', 'default'],
    ['allow', 'default'],
    ['deny', 'few'],
    ['deny', 'few'],
  ]);
});

it('one decision over a group asks for as many people as the effect that goes past a limit wants', () => {
  const wish = { by: { role: 'responder', count: 1 }, withinMs: 60_000, remindMs: [] };
  const asking = { then: 'ask', count: 2, role: 'responder' } as const;
  const limits = policy.limits.map((limit) => ({ ...limit, atMost: 1, consequence: asking }));
  const judge = judgeBy({ policy: { ...policy, limits }, inventory: { find: () => [] }, mode: 'act', severityId: 4 });
  const gate = (...keys: readonly string[]) => judge.gate(keys.map(disable), wish);
  expect(gate('a')).toMatchObject({ approve: { by: { count: 1 } } });
  expect(gate('a', 'b')).toMatchObject({ approve: { by: { count: 2 } } });
  // Only shown: nobody has taken a place yet.
  expect(gate('c')).toMatchObject({ approve: { by: { count: 1 } } });
});

it('one run does not use up what another has', () => {
  const ground = { policy, inventory: { find: () => [] }, mode: 'act', severityId: 4 } as const;
  for (const judge of [judgeBy(ground), judgeBy(ground)]) {
    expect(['a', 'b'].map((key) => judge.effect(disable(key), undefined, false).kind)).toEqual(['allow', 'allow']);
  }
});

it.each(['constructor', 'toString'])('a limit may be called %s', (name) => {
  const limits = policy.limits.map((limit) => ({ ...limit, name }));
  const judge = judgeBy({ policy: { ...policy, limits }, inventory: { find: () => [] }, mode: 'act', severityId: 4 });
  const kinds = ['a', 'b', 'c'].map((key) => judge.effect(disable(key), undefined, false).kind);
  expect(kinds).toEqual(['allow', 'allow', 'deny']);
});
