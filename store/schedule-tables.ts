// Rows of what starts by the clock.
import type { Generated } from 'kysely';
import type { Instant, InstantDefault, InstantOrNull } from './tables.ts';

export interface SchedulesTable {
  id: string;
  playbook: string;
  spec: string;
  paused_by: string | null;
  seen_at: InstantOrNull;
  since: InstantDefault;
  fault: string | null;
}

export interface ScheduleTicksTable {
  schedule_id: string;
  at: Instant;
  state: Generated<string>;
  reason: string | null;
  run_id: string | null;
  taken_at: InstantDefault;
}
