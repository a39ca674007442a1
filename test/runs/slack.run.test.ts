// From a gate to Slack and back, through the real parts: asked there, a signed click, the effect, and what the message says afterwards.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Messenger, startMessenger } from '../../channels/messenger.ts';
import { oweApprovalMessages } from '../../channels/owe.ts';
import { ports } from '../../connectors/ports.ts';
import { type OpenConnectors, openConnectors } from '../../connectors/registry.ts';
import { newSessionToken, tokenHash } from '../../server/secrets.ts';
import { createPerson } from '../../store/people.ts';
import { openSession } from '../../store/sessions.ts';
import { clickBody, clickHeaders, linkIn } from '../channels/slack-click.ts';
import { api, type Harness, ORIGIN, startHarness } from '../server/harness.ts';
import { ALLOWING_POLICY, bothOf, playbookFolder } from './bare-playbooks.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const SIGNING = 'made-up-slack-signing-secret';
const guarded = `playbook: guarded
title: Disable an account and isolate a host
owner: tests
inputs: { user: { type: user }, host: { type: host } }
triggers:
  - alert: { source: [plain] }
    with: { user: "\${{ alert.users[0] }}", host: "\${{ alert.hosts[0] }}" }
steps:
  - id: contain
    approve:
      by: { role: responder }
      within: 1h
      remind: [5m]
      escalate: [{ after: 10m, to: { role: engineer } }, { after: 20m, to: { role: admin } }]
    group:
      - { id: disable, do: user.disable, with: { user: "\${{ inputs.user }}" }, hold: { for: 24h, then: ask } }
      - { id: isolate, do: host.isolate, with: { host: "\${{ inputs.host }}" }, hold: { for: 24h, then: ask } }
`;

let world: World;
let server: Harness;
let connectors: OpenConnectors;
let messenger: Messenger;
beforeAll(async () => {
  let owe: (payload: unknown) => Promise<void> = async () => undefined;
  world = await startWorld({
    playbooks: playbookFolder({ guarded }),
    policy: ALLOWING_POLICY,
    notify: async ({ payload }) => await owe(payload),
  });
  const { slack = '', pagerduty = '' } = world.tokens;
  const { url } = world.range;
  connectors = openConnectors(
    [
      { id: 'slack', type: 'slack', url: `${url}/slack`, token: 'env:SLACK', signing_secret: 'env:SIGNING' },
      { id: 'pager', type: 'pagerduty', url: `${url}/pagerduty`, token: 'env:PAGER', api_token: 'env:PAGER' },
    ],
    ports({ guard: world.guard, secrets: { env: { SLACK: slack, PAGER: pagerduty, SIGNING }, folder: world.folder } }),
  );
  const channels = {
    ...{ store: world.store, connectors, consoleUrl: 'https://cordon.example.test', owner: 'test', log: world.deps.log },
    ...{
      channels: [{ connector: 'slack', to: 'C0SOC' }],
      directory: world.deps.directory,
      pages: { to: [{ connector: 'pager', to: 'service' }], otherwise: [] },
    },
    ...{ random: () => 0, now: () => new Date() },
  };
  owe = async (payload) => await oweApprovalMessages(channels, payload);
  messenger = startMessenger(channels, 100);
  server = await startHarness({
    store: world.store,
    now: () => new Date(),
    clicks: [{ connector: 'slack', secrets: async () => [SIGNING] }],
  });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await messenger.stop();
  await connectors.close();
  await server.app.close();
  await world.close();
});

const click = async (approval: { readonly id: string; readonly digest: string }, action: 'approve' | 'deny' = 'approve') => {
  const body = clickBody({ approvalId: approval.id, digest: approval.digest, action });
  const headers = clickHeaders(body, SIGNING, new Date());
  expect((await server.app.inject({ method: 'POST', url: '/channels/slack/clicks', headers, payload: body })).statusCode).toBe(200);
};
const inSlack = async () => (await world.record()).filter((line) => line.product === 'slack' && line.after !== null);
/** What stands there now under the message that asked about this. */
const shown = async (about: string): Promise<string | undefined> => {
  const lines = await inSlack();
  const asked = lines.find((line) => line.target?.startsWith('C0SOC:') && JSON.stringify(line.after).includes(about));
  return asked && JSON.stringify(lines.findLast((line) => line.target === asked.target)?.after);
};
const says = async (about: string, words: string): Promise<string> =>
  await eventually(async () => {
    const text = await shown(about);
    return text?.includes(words) ? text : undefined;
  }, `Slack to say "${words}"`);
const start = async (number: number) => {
  const run = await world.run(await world.alert(bothOf(`user-${number}`, `wks-${number}`)));
  return { run, approval: await world.approval(run.id, 'approval') };
};
const effectsOn = async (number: number) => (await world.effects()).filter((effect) => effect.endsWith(`-${number}`));
const pager = async () =>
  (await world.record()).filter((line) => line.product === 'pagerduty' && line.status === 202).map((line) => line.effect);

