// One command in the name of somebody who signs in for it and out again. Accounts and tokens are managed by people with their password, so that a token
// that got into wrong hands can make neither.
import type { Me } from '../server/contract.ts';
import { connect, jsonOf, request, serverUrl } from './client.ts';
import { CliError, type Context, EXIT } from './command.ts';

export interface AsOptions {
  readonly as?: string;
  readonly passwordStdin?: boolean;
}

/** For every command that works so. */
export const AS_FLAGS = {
  as: ['--as <login>', 'who signs in for it; else the owner of the API token'],
  password: ['--password-stdin', 'their password is the first line of the input; else it is asked for'],
} as const;

export type Call = <T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) => Promise<T>;

/** Throws PASSWORD_NEEDED where nobody is there to be asked, and what the server refuses. */
export async function asPerson<T>(context: Context, options: AsOptions, work: (call: Call) => Promise<T>): Promise<T> {
  const url = `${serverUrl(context)}/api/v1`;
  const origin = new URL(url).origin;
  const login = options.as ?? (await connect(context).get<Me>('/me')).login;
  const password = await (options.passwordStdin ? context.readLine?.() : context.askSecret?.(`Password of ${login}: `));
  if (password === undefined)
    throw new CliError(EXIT.wrongUse, 'PASSWORD_NEEDED', 'people and tokens are managed with a password', 'Give it with --password-stdin.');
  const send = (path: string, method: string, headers: Readonly<Record<string, string>>, body?: object): Promise<Response> =>
    request(`${url}${path}`, {
      method,
      headers: { origin, ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  const signedIn = await send('/session', 'POST', {}, { login, password });
  const cookie = signedIn.headers
    .getSetCookie()
    .map((text) => text.split(';', 1)[0] ?? '')
    .join('; ');
  try {
    return await work(
      async <A>(method: string, path: string, body?: object) => await jsonOf<A>(await send(path, method, { cookie }, body)),
    );
  } finally {
    // What was done is done: a session that is left behind ends by itself.
    await send('/session', 'DELETE', { cookie }).catch(() => undefined);
  }
}
