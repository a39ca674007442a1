// Rows of pages.
import type { Generated } from 'kysely';
import type { Instant, InstantOrNull } from './tables.ts';

export interface PagesTable {
  id: string;
  key: string | null;
  code: string;
  message: string;
  critical: boolean;
  run_id: string | null;
  incident_id: string | null;
  state: Generated<string>;
  told_state: Generated<string>;
  created_at: Instant;
  changed_at: InstantOrNull;
  changed_by: string | null;
}

export interface PageRecipientsTable {
  page_id: string;
  connector: string;
  recipient: string;
  told_by: string | null;
}

export interface OncallTable {
  rota: string;
  people: string[];
  read_at: InstantOrNull;
  failing_since: InstantOrNull;
  error: string | null;
}

export interface PageWindowsTable {
  connector: string;
  recipient: string;
  incident_id: string;
  opened_at: InstantOrNull;
}
