// The columns of what is posted to runs.
import type { Generated } from 'kysely';

export interface RunEventsTable {
  id: Generated<string>;
  run_id: string;
  name: string;
  body: unknown;
  posted_by: string;
  posted_at: Generated<Date>;
  used_by: string | null;
}
