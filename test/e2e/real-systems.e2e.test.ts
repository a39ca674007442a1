// The playbook for a compromised account against real systems: Keycloak, Request Tracker, a network with nftables, Alertmanager.
// What became of it is asked of those systems, by people's and programs' own ways into them, never of Cordon.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Tokens } from './keycloak-witness.ts';
import { ISOLATED, OPEN } from './network-witness.ts';
import { messages, outcomes, type RealWorld, startRealWorld } from './real-world.ts';
import { describeWith, until } from './system.ts';

const LONG_MS = 180_000;

describeWith(['keycloak', 'request-tracker', 'network', 'alertmanager'], 'a compromised account, on real systems', () => {
  let world: RealWorld;
  beforeAll(async () => {
    world = await startRealWorld();
  }, 400_000);
  afterAll(async () => {
    await world?.close();
  }, 120_000);

  /** Tickets about one person, whatever else they say. */
  const ticketsAbout = async (login: string) => (await world.tickets.tickets()).filter((ticket) => ticket.subject.includes(login));
  const signedIn = async (login: string): Promise<Tokens> => {
    const tokens = await world.keycloak.signIn(login);
    expect([await world.keycloak.refresh(tokens), await world.keycloak.isActive(tokens)]).toEqual(['ok', true]);
    return tokens;
  };

  it(
    'contains what a real Alertmanager reports, once approved, and takes all of it back when it was a false positive',
    async () => {
      const { keycloak, network, cordon } = world;
      const tokens = await signedIn('alice');
      expect(network.reach()).toEqual(OPEN);
      const labels = ['alertname=ImpossibleTravel', 'user=alice', 'host=ws-1', 'src_ip=203.0.113.7', 'severity=critical'];
      await world.alertmanager.run('fire', ...labels);

      const started = await world.runOf('alertmanager', 'alice');
      const approval = await world.open(started.id, 'approval');
      expect(approval.items.map((item) => item.says)).toEqual([
        'Disable Alice Adams (alice) and end 1 of their sessions',
        'End 1 sessions of Alice Adams (alice)',
        'Isolate ws-1 (10.77.1.2) at the router',
      ]);
      // Nobody has said yes yet: nothing has happened.
      expect([(await keycloak.account('alice')).enabled, await keycloak.refresh(tokens), network.reach()]).toEqual([true, 'ok', OPEN]);
      expect(network.changes()).toEqual([]);

      expect(await cordon.cordon('approvals', 'approve', approval.id, '--reason', 'impossible travel')).toMatchObject({ code: 0 });
      const verdict = await world.open(started.id, 'question');
      expect(await keycloak.account('alice')).toEqual({ enabled: false, firstName: 'Alice', email: 'alice@example.test', sessions: 0 });
      // Disabling alone would leave the session, to come alive again: it is gone.
      expect(await keycloak.refresh(tokens)).toBe('Session not active');
      expect(await keycloak.isActive(tokens)).toBe(false);
      await expect(keycloak.signIn('alice')).rejects.toThrow('Account disabled');
      expect(network.reach()).toEqual(ISOLATED);
      expect(await ticketsAbout('alice')).toMatchObject([{ subject: 'Account alice: compromise suspected', status: 'new' }]);
      expect((await messages(world.range.url)).filter((line) => JSON.stringify(line.after).includes('Account alice')).length).toBe(1);

      // Alertmanager says it again and again, and then that it is over: noted, and nothing is done or undone.
      await world.alertmanager.run('resolve', ...labels);
      const resolved = await until('the resolved alert', 60_000, async () =>
        (await world.alerts()).find((alert) => alert.source === 'alertmanager' && alert.status === 'resolved'),
      );
      const noted = await until('its decision', 30_000, async () =>
        (await world.alert(resolved.id)).decisions.find((decision) => decision.runId === started.id),
      );
      expect(noted.reason).toContain('when_resolved: note');
      expect((await keycloak.account('alice')).enabled).toBe(false);
      expect(network.reach()).toEqual(ISOLATED);

      expect((await cordon.cordon('approvals', 'answer', verdict.id, 'false-positive')).code).toBe(0);
      const ended = await world.ended(started.id);
      expect([ended.state, ended.activeHolds]).toEqual(['completed', 0]);
      expect(await keycloak.account('alice')).toEqual({ enabled: true, firstName: 'Alice', email: 'alice@example.test', sessions: 0 });
      // Enabling must not bring the attacker's session back.
      expect(await keycloak.refresh(tokens)).toBe('Session not active');
      expect(await keycloak.isActive(tokens)).toBe(false);
      await signedIn('alice');
      expect(network.reach()).toEqual(OPEN);
      expect(await ticketsAbout('alice')).toMatchObject([{ status: 'new' }]);
      expect(network.changes()).toEqual([
        'nft add element inet cordon isolated { 10.77.1.2 }',
        'nft delete element inet cordon isolated { 10.77.1.2 }',
      ]);
    },
    LONG_MS,
  );

  it(
    'opens one ticket when the ticket system did and its answer was lost, and keeps a true positive contained',
    async () => {
      const { keycloak, cordon, proxy } = world;
      const tokens = await signedIn('bob');
      const file = join(cordon.data, 'bob.json');
      writeFileSync(
        file,
        JSON.stringify({ id: 'travel-bob', title: 'Impossible travel', severity: 'high', users: [{ name: 'bob' }], ips: ['203.0.113.7'] }),
      );
      expect((await cordon.cordon('alerts', 'send', file, '--no-follow')).code).toBe(0);
      const started = await world.runOf('plain', 'bob');
      const approval = await world.open(started.id, 'approval');
      proxy.loseAnswerOf('POST', /\/ticket$/);
      expect((await cordon.cordon('approvals', 'approve', approval.id, '--reason', 'impossible travel')).code).toBe(0);
      const verdict = await world.open(started.id, 'question');
      expect(proxy.lost).toEqual(['POST /REST/2.0/ticket 201']);
      const [ticket, ...others] = await ticketsAbout('bob');
      expect([others, await world.tickets.history(ticket?.id ?? 0)]).toEqual([[], expect.not.arrayContaining(['AddLink', 'Set'])]);
      expect((await cordon.cordon('approvals', 'answer', verdict.id, 'true-positive')).code).toBe(0);
      const ended = await world.ended(started.id);
      expect(outcomes(ended)).toMatchObject({ disable: 'changed', ticket: 'changed', tell: 'changed' });
      expect([(await keycloak.account('bob')).enabled, await keycloak.refresh(tokens)]).toEqual([false, 'Session not active']);
    },
    LONG_MS,
  );

  it.each([
    // What had happened when it died: isolations, tickets, messages.
    ['after Keycloak has disabled and before that is recorded', 'carol', 'effect.answered:1', [0, 0, 0]],
    // Third: the disabling has ended the sessions too, so that revoking them is "already" and asks Keycloak for nothing.
    ['after the ticket was opened and before that is recorded', 'dave', 'effect.answered:3', [1, 1, 0]],
  ])(
    'killed %s, it goes on: one disable, one isolation, one ticket',
    async (_, login, killAt, doneAtDeath) => {
      const { keycloak, network, cordon } = world;
      await signedIn(login);
      const changesBefore = network.changes().length;
      expect(network.reach()).toEqual(OPEN);
      await cordon.stop();
      await cordon.start(killAt);
      await world.alertmanager.run(
        'fire',
        'alertname=ImpossibleTravel',
        `user=${login}`,
        'host=ws-1',
        'src_ip=203.0.113.7',
        'severity=high',
      );
      const started = await world.runOf('alertmanager', login);
      const approval = await world.open(started.id, 'approval');
      await cordon.cordon('approvals', 'approve', approval.id, '--reason', 'impossible travel');
      await cordon.killed(60_000);
      const told = async () =>
        (await messages(world.range.url)).filter((line) => JSON.stringify(line.after).includes(`Account ${login}`)).length;
      expect((await keycloak.account(login)).enabled).toBe(false);
      expect([network.changes().length - changesBefore, (await ticketsAbout(login)).length, await told()]).toEqual(doneAtDeath);
      await cordon.start();
      const verdict = await world.open(started.id, 'question');
      expect((await keycloak.changes(login)).filter((change) => change.includes('"enabled":false'))).toHaveLength(1);
      expect(network.changes().slice(changesBefore)).toEqual(['nft add element inet cordon isolated { 10.77.1.2 }']);
      expect([(await ticketsAbout(login)).length, await told()]).toEqual([1, 1]);
      expect(network.reach()).toEqual(ISOLATED);
      await cordon.cordon('approvals', 'answer', verdict.id, 'false-positive');
      const ended = await world.ended(started.id);
      expect([ended.state, ended.activeHolds]).toEqual(['completed', 0]);
      expect([(await keycloak.account(login)).enabled, network.reach()]).toEqual([true, OPEN]);
      expect(await ticketsAbout(login)).toHaveLength(1);
    },
    LONG_MS,
  );
});
