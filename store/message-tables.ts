// Rows of messages to people.
import type { Generated } from 'kysely';
import type { InstantDefault, InstantOrNull, JsonOrNull } from './tables.ts';

export interface MessagesTable {
  id: Generated<string>;
  connector: string;
  recipient: string;
  about: string;
  subject: string;
  part: string;
  content: JsonOrNull;
  state: Generated<string>;
  begun_at: InstantOrNull;
  place: JsonOrNull;
  shown: string | null;
  settled: Generated<boolean>;
  attempts: Generated<number>;
  failing_since: InstantOrNull;
  next_at: InstantDefault;
  claimed_by: string | null;
  claimed_until: InstantOrNull;
  refused: Generated<boolean>;
  error: string | null;
  created_at: InstantDefault;
  sent_at: InstantOrNull;
}
