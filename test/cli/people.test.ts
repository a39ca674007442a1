// cordon people and cordon tokens against a whole server on a store in memory.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runCli } from '../../cli/run-cli.ts';
import { type Harness, ORIGIN, PASSWORD, startHarness } from '../server/harness.ts';

let harness: Harness;
let url: string;
beforeAll(async () => {
  harness = await startHarness();
  url = await harness.app.listen({ host: '127.0.0.1', port: 0 });
});
beforeEach(async () => {
  await harness.reset();
  await signIn('owner', harness.oneTimePassword, PASSWORD);
});
afterAll(async () => {
  await harness.close();
});

const signIn = (login: string, password: string, next?: string) =>
  harness.app.inject({
    method: 'POST',
    url: '/api/v1/session',
    headers: { origin: ORIGIN },
    payload: { login, password, ...(next ? { next } : {}) },
  });

async function cordon(args: readonly string[], password: string | undefined = PASSWORD, env: Readonly<Record<string, string>> = {}) {
  const said = { out: '', err: '' };
  const code = await runCli(args, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    env: { CORDON_URL: url, CORDON_TOKEN: harness.token, ...env },
    cwd: '/nonexistent',
    colour: false,
    columns: 100,
    progress: () => undefined,
    interrupted: () => AbortSignal.abort(),
    ...(password === '' ? {} : { askSecret: async () => password }),
    readLine: async () => PASSWORD,
  });
  return { code, ...said };
}
const sessions = async (): Promise<number> => (await harness.store.db.selectFrom('sessions').select('token_hash').execute()).length;

describe('cordon people', () => {
  it('adds somebody who signs in with what was printed, and leaves no session behind', async () => {
    const before = await sessions();
    const added = await cordon(['people', 'add', 'ada', '--name', 'Ada', '--role', 'analyst', '--email', 'ada@example.test', '--json']);
    const { password, id } = JSON.parse(added.out);
    expect(await sessions()).toBe(before);
    expect((await signIn('ada', password)).json()).toMatchObject({ id, role: 'analyst', mustChangePassword: true });
    const listed = await cordon(['people', 'list'], '');
    expect(listed.out).toMatch(/ada +Ada +analyst +one-time password +2026-11-21 12:00:00 +ada@example\.test/);
    expect(listed.out).not.toContain(password);
  });

  it('changes, disables, enables and resets by login or address', async () => {
    const added = await cordon(['people', 'add', 'ada', '--name', 'Ada', '--role', 'analyst', '--email', 'ada@example.test', '--json']);
    expect((await cordon(['people', 'change', 'ada@example.test', '--role', 'responder', '--email', ''])).out).toMatch(/role +responder/);
    expect((await cordon(['people', 'disable', 'ADA'])).out).toMatch(/state +disabled/);
    expect((await signIn('ada', JSON.parse(added.out).password)).statusCode).toBe(401);
    expect((await cordon(['people', 'enable', 'ada', '--password-stdin'], '')).code).toBe(0);
    const reset = JSON.parse((await cordon(['people', 'reset', 'ada', '--json'])).out);
    expect((await signIn('ada', reset.password)).json()).toMatchObject({ role: 'responder' });
    expect(reset).not.toHaveProperty('email');
  });

  it('does nothing on the word of a token alone, with a wrong password, or for somebody who is no admin', async () => {
    const add = ['people', 'add', 'eve', '--name', 'Eve', '--role', 'admin'];
    expect(await cordon(add, '')).toMatchObject({ code: 2, err: expect.stringContaining('PASSWORD_NEEDED') });
    expect(await cordon(add, 'made-up-wrong')).toMatchObject({ code: 1, err: expect.stringContaining('SIGN_IN_REFUSED') });
    const ben = JSON.parse((await cordon(['people', 'add', 'ben', '--name', 'Ben', '--role', 'engineer', '--json'])).out);
    await signIn('ben', ben.password, `${PASSWORD} ben`);
    expect(await cordon([...add, '--as', 'ben'], `${PASSWORD} ben`)).toMatchObject({ code: 1, err: expect.stringContaining('FORBIDDEN') });
    expect((await cordon(['people', 'list'], '')).out).not.toContain('eve');
  });

  it('says who is not there, and what was forgotten', async () => {
    expect(await cordon(['people', 'disable', 'nobody'])).toMatchObject({
      code: 1,
      err: expect.stringContaining('nobody signs in here as'),
    });
    expect(await cordon(['people', 'change', 'owner'])).toMatchObject({ code: 2, err: expect.stringContaining('NOTHING_TO_CHANGE') });
    expect(await cordon(['people', 'reset', 'owner', '--enable'])).toMatchObject({ code: 2 });
  });
});

describe('cordon tokens', () => {
  it('makes one that works within its scopes, lists its last use, and revokes it', async () => {
    const { id, token } = JSON.parse((await cordon(['tokens', 'create', 'report', '--scope', 'read', '--days', '7', '--json'])).out);
    const use = () => cordon(['runs', 'list'], '', { CORDON_TOKEN: token });
    expect((await use()).code).toBe(0);
    expect((await cordon(['tokens', 'list'])).out).toMatch(new RegExp(`${id} +report +read +2026-11-21 12:00:00 +2026-11-28`));
    expect((await cordon(['tokens', 'revoke', id])).out).toContain(id);
    expect(await use()).toMatchObject({ code: 1, err: expect.stringContaining('TOKEN_REFUSED') });
  });
});
