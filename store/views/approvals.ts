// Approvals and questions as people read them: what is asked, why, who may decide, who has.
import { sql } from 'kysely';
import { type Addressed, addressedWords } from '../../policy/addressed.ts';
import { approvers, type Decider, mayDecide, type RecordedDecision } from '../../policy/approval.ts';
import type { Requirement } from '../../policy/policy.ts';
import type { ApprovalDetail, ApprovalItem, ApprovalRow, Page } from '../../server/contract.ts';
import { addressedOf, ESCALATED_TO } from '../approvals.ts';
import type { Db } from '../store.ts';
import { iso, type PageWish, pageOf, present, presentIso, sizeOf } from './page.ts';
import { stepsOfKeys } from './steps.ts';

/** The one who asks: `mayDecide` is answered for them. */
export type ApprovalReader = Decider;

export interface ApprovalsWish extends PageWish {
  readonly state?: ApprovalRow['state'] | undefined;
  readonly run?: string | undefined;
}

interface StoredDecision extends RecordedDecision {
  readonly by: string;
  readonly answer: string | null;
  readonly reason: string;
  readonly channel: string;
  readonly at: string;
}

interface Row {
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
  readonly addressed_to: Addressed;
  readonly escalated_to: Addressed | null;
  readonly begun: boolean;
  readonly decisions: readonly StoredDecision[];
}

const columns = sql`a.id, a.kind, a.state, a.title, a.run_id, r.playbook, a.incident_id, r.alert_id, r.severity_id, a.step_id, a.round,
  a.opened_at, a.expires_at, (extract(epoch from a.expires_at - clock_timestamp()) * 1000)::float8 as left_ms, a.decided_at, a.decided_by,
  a.answer, a.requirement, r.started_by, a.addressed_to, ${ESCALATED_TO} as escalated_to,
  exists (select 1 from steps s where s.run_id = a.run_id and s.intent_at is not null and s.approval_id = a.id) as begun,
  coalesce((select jsonb_agg(jsonb_build_object('iss', d.iss, 'sub', d.sub, 'role', d.role, 'decision', d.decision, 'answer', d.answer,
      'reason', d.reason, 'channel', d.channel, 'at', d.at, 'by', coalesce(p.name, d.person_id)) order by d.id)
    from decisions d left join people p on p.id = d.person_id where d.approval_id = a.id), '[]') as decisions`;

/** Newest first. */
export async function listApprovals(db: Db, wish: ApprovalsWish, reader: ApprovalReader): Promise<Page<ApprovalRow>> {
  const size = sizeOf(wish);
  const { rows } = await sql<Row>`
    select ${columns} from approvals a join runs r on r.id = a.run_id
    where (${wish.before ?? null}::text is null or a.id < ${wish.before ?? null})
      and (${wish.state ?? null}::text is null or a.state = ${wish.state ?? null})
      and (${wish.run ?? null}::text is null or a.run_id = ${wish.run ?? null})
    order by a.id desc limit ${size + 1}`.execute(db);
  return pageOf(rows, size, (row) => approvalRow(row, reader));
}

function approvalRow(row: Row, reader: ApprovalReader): ApprovalRow {
  const permission = mayDecide(
    {
      kind: row.kind,
      state: row.state,
      requirement: row.requirement,
      decisions: row.decisions,
      expired: row.left_ms <= 0,
      begun: row.begun,
      addressed: addressedOf(row),
      excluded: [{ personId: row.started_by, why: 'you started this run by hand; another person must approve it' }],
    },
    reader,
    row.kind === 'question' ? 'answer' : 'approve',
  );
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
    addressedTo: addressedOf(row).map(addressedWords),
    requirement: { count: row.requirement.count, roles: [row.requirement.role], reasons: row.requirement.reasons },
    given: approvers(row.requirement, row.decisions),
    mayDecide: permission.ok,
    ...(permission.ok ? {} : { mayNotReason: permission.reason }),
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
  readonly alert: ApprovalDetail['alert'] | null;
}

export async function readApproval(db: Db, id: string, reader: ApprovalReader): Promise<ApprovalDetail | undefined> {
  const { rows } = await sql<DetailRow>`
    select ${columns}, a.items, a.digest, a.choices, a.asked, a.silence, a.void_reason, r.reason,
      case when al.id is not null then jsonb_strip_nulls(jsonb_build_object('id', al.id, 'title', al.title, 'source', al.source,
        'message', al.body->>'message')) end as alert
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
    decisions: row.decisions.map(({ by, role, decision, answer, reason, channel, at }) => ({
      by,
      role,
      decision,
      ...present('answer', answer),
      reason,
      channel,
      at: iso(at),
    })),
    effects: await stepsOfKeys(
      db,
      row.run_id,
      row.items.map((item) => item.key),
    ),
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
