// The ledger as people read it: what is contained, by whom, until when.
import { sql } from 'kysely';
import type { HoldRow, Page } from '../../server/contract.ts';
import type { Db } from '../store.ts';
import { iso, type PageWish, pageOf, present, presentIso, sizeOf } from './page.ts';

export interface HoldsWish extends PageWish {
  /** `open`: whatever may still be in force (active, releasing, debt) · `drifted`: held, but found no longer in force. */
  readonly state?: HoldRow['state'] | 'open' | 'drifted' | undefined;
  readonly run?: string | undefined;
  readonly entity?: string | undefined;
  readonly incident?: string | undefined;
}

interface Row {
  readonly id: string;
  readonly entity: string;
  readonly entity_name: string;
  readonly verb: string;
  readonly connector: string;
  readonly simulated: boolean | null;
  readonly run_id: string;
  readonly step_id: string;
  readonly incident_id: string;
  readonly state: HoldRow['state'];
  readonly says_undo: string;
  readonly recovered: boolean;
  readonly placed_at: Date;
  readonly expires_at: Date | null;
  readonly on_expiry: 'ask' | 'release' | null;
  readonly ended_at: Date | null;
  readonly ended_by: string | null;
  readonly debt_reason: string | null;
  readonly debt_owner: string | null;
  readonly debt_since: Date | null;
  readonly drifted_at: Date | null;
  readonly drift: string | null;
  readonly renew_asked: NonNullable<HoldRow['renewAsked']> | null;
}

const columns = sql`h.id, h.entity, h.entity_name, h.verb, h.connector, c.simulated, h.run_id, h.step_id, h.incident_id, h.state, h.says_undo,
  h.recovered, h.placed_at, h.expires_at, h.on_expiry, h.ended_at, h.ended_by, h.debt_reason, h.debt_owner,
  h.debt_since, h.drifted_at, h.drift,
  case when h.renew_at > now() - interval '1 day' then jsonb_build_object('by', coalesce((select name from people p where p.id = h.renew_by), h.renew_by),
    'forMs', h.renew_for_ms) end as renew_asked`;

export async function listHolds(db: Db, wish: HoldsWish): Promise<Page<HoldRow>> {
  const size = sizeOf(wish);
  const states =
    wish.state === undefined
      ? null
      : wish.state === 'open'
        ? ['active', 'releasing', 'debt']
        : wish.state === 'drifted'
          ? ['active']
          : [wish.state];
  const { rows } = await sql<Row>`
    select ${columns} from holds h left join connector_states c on c.id = h.connector
    where (${wish.before ?? null}::text is null or h.id < ${wish.before ?? null})
      and (${states === null} or h.state = any(${states ?? []}))
      and (${wish.state !== 'drifted'} or h.drifted_at is not null)
      and (${wish.run ?? null}::text is null or h.run_id = ${wish.run ?? null})
      and (${wish.entity ?? null}::text is null or h.entity = ${wish.entity ?? null})
      and (${wish.incident ?? null}::text is null or h.incident_id = ${wish.incident ?? null})
    order by h.id desc limit ${size + 1}`.execute(db);
  return pageOf(rows, size, holdRow);
}

export async function readHoldRow(db: Db, id: string): Promise<HoldRow | undefined> {
  const { rows } = await sql<Row>`
    select ${columns} from holds h left join connector_states c on c.id = h.connector where h.id = ${id}`.execute(db);
  return rows[0] && holdRow(rows[0]);
}

const holdRow = (row: Row): HoldRow => ({
  id: row.id,
  entity: row.entity,
  entityName: row.entity_name,
  verb: row.verb,
  connector: row.connector,
  simulated: row.simulated ?? false,
  runId: row.run_id,
  stepId: row.step_id,
  incidentId: row.incident_id,
  state: row.state,
  saysUndo: row.says_undo,
  recovered: row.recovered,
  placedAt: iso(row.placed_at),
  ...presentIso('expiresAt', row.expires_at),
  ...present('onExpiry', row.on_expiry),
  ...presentIso('endedAt', row.ended_at),
  ...present('endedBy', row.ended_by),
  ...present('debtReason', row.debt_reason),
  ...present('debtOwner', row.debt_owner),
  ...presentIso('debtSince', row.debt_since),
  ...presentIso('driftedAt', row.drifted_at),
  ...present('drift', row.drift),
  ...present('renewAsked', row.renew_asked),
});
