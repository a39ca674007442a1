// What is known of the connected products, for people to look at. Written by the worker; no decision rests on it.
import type { Db, Store } from './store.ts';

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

export async function noteConnector(db: Db, id: string, { state, detail, at }: ConnectorAnswer): Promise<void> {
  await db.updateTable('connector_states').set({ state, detail, checked_at: at }).where('id', '=', id).execute();
}
