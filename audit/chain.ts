// The hash chain of one stream. Version 1 of the bytes, also computed by the database function append_audit (store/audit-sql.ts):
// nine lines of text, of which only the last may hold anything at all, and that is JSON on one line.
import { canonical } from './canonical.ts';
import type { ChainedEvent, Sha256 } from './event.ts';

const CHAIN_VERSION = 'cordon-audit/1';
/** What the first event of a stream follows. */
export const CHAIN_START = '0'.repeat(64);

export type ChainContent = Pick<ChainedEvent, 'stream' | 'seq' | 'at' | 'code' | 'actor' | 'body' | 'personalDigest'>;

export function chainHash(prev: string, event: ChainContent, sha256: Sha256): string {
  return sha256(chainText(prev, event));
}

/** Streams, codes and actors hold no line breaks: isPlainName() is asked before an event is appended. */
export function chainText(prev: string, event: ChainContent): string {
  return [
    CHAIN_VERSION,
    event.stream,
    String(event.seq),
    prev,
    event.at,
    event.code,
    event.actor,
    event.personalDigest ?? '-',
    canonical(event.body),
  ].join('\n');
}

/** May this be a stream, a code or an actor? */
export function isPlainName(name: string): boolean {
  return /^[\x21-\x7e]{1,200}$/.test(name);
}

/** The personal part is digested together with a salt of its own (member 'salt'): the digest of a name alone could be guessed. */
export function personalDigest(personal: NonNullable<ChainedEvent['personal']>, sha256: Sha256): string {
  return sha256(`cordon-personal/1\n${canonical(personal)}`);
}
