// The words in which people hear that something waits for them. A messenger only points to the console: it never decides.
import { z } from 'zod';
import type { Store } from '../store/store.ts';

const payloadOf = z.looseObject({
  approvalId: z.string(),
  about: z.enum(['opened', 'reminder', 'escalation']),
  due: z.string().default(''),
});
const BEGIN = { opened: 'Waits for a decision', reminder: 'Still waits for a decision', escalation: 'Nobody has decided yet' };
const MAX_TITLE = 300;

export interface Notice {
  /** Equal for the same notice only. */
  readonly key: string;
  readonly text: string;
}

/** Throws when the payload names no approval. */
export function approvalNotice(store: Store, consoleUrl: string): (payload: unknown) => Promise<Notice> {
  return async (payload) => {
    const { approvalId, about, due } = payloadOf.parse(payload);
    const approval = await store.db
      .selectFrom('approvals')
      .select(['title', 'kind', 'silence', 'expires_at', 'state'])
      .where('id', '=', approvalId)
      .executeTakeFirstOrThrow();
    const silence = approval.kind === 'question' ? `"${approval.silence ?? ''}"` : 'no';
    const until = approval.expires_at.toISOString().slice(0, 16).replace('T', ' ');
    const lines = [
      `${BEGIN[about]}: ${plain(approval.title)}`,
      `Until ${until} UTC; silence means ${silence}.`,
      `${consoleUrl}/approvals/${approvalId}`,
    ];
    return { key: `${approvalId}.${about}${due}`, text: lines.join('\n') };
  };
}

/** Titles may hold text from alerts: one line, no control characters, bounded. */
function plain(title: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return title.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]+/g, ' ').slice(0, MAX_TITLE);
}
