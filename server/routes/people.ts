// Local accounts. Admins only, in a browser only, and with a password given lately: a stolen cookie must not make itself a second person.
import { z } from 'zod';
import { ROLES } from '../../policy/roles.ts';
import { appendAudit } from '../../store/audit.ts';
import { changePerson, countAdmins, createPerson, isNameTaken, lockAdmins, type PersonChange } from '../../store/people.ts';
import type { Trx } from '../../store/store.ts';
import { listTokens, revokeToken } from '../../store/tokens.ts';
import { type Account, listAccounts, readAccount } from '../../store/views/people.ts';
import type { NewAccount, PersonRow } from '../contract.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { proveLately, withPassword } from '../proof.ts';
import { giveOneTimePassword, newPassword } from '../reset-password.ts';
import { found, idParams, type Routes } from './route.ts';

const role = z.enum(['viewer', 'analyst', 'responder', 'engineer', 'admin']);
const name = z.string().trim().min(1).max(120);
const email = z.email('is no e-mail address').max(254);
const createBody = z.strictObject({
  // Plain letters only: no two logins look alike.
  login: z.string().regex(/^[a-z0-9][a-z0-9._@+-]{0,63}$/, 'use a to z, 0 to 9 and . _ @ + -'),
  name,
  email: email.optional().describe('Where messages reach them, and by what playbooks and inventories may name them.'),
  role,
  breakGlass: z.boolean().optional().describe('For emergencies: each sign-in is told to every admin, and it is never a target.'),
  ...withPassword,
});
const changeBody = z.strictObject({
  role: role.optional(),
  disabled: z.boolean().optional(),
  breakGlass: z.boolean().optional(),
  name: name.optional(),
  email: email.nullable().optional(),
  ...withPassword,
});
const tokenParams = z.strictObject({ ...idParams.shape, token: idParams.shape.id });
const tags = ['people'];

