// Everything that is kept about an incident, as the lines of a bundle: read at one moment, then sealed.
import { type Kysely, sql } from 'kysely';
import { describeEvent } from '../audit/describe.ts';
import { EVIDENCE_FORMAT, type EvidenceLine, sealDigest, sealText } from '../audit/evidence.ts';
import { CHAINED_COLUMNS, type ChainedRow, toChainedEvent } from './audit-rows.ts';
import type { SignDigest } from './checkpoint.ts';
import { sha256 } from './sha256.ts';
import type { Trx } from './store.ts';
import type { Database } from './tables.ts';

export interface EvidenceWish {
  readonly incident: string;
  /** Person id. */
  readonly by: string;
  /** PEM, so that whoever reads it can tell which key to ask for; it proves nothing by itself. */
  readonly publicKey: string;
  readonly now: Date;
}

/** The lines without their line breaks, the seal last. Undefined: there is no such incident. */
export async function evidence(db: Kysely<Database>, wish: EvidenceWish, sign: SignDigest): Promise<readonly string[] | undefined> {
  const content = await db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => await collect(trx, wish.incident));
  if (!content) return undefined;
  const first: EvidenceLine = {
    type: 'evidence',
    format: EVIDENCE_FORMAT,
    incident: wish.incident,
    madeAt: wish.now.toISOString(),
    by: wish.by,
    publicKey: wish.publicKey,
  };
  const lines = [first, ...content].map((line) => JSON.stringify(line));
  const digests = lines.map(sha256);
  return [...lines, sealText({ lines: digests, signature: await sign(sealDigest(digests, sha256)) })];
}

async function collect(trx: Trx, id: string): Promise<EvidenceLine[] | undefined> {
  const incident = await trx.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirst();
  if (!incident) return undefined;
  const about = await trx.selectFrom('incident_entities').select('entity').where('incident_id', '=', id).orderBy('entity').execute();
  const alerts = await trx.selectFrom('alerts').selectAll().where('incident_id', '=', id).orderBy('id').execute();
  const ids = alerts.map((alert) => alert.id);
  const decisions =
    ids.length === 0 ? [] : await trx.selectFrom('trigger_decisions').selectAll().where('alert_id', 'in', ids).orderBy('id').execute();
  const runs = await trx.selectFrom('runs').selectAll().where('incident_id', '=', id).orderBy('id').execute();
  const streams = runs.map((run) => run.id);
  const ofRuns = async <T>(read: () => Promise<T[]>): Promise<T[]> => (streams.length === 0 ? [] : await read());
  const steps = await ofRuns(() =>
    trx.selectFrom('steps').selectAll().where('run_id', 'in', streams).orderBy('started_at').orderBy('key').execute(),
  );
  const holds = await ofRuns(() => trx.selectFrom('holds').selectAll().where('run_id', 'in', streams).orderBy('id').execute());
  const typed = (type: EvidenceLine['type'], rows: readonly object[]): EvidenceLine[] => rows.map((row) => ({ type, ...row }));
  return [
    { type: 'incident', ...incident, entities: about.map(({ entity }) => entity) },
    // What arrived, byte by byte: in base64, since it need be no text.
    ...alerts.map((alert): EvidenceLine => ({ type: 'alert', ...alert, raw: Buffer.from(alert.raw).toString('base64') })),
    ...typed('decision', decisions),
    ...typed('run', runs),
    ...typed('step', steps),
    ...typed('approval', await ofRuns(() => approvalsOf(trx, streams))),
    ...typed('hold', holds),
    ...(await ofRuns(() => eventsOf(trx, streams))),
    ...(await ofRuns(() => checkpointsOf(trx, streams))),
  ];
}

/** As it was shown, the bytes that its digest is over, and who decided what, in which role, by which way and why. */
async function approvalsOf(trx: Trx, streams: readonly string[]): Promise<object[]> {
  const { rows } = await sql<object>`
    select a.*, coalesce((select jsonb_agg(to_jsonb(d) - 'approval_id' order by d.id) from decisions d where d.approval_id = a.id), '[]') as decisions
    from approvals a where a.run_id = any(${[...streams]}::text[]) order by a.id`.execute(trx);
  return rows;
}

async function eventsOf(trx: Trx, streams: readonly string[]): Promise<EvidenceLine[]> {
  const { rows } = await sql<ChainedRow>`
    select ${CHAINED_COLUMNS} from audit_events e where e.stream = any(${[...streams]}::text[]) order by e.stream, e.seq`.execute(trx);
  return rows.map(toChainedEvent).map((event): EvidenceLine => ({ type: 'event', ...event, says: describeEvent(event) }));
}

/** For each run the latest checkpoint that holds it: a run stands in one only when it has moved. */
async function checkpointsOf(trx: Trx, streams: readonly string[]): Promise<EvidenceLine[]> {
  const { rows } = await sql<{ at: Date }>`
    select distinct on (c.id) c.id, c.at, c.heads, c.root, c.prev, c.digest, c.signature from unnest(${[...streams]}::text[]) as held (stream)
    cross join lateral (select * from audit_checkpoints k where k.heads ? held.stream order by k.id desc limit 1) c order by c.id`.execute(
    trx,
  );
  return rows.map((row): EvidenceLine => ({ type: 'checkpoint', ...row, at: row.at.toISOString() }));
}
