// Goes on as far as possible: what to do now, and whether the run has finished.
import type { Plan } from '../language/plan.ts';
import type { Finish } from './command.ts';
import { closeDraft, openDraft } from './draft.ts';
import { endingOf } from './ending.ts';
import { ENGINE_VERSION, type Next, type RunState } from './engine.ts';
import { RUN_UNDO } from './keys.ts';
import type { Progress, Run, Scope } from './run.ts';
import { endRun, issue, keepAnswers, withdraw } from './settle.ts';
import { kindOf } from './steps/table.ts';
import { walk } from './walk.ts';

const TOP: Scope = { suffix: '', bindings: {} };

export function next(plan: Plan, state: RunState): Next {
  if (state.version !== ENGINE_VERSION) throw new Error(`this engine is version ${ENGINE_VERSION}, the run needs version ${state.version}`);
  if (state.finish) return { state, commands: [], ended: [], finish: state.finish };
  const run = openDraft(plan, state, kindOf);
  if (!run.ending && state.cancelledBy !== undefined) {
    endRun(run, TOP, { state: 'cancelled', outcome: 'cancelled', message: `Cancelled by ${state.cancelledBy}` }, false);
  }
  if (!run.ending) conclude(run, walk(run, plan.steps, TOP));
  const finish = run.ending && windDown(run);
  if (!finish && Object.keys(run.open).length === 0)
    throw new Error(`run ${state.given.run.id} waits for nothing; this is a bug in the engine`);
  return { state: closeDraft(run, state, finish), commands: run.commands, ended: run.ended, ...(finish ? { finish } : {}) };
}

function conclude(run: Run, progress: Progress): void {
  if (progress.at === 'open') return;
  const ending = endingOf(progress, run.plan.onFailure);
  endRun(run, TOP, ending.finish, ending.undo);
}

/** Everything open is cancelled and awaited, then undone what is to be undone; then there is a finish. */
function windDown(run: Run): Finish | undefined {
  const { ending } = run;
  if (!ending) return undefined;
  keepAnswers(run, Object.keys(run.answers));
  for (const key of Object.keys(run.open)) withdraw(run, key);
  if (Object.keys(run.open).length > 0) return undefined;
  if (ending.undo && !run.results[RUN_UNDO]) {
    issue(run, RUN_UNDO, { kind: 'undo', key: RUN_UNDO, id: RUN_UNDO, steps: 'all' });
    return undefined;
  }
  return ending.finish;
}
