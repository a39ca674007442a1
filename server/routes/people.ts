// Local accounts. Admins only, and in a browser only.
import { z } from 'zod';
import { ROLES } from '../../policy/roles.ts';
import { appendAudit } from '../../store/audit.ts';
import { changePerson, countAdmins, createPerson, listPeople, lockAdmins, type Person } from '../../store/people.ts';
import type { Trx } from '../../store/store.ts';
import type { PersonRow } from '../contract.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { newOneTimePassword } from '../secrets.ts';
import { found, idParams, type Routes } from './route.ts';

const role = z.enum(['viewer', 'analyst', 'responder', 'engineer', 'admin']);
const createBody = z.strictObject({
  // Plain letters only: no two logins look alike.
  login: z.string().regex(/^[a-z0-9][a-z0-9._@+-]{0,63}$/, 'use a to z, 0 to 9 and . _ @ + -'),
  name: z.string().trim().min(1).max(120),
  role,
  breakGlass: z.boolean().optional().describe('For emergencies: each sign-in is told to every admin, and it is never a target.'),
});
const changeBody = z.strictObject({
  role: role.optional(),
  disabled: z.boolean().optional(),
  breakGlass: z.boolean().optional(),
  name: z.string().trim().min(1).max(120).optional(),
});

const shown = ({ id, login, name, role: word, disabled, oneTime, breakGlass }: Person): PersonRow => ({
  id,
  login,
  name,
  role: word,
  disabled,
  mustChangePassword: oneTime,
  breakGlass,
});

export const peopleRoutes: Routes = (app, { deps, signIn }) => {
  const { db } = deps.store;
  const hasher = signIn.passwords;
  app.get('/people', { schema: { tags: ['people'], summary: `Who may sign in (roles: ${ROLES.join(' < ')})` } }, async () => ({
    items: (await listPeople(db)).map(shown),
  }));
  app.post(
    '/people',
    { schema: { tags: ['people'], summary: 'Make an account; the answer has its one-time password', body: createBody } },
    async (request, reply) => {
      const password = newOneTimePassword();
      const passwordHash = await hasher.hash(password);
      const person = await db.transaction().execute(async (trx) => {
        const { login, name, role: word, breakGlass = false } = request.body;
        const made = await createPerson(trx, { login, name, role: word, breakGlass, passwordHash, oneTime: true }, deps.now());
        if (!made) throw problem('LOGIN_TAKEN', `The login ${request.body.login} is taken.`);
        await note(trx, whoOf(request).person.id, 'person.created', { person: made.id, role: made.role, breakGlass: made.breakGlass });
        return made;
      });
      return reply.code(201).send({ ...shown(person), password });
    },
  );
  app.patch(
    '/people/:id',
    { schema: { tags: ['people'], summary: 'Change a role, a name, or disable an account', params: idParams, body: changeBody } },
    async (request) => {
      const { role: nextRole, disabled, name, breakGlass } = request.body;
      const change = {
        ...(nextRole && { role: nextRole }),
        ...(disabled !== undefined && { disabled }),
        ...(name !== undefined && { name }),
        ...(breakGlass !== undefined && { break_glass: breakGlass }),
      };
      if (Object.keys(change).length === 0) throw problem('INVALID_INPUT', 'Nothing to change is named.');
      return await db.transaction().execute(async (trx) => {
        await lockAdmins(trx);
        const person = found(await changePerson(trx, request.params.id, change), `person ${request.params.id}`);
        if ((await countAdmins(trx)) === 0) throw problem('LAST_ADMIN', 'Nobody could manage people any more.');
        await note(trx, whoOf(request).person.id, 'person.changed', {
          person: person.id,
          what: Object.keys(change).join(', '),
          role: person.role,
          disabled: person.disabled,
        });
        return shown(person);
      });
    },
  );

  async function note(trx: Trx, actor: string, code: 'person.created' | 'person.changed', body: Record<string, unknown>): Promise<void> {
    await appendAudit(trx, 'people', [{ at: deps.now(), code, actor, body }]);
  }
};
