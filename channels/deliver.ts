// One message, sent once: what may have gone out already is looked for first, or left, or sent again marked, as its product allows.
import { ConnectorFailure } from '../connectors/connector.ts';
import type { Message } from '../connectors/talk.ts';
import { type Backoff, backoffMs } from '../dispatch/backoff.ts';
import { noteLinkEmail } from '../store/identities.ts';
import { beginMessage, type ClaimedMessage, endMessage, messageLater, messageRight, messageSent, oweMessages } from '../store/messages.ts';
import { type Carrier, carrierOf } from './channel.ts';
import { type Composed, compose } from './compose.ts';
import type { ChannelDeps } from './deps.ts';

const SEND_WITHIN_MS = 20_000;
/** A product that does not answer is tried for as long as somebody needs the message. */
const BACKOFF: Backoff = { firstMs: 1_000, capMs: 60_000 };
/** What a product refuses for good may be mended there: a token, a channel. */
const REFUSED_AGAIN_MS = 5 * 60_000;
/** What was sent without an answer may land this much later. */
const LOOK_AFTER_MS = 5_000;
const LOOK_AGAIN_MS = 2_000;
const REPLY_TRIES = 4;

export async function sendMessage(deps: ChannelDeps, row: ClaimedMessage): Promise<void> {
  const { db } = deps.store;
  const composed = await compose(deps, row);
  const carrier = carrierOf(deps.connectors, row.connector);
  if (carrier === undefined)
    return await endMessage(db, row, 'undeliverable', `there is no connector "${row.connector}" that carries messages`);
  if (composed === undefined) return await endMessage(db, row, 'dropped', 'what it is about is gone');
  let isLooking = row.begun_ms !== null;
  try {
    const found = row.begun_ms === null ? undefined : await lookFor(carrier, composed.message, row.begun_ms);
    isLooking = false;
    if (found === 'unclear')
      return await endMessage(db, row, 'unclear', 'it may have been sent: the product cannot be asked, and it is not sent twice');
    if (found !== undefined)
      return await messageSent(db, row, { place: found.place, shown: '', settled: row.about !== 'approval' || row.part !== 'asked' });
    if (!composed.isNeeded) return await endMessage(db, row, 'dropped', 'decided before it was sent');
    await noteWhose(deps, carrier, composed);
    if (!(await beginMessage(db, row))) return;
    const repeat = row.begun_ms !== null && carrier.messages.whenUnclear === 'repeat';
    const place = await carrier.messages.post(
      carrier.client,
      { ...composed.message, ...(repeat ? { repeat } : {}) },
      AbortSignal.timeout(SEND_WITHIN_MS),
    );
    await messageSent(db, row, { place, shown: composed.shown, settled: isDone(row, composed) });
  } catch (error) {
    await afterFailure(deps, row, error, isLooking);
  }
}

/** Where it stands already; unclear: nobody can say; undefined: it is not there, or a repeat does no harm. */
async function lookFor(
  { client, messages }: Carrier,
  message: Message,
  sinceMs: number,
): Promise<{ place: unknown } | 'unclear' | undefined> {
  if (messages.whenUnclear === 'never') return 'unclear';
  if (messages.whenUnclear === 'repeat' || messages.find === undefined) return undefined;
  const place = await messages.find(client, message, sinceMs, AbortSignal.timeout(SEND_WITHIN_MS));
  return place === undefined ? undefined : { place };
}

/** A link that binds an identity is held against what the product knows of its owner, where it tells us. */
async function noteWhose(
  { store }: ChannelDeps,
  { client, messages }: Carrier,
  { identityLink, message: { only } }: Composed,
): Promise<void> {
  if (identityLink === undefined || only === undefined || messages.who === undefined) return;
  try {
    const { email } = await messages.who(client, only, AbortSignal.timeout(SEND_WITHIN_MS));
    if (email !== undefined) await noteLinkEmail(store.db, identityLink, email);
  } catch (error) {
    // An app without the right to read addresses: the person who confirms sees whose account it is.
    if (!(error instanceof ConnectorFailure) || error.kind !== 'permanent') throw error;
  }
}

/** Only the message that asked is kept true afterwards. */
const isDone = (row: ClaimedMessage, { isFinal }: Composed): boolean => row.about !== 'approval' || row.part !== 'asked' || isFinal;

async function afterFailure(deps: ChannelDeps, row: ClaimedMessage, error: unknown, isLooking: boolean): Promise<void> {
  const failure = error instanceof ConnectorFailure ? error : undefined;
  const said = failure === undefined ? `a fault in Cordon: ${String(error)}` : `${failure.code}: ${failure.message}`;
  // The product itself says that it failed: a gateway that is down, not an answer that was lost.
  const isUnclear = failure?.kind === 'ambiguous' && failure.code !== 'UNAVAILABLE' && failure.code !== 'SERVER_ERROR';
  if (isLooking && failure?.kind === 'permanent')
    return await endMessage(deps.store.db, row, 'unclear', `it may have been sent, and looking for it is refused: ${said}`);
  // Whoever clicked has long clicked again, or gone to the console.
  if (row.about === 'reply' && row.attempts >= REPLY_TRIES) return await endMessage(deps.store.db, row, 'undeliverable', said);
  const delayMs =
    failure?.kind === 'permanent'
      ? REFUSED_AGAIN_MS
      : isUnclear
        ? LOOK_AFTER_MS
        : Math.max(failure?.retryAfterMs ?? 0, backoffMs(BACKOFF, row.attempts + 1, deps.random()));
  if (row.attempts === 0)
    deps.log.warn({ connector: row.connector, about: row.subject, reason: said }, 'a message to people could not be sent yet');
  await messageLater(deps.store.db, row, {
    delayMs,
    error: said,
    isUnclear: isUnclear || isLooking,
    isRefused: failure?.kind === 'permanent',
  });
}

/** What stands somewhere is made to say what is true now. Where nothing can be edited, one message follows once all is known. */
export async function refreshMessage(deps: ChannelDeps, row: ClaimedMessage): Promise<void> {
  const { db } = deps.store;
  const composed = await compose(deps, row);
  const carrier = carrierOf(deps.connectors, row.connector);
  if (composed === undefined || carrier === undefined) return await endMessage(db, row, 'undeliverable', 'it can no longer be edited');
  const { message, shown, isFinal } = composed;
  try {
    if (carrier.messages.edit === undefined || row.place === null) {
      const { connector, recipient, about, subject } = row;
      if (isFinal && (await oweMessages(db, [{ connector, recipient, about, subject, part: 'outcome' }])) > 0) deps.store.wake('messages');
      return await messageRight(db, row, isFinal, LOOK_AGAIN_MS);
    }
    if (shown === row.shown) return await messageRight(db, row, isFinal, LOOK_AGAIN_MS);
    // The connector gave the place; it reads it with a schema of its own.
    await carrier.messages.edit(carrier.client, row.place as NonNullable<Message['follows']>, message, AbortSignal.timeout(SEND_WITHIN_MS));
    await messageSent(db, row, { place: row.place, shown, settled: isFinal });
  } catch (error) {
    // Somebody has removed it there: nothing stands that could be wrong.
    if (error instanceof ConnectorFailure && error.code === 'MESSAGE_GONE') return await messageRight(db, row, true, LOOK_AGAIN_MS);
    await afterFailure(deps, row, error, false);
  }
}
