// The shapes of policy and of the inventory in the API. Read through contract.ts.

import type { Diagnostic } from '../language/diagnostics.ts';

/** What policy would decide about an effect now. */
export interface PolicyExplained {
  readonly verb: string;
  readonly risk: string;
  readonly target: {
    readonly name: string;
    readonly key: string;
    /** False: the inventory has nothing of that name. */
    readonly known: boolean;
    readonly tags: readonly string[];
    readonly groups: readonly string[];
    readonly criticality?: string;
  };
  readonly decision: {
    readonly effect: 'allow' | 'ask' | 'deny';
    readonly rule: string;
    readonly reason: string;
    readonly requirement?: { readonly count: number; readonly role: string; readonly stepUpMs?: number };
  };
  /** Every rule that speaks, and every limit that is full. */
  readonly rules: readonly { readonly name: string; readonly reason: string; readonly then: 'allow' | 'ask' | 'deny' }[];
  /** Every limit that it would count under. */
  readonly limits: readonly { readonly name: string; readonly used: number; readonly atMost: number; readonly withinMs: number }[];
  /** sha256 of the policy's file. */
  readonly policy: string;
  readonly at: string;
}

/** What an import changes, or would change. */
export interface EntitiesImported {
  /** False: a preview, or a file with faults. */
  readonly imported: boolean;
  readonly diagnostics: readonly Diagnostic[];
  readonly change?: {
    readonly source: string;
    readonly added: readonly string[];
    readonly changed: readonly string[];
    readonly removed: readonly string[];
    readonly unchanged: number;
    /** Entries whose names cannot be told from those of others: nothing is done to them until that is mended. */
    readonly conflicts: readonly { readonly id: string; readonly why: string }[];
  };
}

/** One real thing, with what all sources say of it. */
export interface EntityRow {
  /** What locks, limits and the ledger count: kind:name. */
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly tags: readonly string[];
  readonly groups: readonly string[];
  readonly owner?: string;
  readonly criticality?: string;
  readonly dependents: readonly string[];
  readonly sources: readonly string[];
  /** Why nothing is done to it: its names cannot be told from another's. */
  readonly conflict?: string;
  readonly held: number;
}
