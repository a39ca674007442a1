// Which of Cordon's own keys the content of the store was made with.
import { sql } from 'kysely';
import type { Db } from '../store.ts';

export interface KeyUse {
  /** Checkpoints of the audit were signed. */
  readonly signed: boolean;
  /** Payloads of runs were encrypted for Temporal. */
  readonly encrypted: boolean;
}

export async function keyUse(db: Db): Promise<KeyUse> {
  const { rows } = await sql<KeyUse>`select
      exists (select 1 from audit_checkpoints) as signed,
      exists (select 1 from runs where temporal_run_id is not null) as encrypted`.execute(db);
  return rows[0] ?? { signed: false, encrypted: false };
}
