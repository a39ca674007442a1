// Forward-only. A migration that was released is never edited; the next one corrects it. Plain SQL that PostgreSQL 15 and PGlite both take.

import { limitSql } from './limit-sql.ts';
import { commentsSql } from './migration-comments.ts';
import { debtsSql, effectsSql, openStepsSql, responseSql } from './migration-effects.ts';
import { entitiesSql } from './migration-entities.ts';
import { firstSql } from './migration-first.ts';
import { identitiesSql } from './migration-identities.ts';
import { messagesSql } from './migration-messages.ts';
import { onCallSql } from './migration-oncall.ts';
import { pagesSql } from './migration-pages.ts';
import { accountsSql, addressesSql, containedSinceSql, containedSql, peopleSql } from './migration-people.ts';
import { resolutionsSql } from './migration-resolutions.ts';
import { runEventsSql } from './run-events-sql.ts';
import { forms, planOrder, schedulesSql, versionsSql } from './schedules-sql.ts';

export interface MigrationText {
  /** Sorts in order; never renamed. */
  readonly name: string;
  readonly sql: string;
}

export const MIGRATIONS: readonly MigrationText[] = [
  { name: '0001_first', sql: firstSql },
  { name: '0002_forms', sql: forms },
  { name: '0010_effects', sql: effectsSql },
  { name: '0011_run_events', sql: runEventsSql },
  { name: '0012_debts', sql: debtsSql },
  { name: '0020_limits', sql: limitSql },
  { name: '0021_response', sql: responseSql },
  { name: '0030_plan_order', sql: planOrder },
  { name: '0031_schedules', sql: schedulesSql },
  { name: '0040_entities', sql: entitiesSql },
  { name: '0041_versions', sql: versionsSql },
  { name: '0050_people', sql: peopleSql },
  { name: '0060_messages', sql: messagesSql },
  { name: '0061_identities', sql: identitiesSql },
  { name: '0062_pages', sql: pagesSql },
  { name: '0063_oncall', sql: onCallSql },
  { name: '0064_comments', sql: commentsSql },
  { name: '0065_open_steps', sql: openStepsSql },
  { name: '0066_contained', sql: containedSql },
  { name: '0067_resolutions', sql: resolutionsSql },
  { name: '0068_contained_since', sql: containedSinceSql },
  { name: '0069_addresses', sql: addressesSql },
  { name: '0070_accounts', sql: accountsSql },
];
