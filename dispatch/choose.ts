// The triggers' decisions in the shape that dispatch carries out: a run (and which open one to join instead), or nothing and why.
import type { Alert } from '../alerts/alert.ts';
import { entityKeys } from '../alerts/entities.ts';
import type { Json, Plan } from '../language/plan.ts';
import type { OpenRunRow } from '../store/trigger-decisions.ts';
import { type Decision, decideTriggers } from '../triggers/decide.ts';
import { type Suppression, suppressionFor } from '../triggers/suppress.ts';

export interface Candidate {
  readonly playbook: string;
  readonly digest: string;
  readonly mode: string;
  readonly plan: Plan;
}

export type Choice =
  /** The source says that it is over: what runs with this key still hold is undone, or people are asked. */
  | {
      readonly kind: 'resolve';
      readonly playbook: string;
      readonly reason: string;
      readonly action: 'undo' | 'ask';
      readonly dedupeKey: string;
      readonly resolves: readonly string[];
    }
  | {
      readonly kind: 'run';
      readonly playbook: string;
      readonly digest: string;
      readonly mode: string;
      /** The playbook's. */
      readonly title: string;
      readonly reason: string;
      readonly inputs: Readonly<Record<string, Json>>;
      readonly dedupeKey?: string;
      readonly dedupeWithinMs?: number;
      /** The open run to join; where it has ended meanwhile, a new one starts. */
      readonly joins?: string;
    }
  | {
      readonly kind: 'none';
      readonly playbook: string;
      readonly decision: 'duplicate' | 'suppressed' | 'no_match' | 'error';
      readonly reason: string;
      readonly runId?: string;
      /** Id of what kept it from starting. */
      readonly suppression?: string;
      /** Of an all-clear that is only noted: by it the run is found that it is about. */
      readonly dedupeKey?: string;
      /** Open runs that are told that their alert is resolved. */
      readonly resolves?: readonly string[];
    };

/** One choice for each playbook that was considered. */
export function suppressed(choice: Choice, suppressions: readonly Suppression[], alert: Alert): Choice {
  if (choice.kind !== 'run' || suppressions.length === 0) return choice;
  const by = suppressionFor(suppressions, alert, entityKeys(alert), choice.playbook);
  if (!by) return choice;
  const reason = `suppressed by "${by.title}" until ${new Date(by.until).toISOString()} (${by.reason}); else: ${choice.reason}`;
  return { kind: 'none', playbook: choice.playbook, decision: 'suppressed', reason, suppression: by.id };
}

export function choose(alert: Alert, candidates: readonly Candidate[], open: readonly OpenRunRow[], now: Date): Choice[] {
  const runs = open.map((run) => ({
    runId: run.run_id,
    playbook: run.playbook,
    dedupeKey: run.dedupe_key,
    ...(run.dedupe_until === null ? {} : { untilMs: run.dedupe_until.getTime() }),
  }));
  return decideTriggers(alert, candidates, now.getTime(), runs).map((decision) => choiceOf(decision, candidates));
}

function choiceOf(decision: Decision, candidates: readonly Candidate[]): Choice {
  const { playbook, reason } = decision;
  switch (decision.kind) {
    case 'start':
    case 'join': {
      const { digest, mode, inputs, dedupeKey, dedupeWithinMs } = decision;
      return {
        kind: 'run',
        playbook,
        digest,
        mode,
        title: candidates.find((one) => one.digest === digest)?.plan.title ?? playbook,
        reason,
        inputs,
        ...(dedupeKey === undefined ? {} : { dedupeKey }),
        ...(dedupeWithinMs === undefined ? {} : { dedupeWithinMs }),
        ...(decision.kind === 'join' ? { joins: decision.runId } : {}),
      };
    }
    case 'resolved': {
      const { action, dedupeKey } = decision;
      if (action !== 'note' && dedupeKey !== undefined)
        return { kind: 'resolve', playbook, reason, action, dedupeKey, resolves: decision.runIds };
      const [run] = decision.runIds;
      const key = dedupeKey === undefined ? {} : { dedupeKey };
      const about = run === undefined ? {} : { runId: run, resolves: decision.runIds };
      return { kind: 'none', playbook, decision: 'suppressed', reason, ...key, ...about };
    }
    case 'no_match':
    case 'error':
      return { kind: 'none', playbook, decision: decision.kind, reason };
    default:
      return unreachable(decision);
  }
}

const unreachable = (decision: never): never => {
  throw new Error(`a decision that nobody knows: ${JSON.stringify(decision)}`);
};