/** Eve signs in to the console and says that the account in Slack is hers. */
async function bindEve(): Promise<void> {
  const login = 'eve.adams@example.test';
  const eve = await createPerson(
    world.store.db,
    { login, name: 'Eve Adams', role: 'responder', passwordHash: 'made-up', oneTime: false },
    new Date(),
  );
  const cookie = newSessionToken();
  await openSession(world.store.db, tokenHash(cookie), eve?.id ?? '', new Date());
  const whisper = await eventually(
    async () => (await inSlack()).findLast((line) => line.effect === 'whisper' && line.target?.startsWith('only:U0EVE:')),
    'the link that only Eve sees',
  );
  const answer = await server.app.inject({
    ...{ method: 'POST', url: '/api/v1/me/identities', headers: { origin: ORIGIN }, cookies: { cordon_session: cookie } },
    payload: { token: linkIn(JSON.stringify(whisper.after)) },
  });
  expect(answer.statusCode).toBe(201);
}

describe('an approval in Slack', () => {
  it('is asked for with buttons; a click of nobody known decides nothing, one of a bound person is the approval, and the message says what came of it', async () => {
    const { run, approval } = await start(361);
    expect(await says('wks-361', '"action_id":"approve"')).toContain('user-361');
    await click(approval);
    await bindEve();
    expect(await world.store.db.selectFrom('approvals').select('state').where('id', '=', approval.id).executeTakeFirst()).toEqual({
      state: 'open',
    });
    expect(await effectsOn(361)).toEqual([]);

    world.noteDecision({ id: approval.id, digest: approval.digest, runId: run.id, who: 'eve' });
    await click(approval);
    expect(await world.ended(run.id)).toMatchObject({ state: 'completed' });
    expect((await effectsOn(361)).sort()).toEqual(['disable user-361', 'isolate wks-361']);
    const text = await says('wks-361', 'verified by reading back at');
    expect(text).toContain('Approved by Eve Adams');
    expect(text).toContain(`npx cordon runs undo ${run.id}`);
    expect(text).not.toContain('"action_id":"approve"');
    expect(await world.audit(run.id)).toEqual(expect.arrayContaining(['approval.decision', 'approval.granted', 'effect.outcome']));
  }, 60_000);

  it('that is denied there does nothing, and the message says by whom', async () => {
    const { run, approval } = await start(362);
    await says('wks-362', '"action_id":"deny"');
    await click(approval, 'deny');
    await world.ended(run.id);
    await says('wks-362', 'Denied by Eve Adams');
    expect(await effectsOn(362)).toEqual([]);
  }, 60_000);
});

describe('an approval that nobody decides', () => {
  it('is reminded of, then escalated and somebody is woken; "I have it" puts off who is next and not its end; the decision ends the page', async () => {
    const { run, approval } = await start(363);
    const passes = async (minutes: number) => {
      const { db } = world.store;
      const earlier = (at: Date) => new Date(at.getTime() - minutes * 60_000);
      for (const step of await db
        .selectFrom('escalations')
        .selectAll()
        .where('approval_id', '=', approval.id)
        .where('told', '=', false)
        .execute())
        await db
          .updateTable('escalations')
          .set({ at: earlier(step.at) })
          .where('approval_id', '=', approval.id)
          .where('step', '=', step.step)
          .execute();
      const row = await db.selectFrom('approvals').selectAll().where('id', '=', approval.id).executeTakeFirstOrThrow();
      await db
        .updateTable('approvals')
        .set({ remind_at: row.remind_at.map(earlier) })
        .where('id', '=', approval.id)
        .execute();
      await world.dispatch.sweep();
      await world.dispatch.idle();
    };
    await says('wks-363', '"action_id":"approve"');
    await passes(6);
    const said = async (words: string) =>
      await eventually(async () => (await inSlack()).find((line) => JSON.stringify(line.after).includes(words)), `"${words}" in Slack`);
    await said('Still waits for a decision');
    expect(await pager()).toEqual([]);
    await passes(5);
    await said('Nobody has decided yet');
    await eventually(async () => ((await pager()).includes('page') ? true : undefined), 'somebody to be woken');

    const acked = (await api(server, 'POST', `/approvals/${approval.id}/ack`)).json();
    expect(acked).toMatchObject({ state: 'open', expiresAt: approval.expires_at.toISOString() });
    await eventually(async () => ((await pager()).at(-1) === 'acknowledge' ? true : undefined), 'the page to be acknowledged');
    expect((await api(server, 'POST', `/approvals/${approval.id}/ack`)).json().code).toBe('APPROVAL_ACKED');
    const told = async () => (await world.audit(run.id)).filter((code) => code === 'approval.escalated').length;
    expect(await told()).toBe(1);
    await passes(9);
    expect(await told()).toBe(1);

    world.noteDecision({ id: approval.id, digest: approval.digest, runId: run.id, who: 'eve' });
    await click(approval);
    expect(await world.ended(run.id)).toMatchObject({ state: 'completed' });
    await eventually(async () => ((await pager()).at(-1) === 'resolve' ? true : undefined), 'the page to be resolved');
  }, 60_000);
});
