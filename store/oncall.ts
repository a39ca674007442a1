// Rotas that a product keeps: what it said last stays until it says something else.
import { type Kysely, sql } from 'kysely';
import type { Db } from './store.ts';
import type { Database } from './tables.ts';

export interface KnownRota {
  readonly rota: string;
  /** Addresses, lower case, and the sign-in names of those of ours who have them. */
  readonly people: readonly string[];
  readonly readAt: Date | null;
  readonly failingSince: Date | null;
  readonly error: string | null;
}

export async function readRotas(db: Db): Promise<readonly KnownRota[]> {
  const { rows } = await sql<KnownRota>`
    select o.rota, o.people || array(select lower(p.login) from people p where lower(p.email) = any(o.people) and not lower(p.login) = any(o.people) order by 1) as people,
      o.read_at as "readAt", o.failing_since as "failingSince", o.error
    from oncall o order by o.rota`.execute(db);
  return rows;
}

export async function noteRota(db: Db, rota: string, people: readonly string[], now: Date): Promise<void> {
  await sql`insert into oncall (rota, people, read_at) values (${rota}, ${[...people]}::text[], ${now})
    on conflict (rota) do update set people = excluded.people, read_at = excluded.read_at, failing_since = null, error = null`.execute(db);
}

/** What was known stays. */
export async function noteRotaFailure(db: Db, rota: string, error: string, now: Date): Promise<void> {
  await sql`insert into oncall (rota, people, failing_since, error) values (${rota}, '{}', ${now}, ${error.slice(0, 500)})
    on conflict (rota) do update set failing_since = coalesce(oncall.failing_since, excluded.failing_since), error = excluded.error`.execute(
    db,
  );
}

/** Rotas that the configuration no longer names. */
export async function keepRotas(db: Kysely<Database>, rotas: readonly string[]): Promise<void> {
  await sql`delete from oncall where not rota = any(${[...rotas]}::text[])`.execute(db);
}
