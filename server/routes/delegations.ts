// Who stands in for whom. Each person's own to make; either of the two, or an admin, ends it.
import { z } from 'zod';
import { endDelegation, listDelegations, makeDelegation } from '../../store/delegations.ts';
import { findByLogin } from '../../store/people.ts';
import type { DelegationRow } from '../contract.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { canonicalLogin } from '../sign-in-throttle.ts';
import { idParams, type Routes, reasonText } from './route.ts';

const MOST_DAYS = 90;
const DAY_MS = 86_400_000;

const instant = z.iso.datetime({ offset: true });
const body = z.strictObject({
  to: z.string().min(1).max(128).describe('Sign-in name of who decides in your stead.'),
  from: instant.optional().describe('Default: now.'),
  until: instant.describe(`When it is over; at most ${MOST_DAYS} days later.`),
  outOfOffice: z.boolean().optional().describe('Reminders for you go to them, too.'),
  reason: reasonText.optional(),
});

export const delegationRoutes: Routes = (app, { deps }) => {
  const { db } = deps.store;
  const list = async (personId: string, all: boolean): Promise<DelegationRow[]> => {
    const now = deps.now();
    return (await listDelegations(db, personId, all, now)).map((row) => ({
      id: row.id,
      person: row.person,
      delegate: row.delegate,
      mine: row.mine,
      from: row.from_at.toISOString(),
      until: row.until_at.toISOString(),
      active: row.from_at <= now,
      outOfOffice: row.out_of_office,
      reason: row.reason,
    }));
  };

  app.get('/delegations', { schema: { tags: ['people'], summary: 'Who stands in for you, and for whom you do' } }, async (request) => {
    const { person, role } = whoOf(request);
    return { items: await list(person.id, role === 'admin') };
  });

  app.post(
    '/delegations',
    { schema: { tags: ['people'], summary: 'Let somebody decide in your stead, for a time', body } },
    async (request, reply) => {
      const { person } = whoOf(request);
      const { to, outOfOffice = false, reason = '' } = request.body;
      const now = deps.now();
      const from = request.body.from === undefined ? now : new Date(request.body.from);
      const until = new Date(request.body.until);
      checkWindow(from, until, now);
      const delegate = await findByLogin(db, canonicalLogin(to));
      if (!delegate || delegate.disabled) throw problem('INVALID_INPUT', `Nobody who signs in here is called ${to}.`);
      if (delegate.id === person.id) throw problem('DELEGATION_REFUSED', 'You cannot stand in for yourself.');
      if (delegate.breakGlass) throw problem('DELEGATION_REFUSED', `${delegate.name} is for emergencies, and stands in for nobody.`);
      const wanted = { personId: person.id, delegateId: delegate.id, from, until, outOfOffice, reason };
      const id = await db.transaction().execute(async (trx) => await makeDelegation(trx, wanted, now));
      if (id === undefined) throw problem('DELEGATION_REFUSED', 'You have too many open delegations; end some first.');
      deps.store.wake('approvals');
      return reply.code(201).send((await list(person.id, false)).find((row) => row.id === id));
    },
  );

  app.post(
    '/delegations/:id/end',
    { schema: { tags: ['people'], summary: 'End a delegation before its time', params: idParams } },
    async (request, reply) => {
      const { person, role } = whoOf(request);
      const wish = { id: request.params.id, by: person.id, anybodys: role === 'admin' };
      const ended = await db.transaction().execute(async (trx) => await endDelegation(trx, wish, deps.now()));
      if (!ended) throw problem('NOT_FOUND', `There is no open delegation ${wish.id} of yours.`);
      deps.store.wake('approvals');
      return reply.code(204).send();
    },
  );
};

function checkWindow(from: Date, until: Date, now: Date): void {
  if (until <= now) throw problem('INVALID_INPUT', '`until` is over already.');
  if (until <= from) throw problem('INVALID_INPUT', '`until` must be after `from`.');
  if (until.getTime() - Math.max(from.getTime(), now.getTime()) > MOST_DAYS * DAY_MS)
    throw problem('INVALID_INPUT', `It may last ${MOST_DAYS} days at most; renew it then.`);
}
