// From "people must hear of this approval" to one message for each channel that it is put to.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Addressed, peopleIn } from '../policy/addressed.ts';
import { standInsOf } from '../store/delegations.ts';
import { type NewMessage, oweMessages } from '../store/messages.ts';
import { channelsFor } from './channel.ts';
import type { ChannelDeps } from './deps.ts';
import { raise } from './pages.ts';
import { plain } from './plain.ts';

const addressed = z.looseObject({
  role: z.string().optional(),
  group: z.string().optional(),
  oncall: z.string().optional(),
  person: z.string().optional(),
});

const notification = z.looseObject({
  approvalId: z.string(),
  about: z.enum(['opened', 'raised', 'reminder', 'escalation']),
  /** Tells it from others of its kind. Of an escalation: its step. */
  due: z.string().optional(),
  /** Of an escalation: who is asked from now on. Of a reminder: who stands in for somebody who is out of office. */
  to: addressed.nullish(),
});

/** The same notification again owes nothing more. Throws when the payload names no approval. */
export async function oweApprovalMessages(
  deps: Pick<ChannelDeps, 'store' | 'channels' | 'directory' | 'pages' | 'now'>,
  payload: unknown,
): Promise<void> {
  const { approvalId, about, to, ...rest } = notification.parse(payload);
  const { db } = deps.store;
  const approval = await db
    .selectFrom('approvals')
    .select(['addressed_to', 'title', 'run_id', 'state'])
    .where('id', '=', approvalId)
    .executeTakeFirstOrThrow();
  // The ask and gate activities wrote it.
  const asked = approval.addressed_to as Addressed;
  const whom =
    about === 'reminder' ? await remindedOf(deps, asked, to) : about === 'escalation' && to ? [withoutUndefined(to), asked] : [asked];
  const part = about === 'opened' ? 'asked' : `${about}:${shortDigest({ to, ...rest })}`;
  const wanted = channelsFor(deps.channels, whom).map(
    ({ connector, to: recipient }): NewMessage => ({ connector, recipient, about: 'approval', subject: approvalId, part }),
  );
  if ((await oweMessages(db, wanted)) > 0) deps.store.wake('messages');
  if (about === 'escalation' && approval.state === 'open') await wakeFor(deps, `${approvalId}.${rest.due ?? ''}`, approval);
}

/** Whoever stands in for one person instead of them; for those of a group or rota beside the others. */
async function remindedOf(
  { store, directory, now }: Pick<ChannelDeps, 'store' | 'directory' | 'now'>,
  asked: Addressed,
  to: z.output<typeof notification>['to'],
): Promise<readonly Addressed[]> {
  if (to) return [withoutUndefined(to)];
  const standIns = await standInsOf(store.db, peopleIn(directory, asked, now().getTime()), now());
  return [asked, ...standIns.map((person) => ({ person }))];
}

/** Nobody has decided: somebody is woken, at each step anew. The page is resolved when it is decided. */
async function wakeFor(
  deps: Pick<ChannelDeps, 'store' | 'pages' | 'now'>,
  step: string,
  { title, run_id: runId }: { title: string; run_id: string },
): Promise<void> {
  const message = `Nobody has decided yet: ${plain(title)}`;
  await raise(deps, { key: `approval.${step}`, code: 'APPROVAL_WAITING', message, isCritical: false, runId });
}

/** Tells reminders and steps of an escalation apart by what they say. */
const shortDigest = (facts: object): string => createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);

/** The schema's optional members may be undefined; ours are there or not. */
function withoutUndefined({ role, group, oncall, person }: z.output<typeof addressed>): Addressed {
  return {
    ...(role === undefined ? {} : { role }),
    ...(group === undefined ? {} : { group }),
    ...(oncall === undefined ? {} : { oncall }),
    ...(person === undefined ? {} : { person }),
  };
}
