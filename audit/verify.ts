// Reads chains as a stranger would: every record must be the one that was written, at its place, with nothing missing before, between or behind.
import { CHAIN_START, chainHash, personalDigest } from './chain.ts';
import type { ChainedEvent, Sha256 } from './event.ts';

/**
 * altered: not the record that was hashed, or not at its place · missing: the one that belongs here is gone · out-of-order: comes after a
 * later one · unlinked: does not follow the record before it, so one of the two was replaced · truncated: the head says that there are
 * more · no-head: the stream's head is gone, or behind its records · personal-altered: its erasable part was exchanged, not erased ·
 * not-as-anchored: a signed checkpoint holds another hash for this place.
 */
type BadReason = 'altered' | 'missing' | 'out-of-order' | 'unlinked' | 'truncated' | 'no-head' | 'personal-altered' | 'not-as-anchored';

export interface BadRecord {
  readonly stream: string;
  readonly seq: number;
  readonly reason: BadReason;
}

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

export type ChainVerdict = { readonly ok: true; readonly count: number } | { readonly ok: false; readonly bad: BadRecord };

export const NO_HEAD: Head = { seq: 0, hash: CHAIN_START };

/** What is wrong with `event` as the record that follows `before`; null: nothing. */
export function checkNext(before: Head, event: ChainedEvent, sha256: Sha256): BadRecord | null {
  const expected = before.seq + 1;
  const bad = (reason: BadReason, seq = event.seq): BadRecord => ({ stream: event.stream, seq, reason });
  if (event.seq < expected) return bad('out-of-order');
  if (event.seq > expected) return bad('missing', expected);
  if (chainHash(event.prev, event, sha256) !== event.hash) return bad('altered');
  if (event.prev !== before.hash) return bad('unlinked');
  if (event.personal !== null && personalDigest(event.personal, sha256) !== event.personalDigest) return bad('personal-altered');
  return null;
}

/** What the chain, read up to `last`, lacks by its head; null: nothing. */
export function checkHead(stream: string, last: Head, head: Head | undefined): BadRecord | null {
  if (!head || last.seq > head.seq) return { stream, seq: (head?.seq ?? 0) + 1, reason: 'no-head' };
  if (last.seq < head.seq) return { stream, seq: last.seq + 1, reason: 'truncated' };
  return last.hash === head.hash ? null : { stream, seq: last.seq, reason: 'altered' };
}

/** Streams may be mixed, each in its order. Without heads, records cut off at the end go unseen. */
export function verifyChain(events: Iterable<ChainedEvent>, sha256: Sha256, heads?: ReadonlyMap<string, Head>): ChainVerdict {
  const lasts = new Map<string, Head>();
  let count = 0;
  for (const event of events) {
    const bad = checkNext(lasts.get(event.stream) ?? NO_HEAD, event, sha256);
    if (bad) return { ok: false, bad };
    lasts.set(event.stream, event);
    count++;
  }
  const streams = heads ? new Set([...heads.keys(), ...lasts.keys()]) : [];
  for (const stream of streams) {
    const bad = checkHead(stream, lasts.get(stream) ?? NO_HEAD, heads?.get(stream));
    if (bad) return { ok: false, bad };
  }
  return { ok: true, count };
}
