// Approvals and questions as people read them: what is asked, why, who may decide, who has.
import { sql } from 'kysely';
import { type Addressed, addressedWords } from '../../policy/addressed.ts';
import { approvers, type Decider, mayDecide, type OpenQuestion, type RecordedDecision } from '../../policy/approval.ts';
import type { Requirement } from '../../policy/policy.ts';
import type { ApprovalDetail, ApprovalItem, ApprovalRow, Page } from '../../server/contract.ts';
import { addressedOf, ESCALATED_TO } from '../asked-now.ts';
import { decisionsOf } from '../decisions-sql.ts';
import { standIn } from '../delegations.ts';
import { AUTHOR, excludedOf, type TargetColumns, targetColumns, targetsOf } from '../lock-approval.ts';
import type { Db } from '../store.ts';
import { ALIKE, readAlikeness } from './alike.ts';
import { iso, PAGE_SIZE, type PageWish, pageOf, present, presentIso, sizeOf } from './page.ts';
import { stepsOfKeys } from './steps.ts';

/** The one who asks: `mayDecide` is answered for them. */
export interface ApprovalReader extends Decider {
  /** Policy lets authors approve what their playbooks ask for. */
  readonly authorMay?: boolean;
}

export interface ApprovalsWish extends PageWish {
  readonly state?: ApprovalRow['state'] | undefined;
  readonly run?: string | undefined;
  /** Only those that ask for the same as this one. */
  readonly alike?: string | undefined;
  /** `ending`: what ends first is first; else the newest. */
  readonly order?: 'newest' | 'ending' | undefined;
}

interface StoredDecision extends RecordedDecision {
  readonly by: string;
  readonly standsInFor: string | null;
  readonly answer: string | null;
  readonly reason: string;
  readonly channel: string;
  readonly at: string;
}

interface Row extends TargetColumns {
  readonly id: string;
  readonly kind: 'approval' | 'question';
  readonly state: ApprovalRow['state'];
  readonly title: string;
  readonly run_id: string;
  readonly playbook: string;
  readonly incident_id: string;
  readonly alert_id: string | null;
  readonly severity_id: number;
  readonly step_id: string;
  readonly round: number;
  readonly opened_at: Date;
  readonly expires_at: Date;
  readonly left_ms: number;
  readonly decided_at: Date | null;
  readonly decided_by: string | null;
  readonly answer: unknown;
  readonly requirement: Requirement;
  readonly started_by: string;
  readonly author: string | null;
  readonly addressed_to: Addressed;
  readonly escalated_to: readonly Addressed[];
  readonly stands_in: string | null;
  readonly escalations: readonly { readonly at: string; readonly to: Addressed }[];
  readonly acked_by: string | null;
  readonly acked_at: Date | null;
  readonly acked_until: Date | null;
  readonly begun: boolean;
  readonly decisions: readonly StoredDecision[];
}

const columnsFor = (
  reader: ApprovalReader,
) => sql`a.id, a.kind, a.state, a.title, a.run_id, r.playbook, a.incident_id, r.alert_id, r.severity_id, a.step_id, a.round,
  a.opened_at, a.expires_at, (extract(epoch from a.expires_at - clock_timestamp()) * 1000)::float8 as left_ms, a.decided_at, a.decided_by,
  a.answer, a.requirement, r.started_by, ${AUTHOR} as author, ${targetColumns(reader)}, a.addressed_to, ${ESCALATED_TO} as escalated_to,
  coalesce((select jsonb_agg(jsonb_build_object('at', e.at, 'to', e.addressed_to) order by e.step) from escalations e where e.approval_id = a.id), '[]') as escalations, ${standIn(sql`clock_timestamp()`)}->>'name' as stands_in,
  (select coalesce(p.name, a.acked_by) from (select 1) one left join people p on p.id = a.acked_by) as acked_by, a.acked_at, a.acked_until,
  exists (select 1 from steps s where s.run_id = a.run_id and s.intent_at is not null and s.approval_id = a.id) as begun,
  ${decisionsOf(sql`'answer', d.answer, 'reason', d.reason, 'channel', d.channel, 'at', d.at, 'by', coalesce(p.name, d.person_id), 'standsInFor', q.name`)} as decisions`;

