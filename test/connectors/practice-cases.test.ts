// What the practice products make hard on purpose: same names, hosts that are off, races, searches that find too much.
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Bench, openBench } from './bench.ts';
import { contextOf, failureOf, perform, readable, settled } from './runtime.ts';

describe('the practice products', () => {
  let bench: Bench;
  afterEach(() => bench.close());
  const open = async (product: string) => {
    bench = await openBench({
      type: `practice-${product}`,
      product,
      token: 'made-up-token',
      secret: 'made-up-token',
      config: { token: 'env:SECRET' },
    });
  };
  const resolve = async (kind: 'user' | 'host' | 'ip', ref: object) =>
    (await bench.instance.connector.resolve?.(bench.instance.client, kind, ref, new AbortController().signal))?.map((each) => each.id);
  const run = async (verb: string, params: unknown) => {
    const action = bench.action(verb);
    if (action.risk !== 'read') throw new Error(`${verb} is no read`);
    return action.run(bench.instance.client, action.input.parse(params), contextOf('key-1'));
  };

  it('a user is found by id, login, e-mail and whole name; never by a part, and never by another kind', async () => {
    await open('idp');
    for (const ref of [
      { id: 'user-007' },
      { name: 'eve.adams' },
      { name: 'Eve Adams' },
      { email: 'EVE.adams@example.test' },
      { id: 'user-007', name: 'Eve Adams', email: 'eve.adams@example.test' },
    ]) {
      expect(await resolve('user', ref)).toEqual(['user-007']);
    }
    for (const ref of [{ name: 'Eve' }, { name: '*' }, { email: '@example.test' }, { id: 'CORP\\eve' }, { id: '..' }])
      expect(await resolve('user', ref)).toEqual([]);
    expect(await resolve('host', { id: 'user-007' })).toEqual([]);
    expect((await failureOf(run('user.lookup', { user: { name: 'Nobody Atall' } }))).code).toBe('NOT_FOUND');
    expect((await failureOf(run('user.lookup', { user: { id: 'user-007', email: 'ben.clark@example.test' } }))).code).toBe('AMBIGUOUS');
  });

  it('what a person approves names whom and how many', async () => {
    await open('idp');
    const says = async (verb: string) => {
      const action = readable(bench.action(verb));
      const input = action.input.parse({ user: { id: 'user-007' } });
      const entity = { kind: 'user', id: 'user-007', name: 'Eve Adams', aliases: [] } as const;
      return action.says(input, entity, await action.read(bench.instance.client, input, entity, contextOf('key-1')));
    };
    expect(await says('user.disable')).toBe('Disable Eve Adams (user-007)');
    expect(await says('session.revoke')).toBe('End 3 sessions of Eve Adams (user-007)');
  });

  it('ended sessions are counted', async () => {
    await open('idp');
    expect((await perform(bench, readable(bench.action('session.revoke')), { user: { id: 'user-007' } }, 'key-1')).output).toEqual({
      ended: 3,
    });
  });

  it('a host that is off is accepted by the EDR and never isolated: that is not green', async () => {
    await open('edr');
    expect((await perform(bench, readable(bench.action('host.isolate')), { host: { name: 'wks-009' } }, 'key-1')).outcome).toBe(
      'unverified',
    );
    expect(await run('host.lookup', { host: { name: 'wks-009' } })).toMatchObject({ isolated: false, online: false });
  });

  it('one address is blocked, in whatever spelling; a network is refused before it is sent', async () => {
    await open('firewall');
    await perform(bench, readable(bench.action('ip.block')), { ip: '2001:DB8:0::7' }, 'key-1');
    expect((await bench.effects()).map((line) => line.target)).toEqual(['2001:db8::7']);
    expect(await resolve('ip', { ip: '10.0.0.0/8' })).toEqual([]);
    expect(() => bench.action('ip.block').input.parse({ ip: '10.0.0.0/8' })).toThrow();
  });

  it('a phishing mail is found in five mailboxes; less than sender and subject is refused', async () => {
    await open('mail');
    const found = await run('mail.search', { like: { from: 'billing@invoices.example.test', subject: 'Invoice overdue' } });
    expect(found).toMatchObject({
      messages: [
        { id: 'msg-000' },
        { id: 'msg-001', to: 'eve.adams@example.test' },
        { id: 'msg-002' },
        { id: 'msg-003' },
        { id: 'msg-004' },
      ],
    });
    expect(await run('mail.search', { like: { id: '<invoice-overdue-1@invoices.example.test>' } })).toEqual(found);
    expect(await run('mail.search', { like: { id: 'msg-003' }, within: '1m' })).toEqual({ messages: [] });
    for (const like of [{ from: 'billing@invoices.example.test' }, { subject: 'Invoice overdue' }])
      expect((await failureOf(run('mail.search', { like }))).code).toBe('EMPTY_REFERENCE');
  });

  it('two workers that open the same ticket at once leave one standing', async () => {
    await open('tickets');
    const action = readable(bench.action('ticket.open'));
    const input = action.input.parse({ title: 'Contained' });
    const both = () => action.run(bench.instance.client, input, undefined, { ticket: null, doubles: 0 }, contextOf('key-1'));
    await Promise.all([both(), both()]);
    const state = await settled(
      () => action.read(bench.instance.client, input, undefined, contextOf('key-1')),
      (each) => action.done(each, input),
    );
    expect(state).toMatchObject({ ticket: { id: 'T-1' }, doubles: 0 });
  });

  it('a messenger that answers 200 and "not ok" has refused, and says whether to come back', async () => {
    await open('chat');
    const action = bench.action('notify.message');
    if (action.risk === 'read' || action.delivery === 'readable') throw new Error('a message is sent');
    const { refusal } = await import('../../connectors/practice-chat/chat-call.ts');
    expect([refusal('ratelimited').kind, refusal('channel_not_found').kind, refusal('<script>').message]).toEqual([
      'retryable',
      'permanent',
      'The messenger refused it: unknown_error.',
    ]);
    expect(await bench.instance.connector.ping(bench.instance.client, new AbortController().signal)).toEqual({ as: 'cordon@range' });
  });

  it('a sprayed password is found: three people were signed in to, thirty-seven only tried, nobody is in both lists', async () => {
    await open('idp');
    const found = await run('signin.search', { ip: '203.0.113.66' });
    expect(found).toMatchObject({ succeeded: [{ id: 'user-011' }, { id: 'user-023' }, { id: 'user-042' }] });
    expect((found as { failed: readonly unknown[] }).failed).toHaveLength(37); // a list, by the verb's output
    expect(await run('signin.search', { ip: '203.0.113.66', within: '1m' })).toEqual({ succeeded: [], failed: [] });
  });

  it('administrative rights come back as they were, and one who has none keeps none', async () => {
    await open('idp');
    const suspend = readable(bench.action('privilege.suspend'));
    const taken = await perform(bench, suspend, { user: { id: 'user-001' } }, 'key-1');
    expect(taken.output).toEqual({ groups: ['Cloud Operators', 'Domain Admins'] });
    expect(suspend.says({ user: { id: 'user-001' } }, taken.entity, taken.before)).toBe(
      'Take Ben Clark (user-001) out of Cloud Operators, Domain Admins',
    );
    expect(await run('privilege.list', { user: { id: 'user-001' } })).toEqual({ groups: [] });
    expect((await perform(bench, suspend, { user: { id: 'user-007' } }, 'key-2')).outcome).toBe('already');
  });

  it('accounts that nobody uses come with whom they report to', async () => {
    await open('idp');
    const { users } = (await run('user.list_inactive', { for: '90d' })) as { users: readonly { manager: string }[] }; // as the verb says
    expect([users.length, users[0]]).toEqual([20, expect.objectContaining({ id: 'user-024', manager: 'ada.baker@example.test' })]);
    expect(await run('user.list_inactive', { for: '900d' })).toEqual({ users: [] });
  });

  it('a domain is blocked in its one spelling; what is no domain is refused before it is sent', async () => {
    await open('firewall');
    await perform(bench, readable(bench.action('domain.block')), { domain: 'Beacon.Invalid.' }, 'key-1');
    expect((await bench.effects()).map((line) => line.target)).toEqual(['beacon.invalid']);
    for (const text of ['com', 'a..b', 'http://beacon.invalid', '*.invalid', '203.0.113.7/32', ''])
      expect(() => bench.action('domain.block').input.parse({ domain: text })).toThrow();
  });

  it("only a mailbox's own rules are turned off, and only those that ran come back", async () => {
    await open('mail');
    const disable = readable(bench.action('mail.disable_rules'));
    const { output, entity } = await perform(bench, disable, { user: { id: 'user-011' } }, 'key-1');
    expect(output).toEqual({ rules: ['user-011-r1', 'user-011-r2', 'user-011-r3'] });
    expect(entity).toMatchObject({ kind: 'user', id: 'user-011' }); // the same person that the identity provider knows
    expect(await run('mail.list_rules', { user: { id: 'user-012' } })).toMatchObject({ rules: [{ active: true }] });
  });

  it('a known bad address is malicious, another is not', async () => {
    await open('reputation');
    expect(await run('ip.reputation', { ip: '203.0.113.50' })).toEqual({ score: 80, verdict: 'malicious' });
    expect(await run('ip.reputation', { ip: '192.0.2.1' })).toMatchObject({ verdict: 'clean' });
    expect(await run('url.reputation', { url: 'http://invoices.example.test/sign-in' })).toMatchObject({ verdict: 'malicious' });
  });

  it.each(['idp', 'edr', 'firewall', 'mail', 'tickets', 'reputation', 'cloud', 'mdm'])(
    '%s proves who we are, and a wrong token is refused',
    async (product) => {
      await open(product);
      const ping = () => bench.instance.connector.ping(bench.instance.client, new AbortController().signal);
      expect((await ping()).as).toBe('cordon@range');
      await bench.fault({ product, status: 401 });
      expect((await failureOf(ping())).code).toBe('UNAUTHORIZED');
    },
  );
});
