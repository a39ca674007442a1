// A message that is owed, in words.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Message } from '../connectors/talk.ts';
import { type ClaimedMessage, placeOfAsked } from '../store/messages.ts';
import { isPageOpen } from '../store/pages.ts';
import { readApproval } from '../store/views/approvals.ts';
import { approvalWords, type Occasion } from './approval-words.ts';
import type { ChannelDeps } from './deps.ts';

export interface Composed {
  readonly message: Message;
  /** sha256 of what it shows. */
  readonly shown: string;
  readonly isFinal: boolean;
  /** False: what it would ask has been decided. */
  readonly isNeeded: boolean;
  /** Of the link that it carries, by which whoever it is for binds their identity. */
  readonly identityLink?: string;
}

/** Sees what everybody may see. */
const NOBODY = { id: '', iss: '', sub: '', role: 'viewer' };

/** Undefined: what it is about is no longer in the store. */
export async function compose(deps: ChannelDeps, row: ClaimedMessage): Promise<Composed | undefined> {
  return row.about === 'approval' ? await composeApproval(deps, row) : await composeStored(deps, row);
}

async function composeApproval({ store, consoleUrl }: ChannelDeps, row: ClaimedMessage): Promise<Composed | undefined> {
  const approval = await readApproval(store.db, row.subject, NOBODY);
  if (!approval) return undefined;
  const words = approvalWords(approval, occasionOf(row.part));
  const follows = row.part === 'asked' ? undefined : await placeOfAsked(store.db, row);
  const { title, lines, buttons, isFinal } = words;
  const message: Message = {
    key: keyOf(row),
    to: row.recipient,
    title,
    lines,
    link: {
      text: approval.state === 'open' ? 'Open it in the console' : 'Open it in the console (undo is there)',
      url: `${consoleUrl}/approvals/${row.subject}`,
    },
    // Only the message that asks: a reminder points to it.
    ...(row.part === 'asked' && buttons.length > 0 ? { buttons } : {}),
    // The schema of a place is the connector's; what it gave is what it gets.
    ...(follows === undefined || follows === null ? {} : { follows: follows as NonNullable<Message['follows']> }),
  };
  return { message, shown: digestOf(message), isFinal, isNeeded: row.part === 'outcome' || approval.state === 'open' };
}

/** A part is `asked`, or `<occasion>:<which>`. */
const occasionOf = (part: string): Occasion => OCCASIONS.find((occasion) => part.startsWith(occasion)) ?? 'asked';
const OCCASIONS: readonly Occasion[] = ['raised', 'reminder', 'escalation'];

const stored = z.strictObject({
  title: z.string(),
  lines: z.array(z.string()),
  link: z.strictObject({ text: z.string(), url: z.string() }).optional(),
  only: z.string().optional(),
  /** It carries the link by which this person binds their identity. */
  identityLink: z.string().optional(),
  page: z
    .strictObject({ what: z.enum(['trigger', 'acknowledge', 'resolve']), severity: z.enum(['critical', 'error', 'warning', 'info']) })
    .optional(),
});

async function composeStored({ store, consoleUrl }: ChannelDeps, row: ClaimedMessage): Promise<Composed> {
  const { title, lines, link, only, identityLink, page } = stored.parse(row.content);
  const asksForSomebody = row.about === 'page' && (row.part === 'page' || row.part === 'digest');
  const isNeeded = !asksForSomebody || (await isPageOpen(store.db, row.subject));
  // Links are to the console: what is stored is the way from there.
  const message: Message = {
    key: keyOf(row),
    to: row.recipient,
    title,
    lines,
    ...(link === undefined ? {} : { link: { text: link.text, url: `${consoleUrl}${link.url}` } }),
    ...(only === undefined ? {} : { only }),
    ...(page === undefined ? {} : { page }),
  };
  return { message, shown: digestOf(message), isFinal: true, isNeeded, ...(identityLink === undefined ? {} : { identityLink }) };
}

/** The row's own number is no part of it: the same message of a restored store is the same message. */
const keyOf = ({ about, subject, part }: ClaimedMessage): string =>
  // A pager knows a page by one key, whatever is said of it.
  (about === 'page' ? `cordon.${subject}` : `${about}.${subject}.${part}`).replaceAll(/[^A-Za-z0-9._~-]/g, '-').slice(0, 200);

const digestOf = (message: Message): string => createHash('sha256').update(JSON.stringify(message)).digest('hex');
