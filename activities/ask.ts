// A question to people: stored, answered or silent in the store; the run only asks whether it has ended.
import { Context } from '@temporalio/activity';
import type { StepResult } from '../engine/command.ts';
import { canonicalJson } from '../language/canonical.ts';
import type { Json } from '../language/plan.ts';
import { reachable } from '../policy/addressed.ts';
import { isRole } from '../policy/roles.ts';
import { type ApprovalRecord, latestApprovals, openApproval } from '../store/approvals.ts';
import { endStep, recordWaiting } from '../store/effects.ts';
import { isSomebody } from '../store/people.ts';
import { type BoundRun, bindRun } from '../store/runs.ts';
import { sha256 } from './approval-item.ts';
import type { AskInput, GateAnswer } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { runNotOurs } from './failure.ts';
import { failed, waiting } from './outcome.ts';

export function asker(deps: ActivityDeps): (input: AskInput) => Promise<GateAnswer> {
  return async (input) => {
    const temporalRunId = Context.current().info.workflowExecution?.runId ?? '';
    const run = await bindRun(deps.store.db, input.runId, temporalRunId, { key: input.key, generation: 0 });
    if (!run) throw runNotOurs(input.runId);
    const [existing] = await latestApprovals(deps.store.db, run.id, [input.key], false);
    // Nothing was done, so there is nothing to judge: as if nobody had answered.
    if (!existing && run.kind === 'playbook' && run.mode === 'observe')
      return await end(deps, run, input, { outcome: 'expired', answer: input.else });
    if (!existing) return await open(deps, run, input);
    if (existing.state === 'open') return waiting('question', existing.left_ms, input.title, existing.id);
    return await end(deps, run, input, resultOf(existing, input));
  };
}

function resultOf(question: ApprovalRecord, input: AskInput): StepResult {
  if (question.state !== 'answered') return { outcome: 'expired', answer: input.else };
  // The server has checked it against what was asked, and the engine does so again.
  const answer = (question.answer ?? null) as Json;
  return {
    outcome: 'answered',
    answer,
    ...(question.decided_by === null ? {} : { by: question.decided_by }),
    ...(question.decided_at === null ? {} : { at: question.decided_at }),
  };
}

async function open(deps: ActivityDeps, run: BoundRun, input: AskInput): Promise<GateAnswer> {
  const { person } = input.to;
  // Silence has a meaning, so it must not come of a name that nobody here has.
  if (person !== undefined && !(await isSomebody(deps.store.db, person)))
    return await end(
      deps,
      run,
      input,
      failed('PEOPLE_UNKNOWN', `nobody who signs in here is called ${person.slice(0, 100)}; nobody was asked`),
    );
  // One person, a group or a rota may be of any role that decides nothing by itself.
  const role = input.to.role !== undefined && isRole(input.to.role) ? input.to.role : 'viewer';
  const { to, why } = reachable(deps.directory, input.to, 'analyst');
  const asked = askedOf(input);
  const canonical = canonicalJson({
    version: 'cordon-question-1',
    run: run.id,
    key: input.key,
    title: input.title,
    ...asked,
  });
  const approvalId = await deps.store.db.transaction().execute(
    async (trx) =>
      await openApproval(
        trx,
        {
          runId: run.id,
          incidentId: run.incident_id,
          key: input.key,
          stepId: input.id,
          round: 0,
          kind: 'question',
          title: input.title,
          items: [],
          canonical,
          digest: sha256(canonical),
          requirement: {
            count: 1,
            role: to.role !== undefined && isRole(to.role) ? to.role : role,
            reasons: [{ rule: 'playbook', reason: why ?? 'the playbook asks' }],
          },
          ...('choices' in input ? { choices: input.choices } : { asked }),
          silence: silenceOf(input),
          addressedTo: to,
          withinMs: input.withinMs,
          remindMs: input.remindMs,
        },
        deps.now(),
      ),
  );
  const wait = { identity: identityOf(input), facts: { says: input.title }, on: 'question', untilMs: input.withinMs, approvalId };
  await recordWaiting(deps.store.db, wait, true);
  deps.store.wake('approvals');
  deps.store.wake('outbox');
  return waiting('question', input.withinMs, input.title, approvalId);
}

async function end(deps: ActivityDeps, run: BoundRun, input: AskInput, result: StepResult): Promise<GateAnswer> {
  const output = { answer: result.answer, by: result.by };
  const ending = { identity: identityOf(input), facts: {}, incidentId: run.incident_id, outcome: result.outcome, output, recovered: false };
  await deps.store.db.transaction().execute(async (trx) => await endStep(trx, ending, deps.now()));
  deps.store.wake('runs');
  return { kind: 'ended', result };
}

const identityOf = (input: AskInput) => ({ runId: input.runId, key: input.key, generation: 0, stepId: input.id, kind: 'ask' as const });

/** What an answer is bound to, by the digest over it. Choices as ever, so that their digests stay what they were. */
function askedOf(input: AskInput): object {
  if ('choices' in input) return { choices: input.choices };
  return 'form' in input ? { form: input.form, else: input.else } : { rows: input.rows, else: input.else };
}

/** For the people who are asked. */
function silenceOf(input: AskInput): string {
  if (typeof input.else === 'string') return input.else;
  return Object.entries(input.else)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : value === null ? 'nothing' : String(value)}`)
    .join(', ')
    .slice(0, 500);
}
