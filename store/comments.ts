// What people write to each other about an approval. It decides nothing and changes no digest.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import { newId } from './ids.ts';
import type { Database } from './tables.ts';

export interface NewComment {
  readonly approvalId: string;
  readonly personId: string;
  readonly text: string;
  readonly channel: string;
}

/** Of one approval; more are another place's business. */
const MOST = 200;

/** Also after it was decided. */
export async function addComment(
  db: Kysely<Database>,
  { approvalId, personId, text, channel }: NewComment,
  now: Date,
): Promise<'added' | 'no such approval' | 'full'> {
  return await db.transaction().execute(async (trx) => {
    // The lock keeps the count true.
    const { rows } = await sql<{ run_id: string }>`select run_id from approvals where id = ${approvalId} for no key update`.execute(trx);
    const [approval] = rows;
    if (!approval) return 'no such approval';
    const id = newId('cmt', now);
    const made = await sql<{ id: string }>`
      insert into approval_comments (id, approval_id, person_id, body, channel, at)
      select ${id}, ${approvalId}, ${personId}, ${text}, ${channel}, ${now}
      where (select count(*) from approval_comments where approval_id = ${approvalId}) < ${MOST} returning id`.execute(trx);
    if (made.rows.length === 0) return 'full';
    const body = { approval: approvalId, comment: id, channel, note: text };
    await appendAudit(trx, approval.run_id, [{ at: now, code: 'approval.commented', actor: personId, body }]);
    return 'added';
  });
}
