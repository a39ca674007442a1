// For each invariant a fault that breaks it, put between Cordon and its world. The simulation is only worth something if it notices every one.
import { sql } from 'kysely';
import { checkpoint } from '../../store/checkpoint.ts';
import type { Invariant } from '../invariants/evidence.ts';
import { sealOf } from '../invariants/seal.ts';
import type { Sent } from './products.ts';
import type { Plant } from './world.ts';

const ELSEWHERE = 'wks-012';

const isIsolation = ({ path }: Sent): boolean => path.endsWith('/isolate');

/** Every lock is over a moment after it was taken or renewed, whatever is still under way. */
const WITHOUT_LOCKS = `
  create or replace function over() returns trigger language plpgsql as $$ begin new.lease_until := clock_timestamp() + interval '150 milliseconds'; return new; end $$;
  create or replace trigger over before insert or update on locks for each row execute function over()`;

const UNSEEN_INTENTS = `
  create or replace function unseen() returns trigger language plpgsql as $$ begin
    if new.state = 'intent' then new.entity := null; end if; return new; end $$;
  create or replace trigger unseen before insert or update on steps for each row execute function unseen()`;

const LATE_STARTS = `
  create or replace function late() returns trigger language plpgsql as $$ begin
    if new.kind = 'start' then new.next_at := clock_timestamp() + interval '100 seconds'; end if; return new; end $$;
  create or replace trigger late before insert on outbox for each row execute function late()`;

export interface Planted {
  readonly says: string;
  readonly plant: Plant;
  /** Which case shows it; default: two plain runs. */
  readonly in?: 'crossing' | 'quarantine';
}

