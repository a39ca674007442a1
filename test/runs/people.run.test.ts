// People who decide, over the API and the real channels, on a real Temporal server, judged by what the practice range has recorded.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Messenger, startMessenger } from '../../channels/messenger.ts';
import { oweApprovalMessages } from '../../channels/owe.ts';
import { raise } from '../../channels/pages.ts';
import { ports } from '../../connectors/ports.ts';
import { type OpenConnectors, openConnectors } from '../../connectors/registry.ts';
import type { Pager } from '../../dispatch/page.ts';
import { passwords } from '../../server/passwords.ts';
import { newSessionToken, tokenHash } from '../../server/secrets.ts';
import { freeze, liftFreeze } from '../../store/freeze.ts';
import { createPerson } from '../../store/people.ts';
import { openSession } from '../../store/sessions.ts';
import { directoryOf } from '../../worker/directory.ts';
import { type Heard, smtpServer } from '../connectors/fakes/smtp-server.ts';
import { type Harness, ORIGIN, PASSWORD, startHarness } from '../server/harness.ts';
import { playbookFolder } from './bare-playbooks.ts';
import { eventually, startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const POLICY = `
rules:
  - { name: surely, reason: It is everybody's., match: { verbs: [host.isolate], names: [wks-381] }, then: { ask: { role: responder, step_up: 5m } } }
approvals: { within: 30m, use_by: 1h }
`;
const CONSOLE = 'https://cordon.example.test';
const MINUTE = 60_000;
/** A turn of a week that changes on Mondays at nine in Zurich, which was two hours ahead of UTC when it began, and is one ahead in winter. */
const ROTA = { people: ['ann', 'bob'], every: '7d', from: '2026-10-19T09:00:00+02:00', timezone: 'Europe/Zurich' };
const DIRECTORY = directoryOf({ groups: { treasury: ['dora', 'cleo'] }, oncall: { soc: ROTA } }, new Date('2026-11-21T12:00:00Z'));

const playbook = (name: string, kind: 'host' | 'user', steps: string) => `playbook: ${name}
title: Made up ${name}
owner: tests
inputs: { ${kind}: { type: ${kind} } }
triggers:
  - alert: { source: [plain] }
    when: get(alert, 'data.play', '') == '${name}'
    with: { ${kind}: "\${{ alert.${kind}s[0] }}" }
steps:
${steps}
`;
const isolate = (approve: string) =>
  `  - { id: isolate, do: host.isolate, with: { host: "\${{ inputs.host }}" }, hold: until_released${approve} }`;
const asked = (by: string) => isolate(`, approve: { by: ${by}, within: 1h }`);
const folder = playbookFolder({
  surely: playbook('surely', 'host', isolate('')),
  anybody: playbook('anybody', 'host', asked('{ role: responder }')),
  treasury: playbook('treasury', 'host', asked('{ group: treasury, count: 2 }')),
  oncall: playbook('oncall', 'host', asked('{ oncall: soc }')),
  disable: playbook('disable', 'user', '  - { id: disable, do: user.disable, with: { user: "${{ inputs.user }}" }, hold: until_released }'),
});
const consoleDir = mkdtempSync(join(tmpdir(), 'cordon-console-'));

let world: World;
let server: Harness;
let connectors: OpenConnectors;
let messenger: Messenger;
let mailServer: Server;
let passwordHash = '';
const heard: Heard = { commands: [], mails: [] };
/** Of the server. */
const clock = { now: () => new Date() };

beforeAll(async () => {
  let owe: (payload: unknown) => Promise<void> = async () => undefined;
  let page: Pager = () => undefined;
  world = await startWorld({
    ...{ playbooks: folder, policy: POLICY, directory: DIRECTORY, needs: (_: string, target: string) => (target === 'wks-381' ? 1 : 0) },
    ...{ notify: async ({ payload }) => await owe(payload), page: async (one, within) => await page(one, within) },
  });
  mailServer = smtpServer({}, heard);
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  const { port } = mailServer.address() as AddressInfo; // a TCP server
  const { teams = '', pagerduty = '' } = world.tokens;
  const { url } = world.range;
  const mail = { security: 'none', from: 'cordon@example.test', recipients: ['@example.test'] };
  connectors = openConnectors(
    [
      { id: 'teams', type: 'teams', url: `${url}/teams/workflows/w1/triggers/manual/paths/invoke`, token: 'env:TEAMS', channel: 'soc' },
      { id: 'mail', type: 'smtp', host: '127.0.0.1', port, ...mail },
      { id: 'pager', type: 'pagerduty', url: `${url}/pagerduty`, token: 'env:PAGER' },
    ],
    ports({ guard: world.guard, secrets: { env: { TEAMS: teams, PAGER: pagerduty }, folder: world.folder } }),
  );
  const channels = {
    ...{ store: world.store, connectors, consoleUrl: CONSOLE, owner: 'test', log: world.deps.log, directory: DIRECTORY },
    channels: [
      { connector: 'teams', to: 'soc', for: ['role:responder'] },
      { connector: 'mail', to: 'soc@example.test', for: ['role:responder'] },
      { connector: 'mail', to: 'on-call@example.test', for: ['oncall:soc'] },
    ],
    ...{ pages: { to: [{ connector: 'pager', to: 'service' }], otherwise: [] }, random: () => 0, now: () => new Date() },
  };
  owe = async (payload) => await oweApprovalMessages(channels, payload);
  page = async ({ code, message, key = '' }, within) =>
    await raise(channels, { key: `${code}.${key}`, code, message, isCritical: true }, within);
  messenger = startMessenger(channels, 100);
  passwordHash = await passwords().hash(PASSWORD);
  writeFileSync(join(consoleDir, 'index.html'), '<title>Cordon</title>');
  server = await startHarness({ store: world.store, now: () => clock.now(), directory: DIRECTORY, consoleDir });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await messenger.stop();
  await connectors.close();
  await server.app.close();
  await world.close();
  await new Promise((resolve) => mailServer.close(resolve));
  for (const one of [folder, consoleDir]) rmSync(one, { recursive: true, force: true });
});

interface Somebody {
  readonly id: string;
  readonly login: string;
  readonly cookie: string;
}
/** Somebody new, who has signed in so long ago. */
async function somebody(login: string, more: { agoMs?: number; breakGlass?: boolean } = {}): Promise<Somebody> {
  const { agoMs = 0, breakGlass = false } = more;
  const made = { login, name: `Made Up ${login}`, role: 'responder', passwordHash, oneTime: false, breakGlass };
  const id = (await createPerson(world.store.db, made, new Date()))?.id ?? '';
  const cookie = newSessionToken();
  await openSession(world.store.db, tokenHash(cookie), id, new Date(clock.now().getTime() - agoMs));
  return { id, login, cookie };
}
const send = async (who: Somebody | undefined, method: 'GET' | 'POST', url: string, payload?: object) =>
  await server.app.inject({
    ...{ method, url, headers: { origin: ORIGIN }, cookies: who === undefined ? {} : { cordon_session: who.cookie } },
    ...(payload === undefined ? {} : { payload }),
  });
interface Waiting {
  readonly id: string;
  readonly digest: string;
  readonly run_id: string;
}
const noted = (who: Somebody, { id, digest, run_id: runId }: Waiting): void => world.noteDecision({ id, digest, runId, who: who.id });
const approve = async (who: Somebody, approval: Waiting, more: object = {}) => {
  noted(who, approval);
  return (await send(who, 'POST', `/api/v1/approvals/${approval.id}/approve`, { digest: approval.digest, ...more })).json();
};
const deny = async (who: Somebody, { id, digest }: Waiting) => (await send(who, 'POST', `/api/v1/approvals/${id}/deny`, { digest })).json();
const start = async (play: string, target: string): Promise<string> => {
  const on = target.startsWith('user') ? { users: [{ id: target }] } : { hosts: [{ id: target }] };
  return (await world.run(await world.alert({ title: `${play} ${target}`, severity: 'high', data: { play }, ...on }))).id;
};
const startAsked = async (play: string, target: string) => await world.approval(await start(play, target), 'approval');
const effectsOn = async (target: string) => (await world.effects()).filter((effect) => effect.endsWith(` ${target}`));
const state = async ({ id }: Waiting) =>
  (await world.store.db.selectFrom('approvals').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state;
/** As a mail program shows them: without the soft line ends. */
const mailsTo = (to: string) => heard.mails.filter((mail) => mail.includes(`To: ${to}`)).map((mail) => mail.replaceAll('=\n', ''));

describe('where policy wants to be sure who it is', () => {
  it('a session that is no longer fresh approves nothing; with the password the effect is done', async () => {
    const tired = await somebody('tara', { agoMs: 6 * MINUTE });
    const approval = await startAsked('surely', 'wks-381');
    expect(await approve(tired, approval)).toMatchObject({ code: 'APPROVAL_STEP_UP' });
    await world.handle(approval.run_id).signal('wake');
    await world.dispatch.idle();
    expect(await effectsOn('wks-381')).toEqual([]);
    expect(await approve(tired, approval, { password: PASSWORD })).toMatchObject({ state: 'granted' });
    await world.ended(approval.run_id);
    expect(await effectsOn('wks-381')).toEqual(['isolate wks-381']);
  });
});

describe('who stands in for somebody out of office', () => {
  it('decides for them and both count once: the second of two is somebody else', async () => {
    const [dora, cleo, dan] = [await somebody('dora'), await somebody('cleo'), await somebody('dan')];
    const approval = await startAsked('treasury', 'wks-382');
    expect(await approve(dan, approval)).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
    const until = new Date(Date.now() + 86_400_000).toISOString();
    expect((await send(dora, 'POST', '/api/v1/delegations', { to: 'dan', until, outOfOffice: true })).statusCode).toBe(201);
    expect(await approve(dan, approval)).toMatchObject({ state: 'open', given: 1 });
    expect(await approve(dora, approval)).toMatchObject({ code: 'APPROVAL_TWICE' });
    await world.handle(approval.run_id).signal('wake');
    await world.dispatch.idle();
    expect(await effectsOn('wks-382')).toEqual([]);
    expect(await approve(cleo, approval)).toMatchObject({
      state: 'granted',
      decisions: [{ by: 'Made Up dan', standsInFor: 'Made Up dora' }, { by: 'Made Up cleo' }],
    });
    await world.ended(approval.run_id);
    expect(await effectsOn('wks-382')).toEqual(['isolate wks-382']);
  });
});

describe('an account for emergencies', () => {
  it('decides while the identity provider is away, and everybody who is to know is woken', async () => {
    await somebody('glass', { breakGlass: true });
    await world.faults([{ product: 'idp', status: 503 }]);
    try {
      const approval = await startAsked('anybody', 'wks-383');
      const signedIn = await send(undefined, 'POST', '/api/v1/session', { login: 'glass', password: PASSWORD });
      const glass = { id: signedIn.json().id, login: 'glass', cookie: signedIn.cookies[0]?.value ?? '' };
      expect(await approve(glass, approval)).toMatchObject({ state: 'granted' });
      await world.ended(approval.run_id);
      expect(await effectsOn('wks-383')).toEqual(['isolate wks-383']);
    } finally {
      await world.faults([]);
    }
    const woken = async () =>
      (await world.record()).filter((line) => line.effect === 'page' && JSON.stringify(line.after).includes('break-glass account glass'));
    await eventually(async () => ((await woken()).length > 0 ? true : undefined), 'the page about glass');
    await world.dispatch.sweep();
    await messenger.idle();
    expect(await woken()).toHaveLength(1);
  });
});

describe('many that ask for the same', () => {
  it('are listed and approved in one go; one that has changed meanwhile is void and asked for again', async () => {
    const bert = await somebody('bert');
    const hosts = ['wks-384', 'wks-385', 'wks-386'];
    const approvals = await Promise.all(hosts.map(async (host) => await startAsked('anybody', host)));
    const [changed, ...others] = approvals;
    if (!changed) throw new Error('three were asked for');
    const listed = (await send(bert, 'GET', `/api/v1/approvals?state=open&alike=${changed.id}`)).json();
    expect(listed.items.map(({ title }: { title: string }) => title).sort()).toEqual(hosts.map((host) => `Isolate ${host}`));
    // The first one's run meets another configuration of its product than the one that was shown.
    const { connectors: asShown } = world.state;
    const moved = async (run: string) => {
      world.state.connectors = {
        ...asShown,
        servers: (verb) => asShown.servers(verb).map((one) => ({ ...one, fingerprint: `moved-${one.fingerprint}` })),
      };
      await world.handle(run).signal('wake');
      return await eventually(async () => ((await state(changed)) === 'void' ? true : undefined), 'what was shown to be void');
    };
    try {
      await moved(changed.run_id);
    } finally {
      world.state.connectors = asShown;
    }
    for (const one of others) noted(bert, one);
    const batch = { decision: 'approve', approvals: approvals.map(({ id, digest }) => ({ id, digest })) };
    const { items } = (await send(bert, 'POST', '/api/v1/approvals/batch', batch)).json();
    expect(items).toMatchObject([{ code: 'APPROVAL_ENDED' }, { state: 'granted' }, { state: 'granted' }]);
    for (const one of others) await world.ended(one.run_id);
    expect(await effectsOn('wks-384')).toEqual([]);
    for (const host of ['wks-385', 'wks-386']) expect(await effectsOn(host)).toEqual([`isolate ${host}`]);
    await world.handle(changed.run_id).signal('wake');
    const again = await world.approval(changed.run_id, 'approval');
    expect(again.id).not.toBe(changed.id);
    await deny(bert, again);
    await world.ended(changed.run_id);
  });
});

describe('a card in Teams and a mail', () => {
  it('carry a link: whoever follows it changes nothing; who signs in and says yes does, and both are told what came of it', async () => {
    const approval = await startAsked('anybody', 'wks-387');
    const link = `${CONSOLE}/approvals/${approval.id}`;
    const cards = async () =>
      (await world.record())
        .filter((line) => line.product === 'teams' && line.status === 202)
        .map((line) => JSON.stringify(line.after))
        .filter((card) => card.includes(link));
    const mails = () => mailsTo('soc@example.test').filter((mail) => mail.includes(link));
    await eventually(async () => ((await cards()).length > 0 && mails().length > 0 ? true : undefined), 'a card and a mail');
    expect((await cards())[0]).toContain('Isolate wks-387');
    expect((await cards())[0]).not.toContain('Action.Submit');
    const lea = await somebody('lea');
    for (const who of [undefined, lea]) {
      expect((await send(who, 'GET', new URL(link).pathname)).statusCode).toBe(200);
      for (const word of ['approve', 'deny', 'batch', 'ack'])
        expect((await send(who, 'GET', `/api/v1/approvals/${approval.id}/${word}?digest=${approval.digest}`)).statusCode).not.toBe(200);
    }
    expect(await state(approval)).toBe('open');
    expect(await effectsOn('wks-387')).toEqual([]);
    expect(await approve(lea, approval)).toMatchObject({ state: 'granted' });
    await world.ended(approval.run_id);
    expect(await effectsOn('wks-387')).toEqual(['isolate wks-387']);
    const told = (texts: readonly string[]) => texts.some((text) => text.includes('verified by reading back at'));
    await eventually(async () => (told(await cards()) && told(mails()) ? true : undefined), 'both to say what came of it');
  });
});

describe('a rota', () => {
  it('says who may decide, by the clock of its own zone: in winter, too, the turn changes at nine there', async () => {
    const [ann, bob] = [await somebody('ann'), await somebody('bob')];
    const approval = await startAsked('oncall', 'wks-388');
    await eventually(async () => (mailsTo('on-call@example.test').length > 0 ? true : undefined), 'a mail to whoever is on call');
    // Half past eight in Zurich is in the sixth turn, which is Bob's.
    const at = async (instant: string, who: Somebody) => {
      clock.now = () => new Date(instant);
      await world.store.db
        .updateTable('sessions')
        .set({ seen_at: clock.now(), expires_at: new Date(clock.now().getTime() + MINUTE) })
        .where('token_hash', '=', tokenHash(who.cookie))
        .execute();
      return await approve(who, approval);
    };
    try {
      expect(await at('2026-11-30T07:30:00Z', ann)).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
      expect(await at('2026-11-30T08:00:00Z', bob)).toMatchObject({ code: 'APPROVAL_ADDRESSED' });
      expect(await effectsOn('wks-388')).toEqual([]);
      expect(await at('2026-11-30T08:00:00Z', ann)).toMatchObject({ state: 'granted' });
    } finally {
      clock.now = () => new Date();
    }
    await world.ended(approval.run_id);
    expect(await effectsOn('wks-388')).toEqual(['isolate wks-388']);
  });
});

describe('somebody whose own account is contained', () => {
  it('decides nothing and takes nothing back, what they said before does not count either; once they are released they may', async () => {
    const [eve, olga] = [await somebody('user-386'), await somebody('olga')];
    const verb = 'host.isolate';
    const [early, other] = [await startAsked('anybody', 'wks-391'), await startAsked('anybody', 'wks-392')];
    await freeze(world.store.db, { by: olga.id, reason: 'a moment', verb }, new Date());
    expect(await approve(eve, early)).toMatchObject({ state: 'granted' });
    const contained = await start('disable', 'user-386');
    await world.ended(contained);
    expect(await effectsOn('user-386')).toEqual(['disable user-386']);

    expect(await approve(eve, other)).toMatchObject({ code: 'CONTAINED' });
    expect(await deny(eve, other)).toMatchObject({ code: 'CONTAINED' });
    expect(await world.decide(other, 'deny', { who: eve.id.slice('per_'.length), names: ['user-386'] })).toMatchObject({ kind: 'refused' });
    expect((await send(eve, 'POST', `/api/v1/runs/${contained}/undo`, {})).json()).toMatchObject({ code: 'CONTAINED' });
    expect((await send(eve, 'GET', `/api/v1/approvals/${other.id}`)).json()).toMatchObject({ mayDecide: false });

    for (const by of [olga.id, 'per_ana']) await liftFreeze(world.store.db, { by, reason: 'over', verb }, new Date());
    world.store.wake('outbox');
    await eventually(async () => ((await state(early)) === 'open' ? true : undefined), 'the early approval to be asked for again');
    expect(await effectsOn('wks-391')).toEqual([]);
    expect(await approve(olga, early)).toMatchObject({ state: 'granted' });
    await world.ended(early.run_id);
    expect(await effectsOn('wks-391')).toEqual(['isolate wks-391']);

    await world.ended(await world.undo(contained));
    expect(await approve(eve, other)).toMatchObject({ state: 'granted' });
    await world.ended(other.run_id);
    expect(await effectsOn('wks-392')).toEqual(['isolate wks-392']);
  });
});
