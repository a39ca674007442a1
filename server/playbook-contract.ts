// The shapes of playbooks, their versions and schedules in the API. Read through contract.ts.

import type { Input } from '../language/plan.ts';
import type { PlanChange } from '../language/plan-diff.ts';

export interface PlaybookRow {
  readonly playbook: string;
  readonly title: string;
  readonly description: string;
  readonly owner: string;
  /** In force; 0: none is. */
  readonly version: number;
  /** The newest draft, where it is newer than what is in force. */
  readonly draft?: number;
  readonly digest: string;
  readonly mode: 'observe' | 'ask' | 'act';
  readonly publishedAt: string;
  readonly path: string;
  readonly triggers: readonly string[];
  /** What people fill in to start it by hand; absent where they may not. */
  readonly inputs?: Readonly<Record<string, Input>>;
  readonly fault?: {
    readonly path: string;
    readonly diagnostics: readonly {
      readonly code: string;
      readonly message: string;
      readonly line: number;
      readonly column: number;
      readonly hint?: string;
    }[];
  };
}

/** `GET /api/v1/playbooks/:name/versions`. */
export interface VersionRow {
  readonly version: number;
  readonly digest: string;
  readonly state: 'draft' | 'published' | 'superseded';
  readonly author: string;
  readonly publishedBy?: string;
  readonly writtenAt: string;
  readonly publishedAt?: string;
  /** What it changed for the world, against the version before it. */
  readonly changes: readonly PlanChange[];
  /** What became of it, newest first. */
  readonly history: readonly {
    readonly did: 'drafted' | 'published' | 'rolled back';
    readonly at: string;
    readonly by: string;
    readonly reason?: string;
  }[];
  /** Whether whoever asks may put it in force now; absent where it is in force. */
  readonly mayPublish?: boolean;
  /** Why they may not. */
  readonly refusal?: string;
}

/** `GET /api/v1/playbooks/:name/diff`. */
export interface VersionDiff {
  readonly playbook: string;
  readonly from: number;
  readonly to: number;
  readonly changes: readonly PlanChange[];
}

/** `GET /api/v1/schedules`. */
export interface ScheduleRow {
  /** <playbook>/<index of its trigger>. */
  readonly id: string;
  readonly playbook: string;
  readonly cron: string;
  readonly timezone: string;
  readonly overlap: string;
  readonly paused: boolean;
  /** Why Temporal did not take it. */
  readonly fault?: string;
  /** How it last came round. */
  readonly last?: { readonly at: string; readonly state: string; readonly reason: string; readonly runId?: string };
}
