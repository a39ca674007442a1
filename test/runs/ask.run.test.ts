import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Rows } from '../../language/rows.ts';
import { expireDue } from '../../store/approvals.ts';
import { ALLOWING_POLICY, playbookFolder } from './bare-playbooks.ts';
import { startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const review = `playbook: review
title: Who still needs access?
owner: tests
inputs: { users: { type: user, list: true } }
triggers:
  - alert: { source: [plain] }
    with: { users: "\${{ alert.users }}" }
steps:
  - id: why
    ask:
      to: { role: analyst }
      title: Why is this looked at?
      form:
        reason: { type: text, max: 40 }
        until: { type: date, default: "2026-12-31" }
      within: 1h
      else: { reason: nobody said }
  - id: review
    ask:
      to: { role: analyst }
      title: Who still needs access?
      rows: { of: "\${{ inputs.users }}", choices: [keep, remove] }
      within: 14d
      else: remove
  - id: stay
    when: steps.review.rows.exists(r, r.of.id == 'user-301' && r.answer == 'keep') && steps.why.answer.until == '2026-12-31'
    do: user.disable
    with: { user: user-302 }
    hold: until_released
`;

let world: World;
beforeAll(async () => {
  world = await startWorld({ playbooks: playbookFolder({ review }), policy: ALLOWING_POLICY });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
});

const users = [{ id: 'user-301' }, { id: 'user-302' }];
const rowsOf = (asked: unknown): Rows => (asked as { rows: Rows }).rows;
const isDisabled = async (user: string) => (await world.effects()).some((effect) => effect.endsWith(` ${user}`));

describe('a question with a form and one with rows', () => {
  it('are answered, and the run does what the answers say', async () => {
    const run = await world.run(await world.alert({ title: 'A review', users }));
    const why = await world.approval(run.id, 'question');
    await world.decide(why, 'answer', { answer: { reason: 'a drill', until: '2026-12-31' } });
    const rows = await world.approval(run.id, 'question');
    const { items } = rowsOf(rows.asked);
    expect(items.map(({ of }) => of)).toMatchObject(users);
    await world.decide(rows, 'answer', { answer: Object.fromEntries(items.map(({ id }, index) => [id, index === 0 ? 'keep' : 'remove'])) });
    expect(await world.ended(run.id)).toMatchObject({ state: 'completed', error: null });
    expect(await isDisabled('user-302')).toBe(true);
  });

  it('are filled by silence as the playbook wrote', async () => {
    const run = await world.run(await world.alert({ title: 'Another review', users: [{ id: 'user-303' }] }));
    for (const key of ['why', 'review']) {
      const { id } = await world.approval(run.id, 'question');
      await world.store.db
        .updateTable('approvals')
        .set({ expires_at: new Date(Date.now() - 1000) })
        .where('id', '=', id)
        .execute();
      await expireDue(world.store.db, new Date());
      world.store.wake('outbox');
      await world.approval(run.id, 'question', 'expired');
      expect((await world.steps(run.id)).map((step) => step.key)).toContain(key);
    }
    expect(await world.ended(run.id)).toMatchObject({
      state: 'completed',
      outcomes: { why: 'answered', review: 'answered', stay: 'skipped' },
    });
  });

  it('are checked by the run again, whoever wrote the answer into the store', async () => {
    const run = await world.run(await world.alert({ title: 'Answers that nobody checked', users }));
    await world.decide(await world.approval(run.id, 'question'), 'answer', { answer: { reason: 'x'.repeat(41), until: 'never' } });
    expect(await world.ended(run.id)).toMatchObject({ state: 'failed', error: { code: 'ANSWER_UNKNOWN' } });
  });
});
