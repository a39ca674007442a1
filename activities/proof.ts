// What a failure proves. A refusal is the product's word that nothing happened, and no proof of it (a gateway answers 503 or 429 for work that was
// done): what can be read is read once, before it is believed. Only what never left needs no look.
import { ConnectorFailure, type Json } from '../connectors/connector.ts';
import type { Sending } from './sending.ts';

/** The one request that there was did not leave the process, or did not reach anybody (http-failure.ts says so with these). */
const NEVER_LEFT: ReadonlySet<string> = new Set(['UNREACHABLE', 'CANCELLED']);

/** Answers that a gateway gives in the name of a product whose work it does not know: 503 and 425, with or without a time to come back. */
const ANSWERED_FOR_OTHERS: ReadonlySet<string> = new Set(['UNAVAILABLE']);

/** Between the two looks after a final refusal by a product that carries out later what it has accepted, at most, ms. */
const GRACE_MS = 1_000;

export interface Look {
  readonly read: () => Promise<Json>;
  /** What was asked for is so. */
  readonly isSo: (now: Json) => boolean;
  /** The product carries out later what it has accepted, within this, ms; absent: at once. */
  readonly settlesMs?: number;
}

export type Proof =
  /** It did not happen: nothing was sent, or nobody can look and the product's word is taken. */
  | { readonly kind: 'nothing' }
  /** The product refused it; this is how it is now. */
  | { readonly kind: 'read'; readonly now: Json }
  /** It may have happened, or may happen yet. */
  | { readonly kind: 'open' };

export async function proofOf(
  error: unknown,
  given: {
    readonly sending: Sending;
    /** The product has accepted it, and what failed came afterwards: the reading back. */
    readonly accepted: boolean;
    /** Absent where the action cannot be read. */
    readonly look?: Look;
    /** Nobody can look, and the product does not know a repeat from a second wish: what may have been done is never taken for undone. */
    readonly once?: boolean;
  },
): Promise<Proof> {
  if (given.accepted) return { kind: 'open' };
  if (!given.sending.sent()) return { kind: 'nothing' };
  if (!(error instanceof ConnectorFailure) || error.kind === 'ambiguous') return { kind: 'open' };
  const { look } = given;
  if (given.once && ANSWERED_FOR_OTHERS.has(error.code)) return { kind: 'open' };
  if (!look || (given.sending.times() === 1 && NEVER_LEFT.has(error.code))) return { kind: 'nothing' };
  try {
    const now = await look.read();
    if (error.kind !== 'permanent' || look.settlesMs === undefined || look.isSo(now)) return { kind: 'read', now };
    // Nobody looks again after a final refusal, so who carries out later what was accepted gets a moment.
    const pauseMs = Math.min(look.settlesMs, GRACE_MS);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    return { kind: 'read', now: await look.read() };
  } catch {
    return { kind: 'open' };
  }
}
