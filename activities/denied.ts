// What a denial makes of a step: its own, or that of the group it is in.
import { type Denial, deniedMeanwhile, noteGateDenied } from '../store/denied.ts';
import type { BoundRun } from '../store/runs.ts';
import type { PerformAnswer, PerformInput } from './contract.ts';
import type { ActivityDeps } from './deps.ts';

export interface Denied {
  readonly code: 'APPROVAL_DENIED';
  readonly message: string;
  /** Id of the step whose decision it was, where that is not this one: the engine lets nothing more begin under it. */
  readonly step?: string;
}

export const deniedBy = (denial: Denial, key: string): Denied => ({
  code: 'APPROVAL_DENIED',
  message: `denied by ${denial.decided_by ?? 'a person'}`,
  // A key is the step's id, then `#i` for each loop around it.
  ...(denial.key === key ? {} : { step: denial.key.replace(/#.*$/, '') }),
});

/** Held up by an outage or a freeze, it hears of a denial now, not when the product is back. Undefined: nobody has denied it. */
export async function deniedWhileHeld(
  deps: ActivityDeps,
  input: PerformInput,
  run: BoundRun,
  answer: PerformAnswer,
): Promise<Denied | undefined> {
  const isHeld = answer.kind === 'retry' || (answer.kind === 'wait' && (answer.on === 'outage' || answer.on === 'freeze'));
  if (!isHeld || input.undo !== undefined) return undefined;
  const { key } = input.item;
  const denial = await deniedMeanwhile(deps.store.db, run.id, { key, ...(input.gate === undefined ? {} : { gate: input.gate }) });
  if (!denial) return undefined;
  if (denial.key !== key) await noteGateDenied(deps.store.db, run.id, denial, key);
  return deniedBy(denial, key);
}
