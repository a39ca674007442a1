// What is known of the connected products, for people to look at, and as whom they know us, which policy forbids to act on.
import { type Kysely, sql } from 'kysely';
import { appendAudit } from './audit.ts';
import type { Db, Store } from './store.ts';
import type { Database } from './tables.ts';

export interface ConnectedProduct {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly simulated: boolean;
  readonly verbs: readonly string[];
}

export interface ConnectorAnswer {
  readonly state: 'ok' | 'failed';
  /** As whom it knows us, or what is wrong. Nothing secret. */
  readonly detail: string;
  /** As whom it knows us, lower case, where it has said so. */
  readonly account?: string;
  readonly at: Date;
}

/** These are the products now: those that are gone from the configuration go, new ones are unknown until they have answered. */
export async function nameConnectors(store: Store, products: readonly ConnectedProduct[]): Promise<void> {
  await store.db.transaction().execute(async (trx) => {
    const kept = products.map(({ id }) => id);
    await trx
      .deleteFrom('connector_states')
      .$if(kept.length > 0, (gone) => gone.where('id', 'not in', kept))
      .execute();
    for (const { id, type, title, simulated, verbs } of products) {
      const said = { type, title, simulated, verbs: [...verbs] };
      await trx
        .insertInto('connector_states')
        .values({ id, ...said })
        .onConflict((known) => known.column('id').doUpdateSet(said))
        .execute();
    }
  });
}

export async function noteConnector(db: Db, id: string, { state, detail, account, at }: ConnectorAnswer): Promise<void> {
  const known = account === undefined ? {} : { account };
  await db
    .updateTable('connector_states')
    .set({ state, detail, checked_at: at, ...known })
    .where('id', '=', id)
    .execute();
}

/** As whom the products knew us when they last said so, also before a restart, by connector. */
export async function knownAccounts(db: Db): Promise<ReadonlyMap<string, string>> {
  const rows = await db.selectFrom('connector_states').select(['id', 'account']).where('account', 'is not', null).execute();
  return new Map(rows.map(({ id, account }) => [id, account ?? '']));
}

/** Effects wait for it, or go on again. Each process finds out for itself: the first one tells, and only what is news is told. */
export async function noteOutage(
  db: Kysely<Database>,
  outage: { readonly connector: string; readonly reason: string; readonly on: boolean },
  now: Date,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const { rows } = await sql`
      update connector_states set outage_since = ${outage.on ? now : null}
      where id = ${outage.connector} and (outage_since is null) = ${outage.on} returning id`.execute(trx);
    const body = { connector: outage.connector, state: outage.on ? 'away' : 'back', reason: outage.reason };
    if (rows.length > 0) await appendAudit(trx, 'admin', [{ at: now, code: 'connector.changed', actor: 'cordon', body }]);
  });
}
