// What a database statement serves, by its text: where statements are gathered into one for speed, the whole of it counts for safety.

export const MARKS = ['effects', 'audit', 'other'] as const;
/** effects: policy, approvals, limits, locks and the ledger, and what of the audit is in the same statement · audit: alone · other: intake, dispatch, runs. */
export type Mark = (typeof MARKS)[number];

export interface Served {
  readonly statements: number;
  /** From being handed to the driver until it has answered: on the embedded store one after the other, so that it is what they cost. */
  readonly ms: number;
}

const EFFECTS = /\b(steps|holds|locks|lock_waiters|limits|limit_places|freezes|approvals|decisions|escalations)\b/;
const AUDIT = /\b(append_audit|audit_events|audit_heads|audit_checkpoints)\b/;

export function markOf(text: string): Mark {
  if (EFFECTS.test(text)) return 'effects';
  return AUDIT.test(text) ? 'audit' : 'other';
}

const BEGINS = /^\s*(begin|start transaction)/i;
const ENDS = /^\s*(commit|rollback)/i;

/** Marks the statements of one session in their order: what ends a transaction serves what was done in it. */
export function marking(): (text: string) => Mark {
  let within: Mark = 'other';
  return (text) => {
    if (BEGINS.test(text)) within = 'other';
    const own = ENDS.test(text) ? within : markOf(text);
    if (own !== 'other' && within !== 'effects') within = own;
    return own;
  };
}
