// I2 to I5 and I8: judged by what the range and the people wrote down themselves.
import { type Effect, type Evidence, effectsOf, type Flight, inRequests, type Say, sayOf, tells } from './evidence.ts';

/** I2: no effect without a stored alert or a person who asked. */
export async function everyEffectWasAskedFor({ store, landed, foreign }: Evidence, say: Say): Promise<void> {
  const runs = await store.db.selectFrom('runs').select(['id', 'alert_id', 'started_by', 'parent_run_id']).execute();
  const byId = new Map(runs.map((run) => [run.id, run]));
  for (const line of landed) {
    if (line.key === null && foreign.has(line.target ?? '')) continue;
    const run = byId.get(line.key?.split('.')[0] ?? '');
    const root = (run?.parent_run_id === null ? undefined : byId.get(run?.parent_run_id ?? '')) ?? run;
    const isAsked = root && (root.alert_id !== null || root.started_by.startsWith('per_') || root.started_by.startsWith('schedule'));
    if (!isAsked) say(`nobody and no alert asked for ${line.effect} ${line.target} (${line.key})`);
  }
}

/** I3: once for each run, step and target. A message may be repeated and says so; the chat removes what carries the same key. */
export function everyEffectIsOnce(evidence: Evidence, say: Say): void {
  const seen = new Set<string>();
  for (const effect of effectsOf(evidence.landed)) {
    if (effect.effect === 'message' || effect.effect === 'merge') continue;
    const key = `${effect.key} ${effect.effect}`;
    if (seen.has(key) && !isTwinTicket(evidence, effect)) say(`twice: ${sayOf(effect)}`);
    seen.add(key);
  }
}

/** A ticket that was opened twice by one key was merged into the other. */
const isTwinTicket = (evidence: Evidence, effect: Effect): boolean =>
  effect.effect === 'ticket' && JSON.stringify(evidence.valueOf('tickets', effect.target)).includes('"mergedInto":"');

/** I4: what was done is what somebody was shown and approved. */
export async function onlyWhatWasShown(evidence: Evidence, say: Say): Promise<void> {
  const approvals = await evidence.store.db
    .selectFrom('approvals')
    .select(['run_id', 'items', 'digest'])
    .where('kind', '=', 'approval')
    .execute();
  for (const effect of effectsOf(evidence.landed).filter((one) => one.does === 'contains' && (evidence.needed(one) ?? 1) > 0)) {
    const isShown = approvals.some(({ run_id: runId, digest, items }) => {
      if (runId !== effect.runId) return false;
      const agreed = evidence.decisions.some((one) => one.runId === runId && one.digest === digest && one.decision === 'approve');
      // As activities/approval-item.ts writes them.
      const list = items as readonly { readonly key: string; readonly params: unknown }[];
      return agreed && list.some((item) => inRequests(item.key) === effect.step && names(item.params, effect.whom));
    });
    if (!isShown) say(`not what was approved: ${sayOf(effect)}`);
  }
}

const names = (params: unknown, target: string): boolean => JSON.stringify(params ?? {}).includes(`"${target}"`);

/** I5: as many people as it needs had agreed before. */
export async function nothingUnapproved(evidence: Evidence, say: Say): Promise<void> {
  const approvals = await evidence.store.db.selectFrom('approvals').select(['id', 'run_id', 'items']).execute();
  for (const effect of effectsOf(evidence.landed).filter((one) => one.does === 'contains')) {
    const needed = evidence.needed(effect);
    if (needed === undefined) {
      say(`nobody may do this: ${sayOf(effect)}`);
      continue;
    }
    const about = new Set(
      approvals
        // As activities/approval-item.ts writes them; a question has none.
        .filter(
          ({ run_id, items }) =>
            run_id === effect.runId && (items as readonly { key: string }[]).some(({ key }) => inRequests(key) === effect.step),
        )
        .map(({ id }) => id),
    );
    const yes = new Set(
      evidence.decisions
        .filter((one) => about.has(one.approval) && one.decision === 'approve' && one.atMs <= effect.atMs)
        .filter((one) => one.mayApprove && !one.names.includes(effect.whom))
        .map(({ who }) => who),
    );
    if (yes.size < needed) say(`${yes.size} of ${needed} people had agreed to ${sayOf(effect)}`);
  }
}

/** I8: two changes of one thing are never under way at once, whatever they are. One that is sent again under its own key is one. */
export function nothingCrosses({ flights }: Evidence, say: Say): void {
  const ours = flights.filter((one) => one.key !== '' && one.target !== '' && !tells(one));
  for (const [index, one] of ours.entries()) {
    for (const other of ours.slice(index + 1)) {
      const isOne = one.key === other.key && one.word === other.word;
      if (!isOne && whomOf(one) === whomOf(other) && one.sentMs < other.landedMs && other.sentMs < one.landedMs)
        say(`${one.word} and ${other.word} of ${one.target} were under way at once (${one.key}, ${other.key})`);
    }
  }
}

const whomOf = ({ target }: Flight): string => target.split('/')[0] ?? '';