export const PLANTS: Readonly<Record<Invariant, readonly Planted[]>> = {
  I1: [
    {
      says: 'an alert is forgotten after it was acknowledged',
      plant: {
        // Before anybody can have looked: by a trigger of the database.
        begin: async (store) =>
          void (await sql
            .raw(
              `create or replace function forget() returns trigger language plpgsql as $$ begin return case when new.kind = 'decide' then null else new end; end $$;
             create or replace trigger forget before insert on outbox for each row execute function forget()`,
            )
            .execute(store.db)),
        after: async (store) => void (await sql`drop trigger forget on outbox`.execute(store.db)),
      },
    },
  ],
  I2: [
    {
      says: 'a connector does something that nobody asked for',
      plant: {
        products: (products) => {
          products.tamper = (sent) =>
            isIsolation(sent)
              ? [
                  sent,
                  { ...sent, path: sent.path.replace(/wks-\d+/, ELSEWHERE), headers: { ...sent.headers, 'idempotency-key': 'nobody.x.0' } },
                ]
              : [sent];
        },
      },
    },
  ],
  I3: [
    {
      says: 'a request is sent twice',
      plant: {
        products: (products) => {
          products.tamper = (sent) => (isIsolation(sent) ? [sent, sent] : [sent]);
        },
      },
    },
  ],
  I4: [
    {
      says: 'another host is isolated than the one that was approved',
      plant: {
        products: (products) => {
          products.tamper = (sent) => [{ ...sent, path: sent.path.replace('wks-001/isolate', 'wks-002/isolate') }];
        },
      },
    },
    {
      says: 'another host is put into quarantine than the one that was approved',
      in: 'quarantine',
      plant: {
        products: (products) => {
          products.tamper = (sent) => [{ ...sent, path: sent.path.replace('wks-001/quarantine', 'wks-002/quarantine') }];
        },
      },
    },
  ],
  I5: [
    {
      says: 'an approval is granted by somebody with access to the database',
      plant: {
        meddle: async (store) => {
          await sql`with forged as (update approvals set state = 'granted', decided_at = now(), use_by = now() + interval '1 hour', decided_by = 'nobody'
            where state = 'open' and kind = 'approval' returning id, requirement)
          insert into decisions (approval_id, person_id, iss, sub, role, decision, channel)
          select forged.id, 'per_forged' || n, 'nowhere', 'forged' || n, 'responder', 'approve', 'test' from forged, generate_series(1, 2) n`.execute(
            store.db,
          );
          await sql`update outbox set next_at = now() where kind = 'wake'`.execute(store.db);
        },
      },
    },
    {
      says: 'a host is erased instead of put into quarantine, and one that two people would have to agree to',
      in: 'quarantine',
      plant: {
        products: (products) => {
          products.tamper = (sent) => (sent.path.endsWith('/quarantine') ? [sent, { ...sent, path: '/v1/devices/wks-002/wipe' }] : [sent]);
        },
      },
    },
  ],
  I6: [
    {
      says: 'a record of the audit is taken away',
      plant: { after: async (store) => void (await sql`delete from audit_events where code = 'effect.intent'`.execute(store.db)) },
    },
    {
      says: 'the heads of the audit are sealed with a key that is not ours',
      plant: { after: async (store) => void (await checkpoint(store.db, sealOf('another').sign, new Date())) },
    },
  ],
  I7: [
    {
      says: 'what could not be undone is owed by nobody',
      plant: {
        after: async (store) =>
          void (await sql`update holds set state = 'debt', debt_owner = null where id = (select min(id) from holds)`.execute(store.db)),
      },
    },
    {
      says: 'the time of a hold is over, and nobody is asked',
      plant: {
        after: async (store) =>
          void (await sql`update holds set state = 'active', expires_at = now() - interval '1 minute', on_expiry = 'ask'`.execute(
            store.db,
          )),
      },
    },
    {
      says: 'nobody has said what becomes of a hold when its time is over',
      plant: {
        after: async (store) =>
          void (await sql`update holds set state = 'active', expires_at = now() + interval '1 day', on_expiry = null`.execute(store.db)),
      },
    },
    {
      says: 'a release is under way, and the run that was to do it has ended',
      plant: { after: async (store) => void (await sql`update holds set state = 'releasing'`.execute(store.db)) },
    },
    {
      says: 'people are asked after their time to answer is over',
      plant: {
        after: async (store) =>
          void (await sql`update approvals set state = 'open', expires_at = now() - interval '1 minute'`.execute(store.db)),
      },
    },
    {
      says: 'an approval is put to nobody',
      plant: { after: async (store) => void (await sql`update approvals set addressed_to = '{}'`.execute(store.db)) },
    },
  ],
  I8: [
    {
      says: 'locks keep nobody out, and nobody sees what others have sent',
      in: 'crossing',
      plant: {
        begin: async (store) => {
          for (const one of [WITHOUT_LOCKS, UNSEEN_INTENTS]) await sql.raw(one).execute(store.db);
        },
        after: async (store) => {
          await sql`drop trigger over on locks`.execute(store.db);
          await sql`drop trigger unseen on steps`.execute(store.db);
        },
      },
    },
  ],
  I9: [
    {
      says: 'the ledger forgets what is held',
      plant: { after: async (store) => void (await sql`delete from holds`.execute(store.db)) },
    },
    {
      says: 'the ledger says that a quarantine was lifted that was not',
      in: 'quarantine',
      plant: {
        after: async (store) => void (await sql`update holds set state = 'released' where verb = 'host.quarantine'`.execute(store.db)),
      },
    },
  ],
  I10: [
    {
      says: 'a history is worked on by other code than the one that made it',
      plant: {
        after: async (_, { temporal }) => {
          for (const run of temporal.runs) run.history = run.history.toReversed();
        },
      },
    },
  ],
  I11: [
    {
      says: 'a run is only begun when others have had their time',
      plant: {
        begin: async (store) => void (await sql.raw(LATE_STARTS).execute(store.db)),
        after: async (store) => void (await sql`drop trigger late on outbox`.execute(store.db)),
      },
    },
  ],
  I12: [
    {
      says: 'what is delivered stays in the outbox',
      plant: { after: async (store) => void (await sql`update outbox set state = 'ready' where kind = 'start'`.execute(store.db)) },
    },
  ],
  I13: [
    {
      says: 'a secret is written to the log',
      plant: {
        deps: (deps, { log, products }) => ({
          ...deps,
          page: (message, about) => {
            log(`${message} ${Object.values(products.tokens).join()}`);
            deps.page(message, about);
          },
          now: () => {
            log(`made up trace: ${products.tokens.edr}`);
            return deps.now();
          },
        }),
      },
    },
  ],
};