export const peopleRoutes: Routes = (app, { deps, signIn }) => {
  const { db } = deps.store;
  const personOr404 = async (id: string) => found(await readAccount(db, id), `person ${id}`);

  app.get('/people', { schema: { tags, summary: `Who may sign in (roles: ${ROLES.join(' < ')})` } }, async () => ({
    items: (await listAccounts(db)).map(shown),
  }));

  app.get('/people/:id', { schema: { tags, summary: 'One account', params: idParams } }, async ({ params }) =>
    shown(await personOr404(params.id)),
  );

  app.post(
    '/people',
    { schema: { tags, summary: 'Make an account; the answer has its one-time password', body: createBody } },
    async (request, reply) => {
      const { password: _, breakGlass = false, ...account } = request.body;
      await proveLately(signIn, request, request.body.password);
      const { password, passwordHash } = await newPassword(signIn.passwords);
      const id = await db.transaction().execute(async (trx) => {
        await lockAdmins(trx);
        await refuseTaken(trx, account);
        const made = await createPerson(trx, { ...account, breakGlass, passwordHash, oneTime: true }, deps.now());
        if (!made) throw problem('LOGIN_TAKEN', `The login ${account.login} is taken.`);
        await note(trx, whoOf(request).person.id, 'person.created', { person: made.id, role: made.role, breakGlass });
        return made.id;
      });
      const answer: NewAccount = { ...shown(await personOr404(id)), password };
      return reply.code(201).send(answer);
    },
  );

  app.patch(
    '/people/:id',
    { schema: { tags, summary: 'Change a role, a name, an address, or disable an account', params: idParams, body: changeBody } },
    async (request) => {
      const { id } = request.params;
      const self = whoOf(request).person.id;
      const change = changeOf(request.body);
      if (Object.keys(change).length === 0) throw problem('INVALID_INPUT', 'Nothing to change is named.');
      if (id === self && change.break_glass === true)
        throw problem('OWN_ACCOUNT', 'Whoever is meant for emergencies is never contained: another admin must say that of you.');
      await personOr404(id);
      await proveLately(signIn, request, request.body.password);
      await db.transaction().execute(async (trx) => {
        await lockAdmins(trx);
        if (typeof change.email === 'string') await refuseTaken(trx, { email: change.email }, id);
        const person = found(await changePerson(trx, id, change), `person ${id}`);
        if ((await countAdmins(trx)) === 0) throw problem('LAST_ADMIN', 'Nobody could manage people any more.');
        const what = Object.keys(change).join(', ');
        await note(trx, self, 'person.changed', { person: id, what, role: person.role, disabled: person.disabled });
      });
      return shown(await personOr404(id));
    },
  );

  app.post(
    '/people/:id/password',
    {
      schema: {
        tags,
        summary: 'Give a one-time password to somebody who lost theirs; their sessions end',
        params: idParams,
        body: z.strictObject(withPassword),
      },
    },
    async (request) => {
      const { id } = request.params;
      const self = whoOf(request).person.id;
      const person = await personOr404(id);
      if (id === self) throw problem('OWN_ACCOUNT', 'You change your own password with the one that you have.');
      if (person.iss !== 'local') throw problem('NO_PASSWORD_HERE', `${person.name} signs in elsewhere and has no password here.`);
      await proveLately(signIn, request, request.body.password);
      const { password, passwordHash } = await newPassword(signIn.passwords);
      await db
        .transaction()
        .execute(async (trx) => await giveOneTimePassword(trx, passwordHash, { personId: id, actor: self, now: deps.now() }));
      const answer: NewAccount = { ...shown(await personOr404(id)), password };
      return answer;
    },
  );

  app.get('/people/:id/tokens', { schema: { tags, summary: "Somebody's API tokens", params: idParams } }, async ({ params }) => ({
    items: await listTokens(db, (await personOr404(params.id)).id),
  }));

  app.delete(
    '/people/:id/tokens/:token',
    { schema: { tags, summary: "Revoke one of somebody's API tokens", params: tokenParams } },
    async (request, reply) => {
      const { id, token } = request.params;
      await db.transaction().execute(async (trx) => {
        if (!(await revokeToken(trx, id, token, deps.now()))) throw problem('NOT_FOUND', `They have no token ${token}.`);
        await note(trx, whoOf(request).person.id, 'token.revoked', { token, person: id });
      });
      return reply.code(204).send();
    },
  );

  async function note(
    trx: Trx,
    actor: string,
    code: 'person.created' | 'person.changed' | 'token.revoked',
    body: Record<string, unknown>,
  ): Promise<void> {
    await appendAudit(trx, 'people', [{ at: deps.now(), code, actor, body }]);
  }
};

/** A login that is somebody's address would answer to what is put to them, and the other way round. */
async function refuseTaken(trx: Trx, names: { readonly login?: string; readonly email?: string | undefined }, exceptId?: string) {
  if (names.login !== undefined && (await isNameTaken(trx, [names.login], exceptId)))
    throw problem('LOGIN_TAKEN', `The login ${names.login} is taken, as a login or as an address.`);
  if (names.email !== undefined && (await isNameTaken(trx, [names.email], exceptId)))
    throw problem('EMAIL_TAKEN', `${names.email} is somebody else's address or login.`);
}

const changeOf = ({
  role: nextRole,
  disabled,
  breakGlass,
  name: nextName,
  email: nextEmail,
}: z.infer<typeof changeBody>): PersonChange => ({
  ...(nextRole && { role: nextRole }),
  ...(disabled !== undefined && { disabled }),
  ...(nextName !== undefined && { name: nextName }),
  ...(nextEmail !== undefined && { email: nextEmail }),
  ...(breakGlass !== undefined && { break_glass: breakGlass }),
});

const shown = ({ id, login, name: word, email: address, role: level, disabled, oneTime, breakGlass, ...more }: Account): PersonRow => ({
  id,
  login,
  name: word,
  ...(address === null ? {} : { email: address }),
  role: level,
  disabled,
  mustChangePassword: oneTime,
  breakGlass,
  contained: more.contained,
  createdAt: more.createdAt.toISOString(),
  ...(more.lastSignInAt === null ? {} : { lastSignInAt: more.lastSignInAt.toISOString() }),
});