/** The last of the page before may have been decided since: it still says where that page ended. */
const ORDERS = {
  newest: { by: sql`a.id desc`, after: (last: string) => sql`a.id < ${last}` },
  ending: {
    by: sql`a.expires_at, a.id`,
    after: (last: string) => sql`(a.expires_at, a.id) > (select expires_at, id from approvals where id = ${last})`,
  },
};

export async function listApprovals(db: Db, wish: ApprovalsWish, reader: ApprovalReader): Promise<Page<ApprovalRow>> {
  const size = sizeOf(wish);
  const order = ORDERS[wish.order ?? 'newest'];
  const { rows } = await sql<Row>`
    select ${columnsFor(reader)} from approvals a join runs r on r.id = a.run_id
    where ${wish.before === undefined ? sql`true` : order.after(wish.before)}
      and (${wish.state ?? null}::text is null or a.state = ${wish.state ?? null})
      and (${wish.run ?? null}::text is null or a.run_id = ${wish.run ?? null})
      and ${wish.alike === undefined ? sql`true` : sql`${ALIKE} = ${(await readAlikeness(db, [wish.alike])).get(wish.alike) ?? ''}`}
    order by ${order.by} limit ${size + 1}`.execute(db);
  return pageOf(rows, size, (row) => approvalRow(row, reader));
}

/** Of this many open ones, those that end first, it is looked at who may decide them. */
const LOOKED_AT = 300;

/** Open ones, at most a page: those that the reader may decide first, then what ends first. */
export async function listUrgent(db: Db, reader: ApprovalReader): Promise<readonly ApprovalRow[]> {
  const { rows } = await sql<Row>`
    select ${columnsFor(reader)} from approvals a join runs r on r.id = a.run_id
    where a.state = 'open' order by a.expires_at, a.id limit ${LOOKED_AT}`.execute(db);
  const all = rows.map((row) => approvalRow(row, reader));
  return all.toSorted((one, other) => Number(other.mayDecide) - Number(one.mayDecide)).slice(0, PAGE_SIZE.default);
}

function approvalRow(row: Row, reader: ApprovalReader): ApprovalRow {
  const question: OpenQuestion = {
    kind: row.kind,
    state: row.state,
    requirement: row.requirement,
    decisions: row.decisions,
    expired: row.left_ms <= 0,
    begun: row.begun,
    addressed: addressedOf(row),
    contained: row.contained,
    excluded: excludedOf({ ...row, targets: targetsOf(row, reader) }, reader.authorMay ?? false),
  };
  const permission = mayDecide(question, reader, row.kind === 'question' ? 'answer' : 'approve');
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    title: row.title,
    runId: row.run_id,
    playbook: row.playbook,
    incidentId: row.incident_id,
    ...present('alertId', row.alert_id),
    severity_id: row.severity_id,
    stepId: row.step_id,
    round: row.round,
    openedAt: iso(row.opened_at),
    expiresAt: iso(row.expires_at),
    ...presentIso('decidedAt', row.decided_at),
    ...present('decidedBy', row.decided_by),
    ...present('answer', typeof row.answer === 'string' ? row.answer : undefined),
    addressedTo: addressedOf(row).map((one, index) =>
      index === 0 && row.stands_in !== null ? `${addressedWords(one)} (out of office: ${row.stands_in} stands in)` : addressedWords(one),
    ),
    escalations: row.escalations.map(({ at, to }) => ({ at: new Date(at).toISOString(), to: addressedWords(to) })),
    ...(row.acked_by !== null && row.acked_at && row.acked_until
      ? { acked: { by: row.acked_by, at: iso(row.acked_at), until: iso(row.acked_until) } }
      : {}),
    requirement: {
      count: row.requirement.count,
      roles: [row.requirement.role],
      ...present('stepUpMs', row.requirement.stepUpMs),
      reasons: row.requirement.reasons,
    },
    given: approvers(row.requirement, row.decisions),
    mayDecide: permission.ok,
    ...(permission.ok ? present('standsInFor', permission.standsInFor?.name) : { mayNotReason: permission.reason }),
    ...(!permission.ok && mayDecide(question, reader, 'deny').ok ? { mayDeny: true } : {}),
  };
}

