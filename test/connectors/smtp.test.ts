// Mail against a small SMTP server: what it hears is what would have gone out.

import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ports } from '../../connectors/ports.ts';
import { openConnectors } from '../../connectors/registry.ts';
import { type Heard, smtpServer } from './fakes/smtp-server.ts';
import { contextOf, failureOf } from './runtime.ts';

describe('mail', () => {
  let heard: Heard;
  const servers: Server[] = [];
  beforeEach(() => {
    heard = { commands: [], mails: [] };
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  async function open(answers: Readonly<Record<string, string>> = {}, settings: Readonly<Record<string, unknown>> = {}, loopback = true) {
    const server = smtpServer(answers, heard);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    const { port } = server.address() as AddressInfo; // a TCP server
    const config = {
      id: 'mail',
      type: 'smtp',
      host: '127.0.0.1',
      port,
      security: 'none',
      from: 'cordon@example.test',
      recipients: ['@example.test'],
      timeoutMs: 500,
      ...settings,
    };
    const opened = openConnectors(
      [config],
      ports({ guard: { addresses: { loopback } }, secrets: { env: { PASS: 'made-up-mail-secret' }, folder: '/' } }),
    );
    const instance = opened.instance('mail');
    const action = instance && opened.actionOf(instance, 'notify.message');
    if (instance === undefined || action === undefined || action.risk === 'read' || action.delivery === 'readable')
      throw new Error('a message is sent');
    return {
      send: (params: unknown, more: { repeat?: boolean; key?: string } = {}) =>
        action.run(instance.client, action.input.parse(params), undefined, {
          ...contextOf(more.key ?? 'key-1'),
          repeat: more.repeat === true,
        }),
      ping: () => instance.connector.ping(instance.client, new AbortController().signal),
      pingWithin: (signal: AbortSignal) => instance.connector.ping(instance.client, signal),
      post: (signal: AbortSignal) =>
        instance.connector.messages?.post(instance.client, { key: 'page', to: 'soc@example.test', title: 'Wake up', lines: [] }, signal),
    };
  }
  const mail = { to: 'soc@example.test', text: 'Eve Adams was disabled.\nMore below.' };
  const header = (name: string) => heard.mails.map((each) => new RegExp(`^${name}: (.*)$`, 'im').exec(each)?.[1]);

  it('sends one message, with its first line as the subject and a Message-ID from our key', async () => {
    const { send } = await open();
    expect(await send(mail)).toEqual({ sent: true });
    expect(heard.commands).toEqual(expect.arrayContaining(['MAIL FROM:<cordon@example.test>', 'RCPT TO:<soc@example.test>']));
    expect([header('Subject'), header('To'), header('From')]).toEqual([
      ['Eve Adams was disabled.'],
      ['soc@example.test'],
      ['cordon@example.test'],
    ]);
    expect(header('Message-ID')[0]).toMatch(/^<cordon\.[0-9a-f]{40}@example\.test>$/);
  });

  it('a repeat has the same Message-ID and says that it is one; another step has another', async () => {
    const { send } = await open();
    await send(mail);
    await send(mail, { repeat: true });
    await send(mail, { key: 'key-2' });
    const [first, again, other] = header('Message-ID');
    expect([first === again, first === other]).toEqual([true, false]);
    expect(heard.mails.map((each) => each.includes('Sent again after an interruption'))).toEqual([false, true, false]);
  });

  it.each([
    'soc@example.test\r\nBcc: all@example.test',
    'soc@example.test, all@example.test',
    '"a b"@example.test',
    'Soc <soc@example.test>',
    'soc',
    '@example.test',
    'soc@example.test>',
    'soc@-x.test',
    '',
  ])('refuses the recipient %p', async (to) => {
    const { send } = await open();
    expect(() => send({ ...mail, to })).toThrow();
    expect(heard.commands).toEqual([]);
  });

  it('text cannot become headers', async () => {
    const { send } = await open();
    await send({
      ...mail,
      text: 'One\u2028Bcc: all@example.test\r\nBcc: all@example.test\r\n\r\nbody\r\n.\r\nMAIL FROM:<evil@example.test>',
    });
    expect(header('Subject')).toEqual(['One']);
    const [headers = ''] = (heard.mails[0] ?? '').split('\n\n');
    expect(headers).not.toMatch(/^Bcc/im);
    expect(heard.commands.filter((line) => line.startsWith('MAIL') || line.startsWith('RCPT'))).toHaveLength(2);
  });

  it('writes only to configured recipients', async () => {
    const { send } = await open({}, { recipients: ['soc@example.test', '@corp.example'] });
    for (const to of ['other@example.test', 'a@notcorp.example', 'a@corp.example.evil.test']) {
      expect((await failureOf(send({ ...mail, to }))).code).toBe('RECIPIENT_REFUSED');
    }
    expect(heard.commands).toEqual([]);
    await send({ ...mail, to: 'A@corp.example' });
    expect(heard.mails).toHaveLength(1);
  });

  it.each([
    ['refuses the recipient', { RCPT: '550 no such person' }, 'permanent'],
    ['asks to come back', { RCPT: '451 later' }, 'retryable'],
    ['refuses the message', { message: '554 spam' }, 'permanent'],
    ['dies after the message', { message: 'drop' }, 'ambiguous'],
    ['is busy', { greeting: '421 busy' }, 'retryable'],
  ])('a server that %s: %3$s', async (_, answers, kind) => {
    const { send } = await open(answers);
    expect((await failureOf(send(mail))).kind).toBe(kind);
  });

  it('sends no password without TLS, and goes nowhere that the guard refuses', async () => {
    await expect(open({}, { user: 'cordon', password: 'env:PASS' })).rejects.toThrow(/tls or starttls/);
    const { send } = await open({ STARTTLS: '502 no' }, { security: 'starttls', user: 'cordon', password: 'env:PASS' });
    expect((await failureOf(send(mail))).kind).toBe('permanent');
    expect(heard.commands.join()).not.toContain('AUTH');
    expect(heard.mails).toEqual([]);
    const guarded = await open({}, {}, false);
    expect((await failureOf(guarded.send(mail))).code).toBe('HOST_REFUSED');
  });

  it('a server that says a letter now and then is left when the time is over, and its connection is closed', async () => {
    const drips: Promise<void>[] = [];
    const server = createServer((socket) => {
      const drip = setInterval(() => socket.write('2'), 20);
      const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
      drips.push(closed.then(() => clearInterval(drip)));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
    const { port } = server.address() as AddressInfo; // a TCP server
    const { post, pingWithin } = await open({}, { port, timeoutMs: 60_000 });
    // Not the connector's own limit, which begins anew with each letter.
    for (const call of [post, pingWithin])
      expect(await failureOf(Promise.resolve(call(AbortSignal.timeout(200))))).toMatchObject({ kind: 'retryable', code: 'UNREACHABLE' });
    expect(drips).toHaveLength(2);
    await Promise.all(drips);
  });

  it('an unreachable server is retryable, and a ping says whose mail it sends', async () => {
    const { send } = await open({}, { port: 1 });
    expect(await failureOf(send(mail))).toMatchObject({ kind: 'retryable', code: 'UNREACHABLE' });
    const { ping } = await open();
    expect(await ping()).toEqual({ as: 'anonymous', detail: 'from cordon@example.test' });
  });
});