interface DetailRow extends Row {
  readonly items: readonly ApprovalItem[];
  readonly digest: string;
  readonly choices: readonly string[] | null;
  /** Written by the ask activity, as the engine rendered it. */
  readonly asked: { readonly form?: ApprovalDetail['form']; readonly rows?: ApprovalDetail['rows'] } | null;
  readonly silence: string | null;
  readonly void_reason: string | null;
  readonly reason: string;
  readonly run_ended: boolean;
  readonly alert: ApprovalDetail['alert'] | null;
  readonly comments: ApprovalDetail['comments'];
}

export async function readApproval(db: Db, id: string, reader: ApprovalReader): Promise<ApprovalDetail | undefined> {
  const { rows } = await sql<DetailRow>`
    select ${columnsFor(reader)}, a.items, a.digest, a.choices, a.asked, a.silence, a.void_reason, r.reason, r.state in ('completed', 'stopped', 'failed', 'cancelled', 'lost') as run_ended,
      case when al.id is not null then jsonb_strip_nulls(jsonb_build_object('id', al.id, 'title', al.title, 'source', al.source,
        'message', al.body->>'message')) end as alert,
      coalesce((select jsonb_agg(jsonb_build_object('by', coalesce(p.name, c.person_id), 'text', c.body, 'channel', c.channel, 'at', c.at) order by c.number)
        from approval_comments c left join people p on p.id = c.person_id where c.approval_id = a.id), '[]') as comments
    from approvals a join runs r on r.id = a.run_id left join alerts al on al.id = r.alert_id where a.id = ${id}`.execute(db);
  const row = rows[0];
  if (!row) return undefined;
  return {
    ...approvalRow(row, reader),
    items: row.items.map(itemOf),
    digest: row.digest,
    ...present('choices', row.choices),
    ...present('form', row.asked?.form),
    ...present('rows', row.asked?.rows),
    ...present('answers', answersOf(row)),
    silence: row.silence ?? 'denied',
    ...present('alert', row.alert),
    reason: row.reason,
    decisions: row.decisions.map(({ by, standsInFor, role, decision, answer, reason, channel, at, contained }) => ({
      by,
      ...present('standsInFor', standsInFor),
      role,
      decision,
      ...present('answer', answer),
      reason,
      channel,
      at: iso(at),
      ...(contained && decision === 'approve' && row.state === 'open' ? { contained } : {}),
    })),
    comments: row.comments.map((one) => ({ ...one, at: iso(one.at) })),
    effects: await stepsOfKeys(
      db,
      row.run_id,
      row.items.map((item) => item.key),
    ),
    runEnded: row.run_ended,
    ...present('voidReason', row.void_reason),
  };
}

/** Only what the contract names: the stored item has its digest, too. */
const itemOf = (item: ApprovalItem): ApprovalItem => ({
  key: item.key,
  says: item.says,
  ...present('saysUndo', item.saysUndo),
  verb: item.verb,
  risk: item.risk,
  connector: item.connector,
  simulated: item.simulated ?? false,
  ...present('entity', item.entity),
  ...present('entityName', item.entityName),
  ...present('why', item.why),
  params: item.params,
  ...present('before', item.before),
  ...present('owner', item.owner),
  ...present('criticality', item.criticality),
  tags: item.tags ?? [],
  dependents: item.dependents ?? [],
  policy: item.policy,
});

/** Of a form or rows; a choice stands in `answer`. */
const answersOf = ({ answer }: DetailRow): ApprovalDetail['answers'] =>
  // The server wrote it, checked against the question.
  typeof answer === 'object' && answer !== null ? (answer as ApprovalDetail['answers']) : undefined;
