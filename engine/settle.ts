// Small moves on a run that several step kinds share: give out a command, take its end, record a result, take commands back.
import type { Step } from '../language/plan.ts';
import type { Command, Finish, StepResult } from './command.ts';
import { engineError, type StepError } from './errors.ts';
import { encloses, followUps, idOf, isTimer, keyOf, suffixOf } from './keys.ts';
import { STANDING } from './outcome.ts';
import type { Progress, Run, Scope } from './run.ts';
import { kept, listSize, sizeOf } from './size.ts';

export const failedWith = (error: StepError): StepResult => ({ outcome: 'failed', error });

export function issue(run: Run, key: string, command: Command): void {
  run.open[key] = command;
  run.commands.push(command);
}

/** The end of the command with this key, once. */
export function takeAnswer(run: Run, key: string): StepResult | undefined {
  const answer = run.answers[key];
  delete run.answers[key];
  return answer;
}

export function setFrame(run: Run, key: string, more: Run['frames'][string]): void {
  run.frames[key] = { ...run.frames[key], ...more };
}

/** The step has ended. What it holds and never reached is skipped, so that its defaults can be read from now on. */
export function recordEnd(run: Run, step: Step, scope: Scope, result: StepResult): StepResult {
  const kind = run.kindOf(step);
  forgetStep(run, keyOf(step.id, scope.suffix));
  const final = keepResult(run, keyOf(step.id, scope.suffix), withReason(withDefault(step, { ...kind.always?.(), ...result })));
  if (kind.isLoop) forgetTurns(run, step, scope);
  if (!kind.isLoop || kind.keepsLastTurn) for (const list of kind.inside?.(step) ?? []) skipRest(run, list, scope);
  const taken = nextSteps(step, final);
  for (const list of followUps(step)) if (list !== taken) skipRest(run, list, scope);
  return final;
}

function keepResult(run: Run, key: string, whole: StepResult): StepResult {
  const { result, size } = kept(run.remembered, whole);
  run.remembered += size;
  run.results[key] = result;
  run.ended.push({ key, id: idOf(key), result });
  return result;
}

/** The run need not remember it any longer. */
export function forgetStep(run: Run, key: string): StepResult | undefined {
  const result = run.results[key];
  if (result && !result.unreached) run.remembered -= sizeOf(result);
  run.remembered -= listSize(run.frames[key]);
  delete run.results[key];
  delete run.frames[key];
  return result;
}

/** The last turn's result takes the place of the step's own. */
export function moveResult(run: Run, from: string, to: string): void {
  const result = forgetStep(run, from);
  if (!result) return;
  forgetStep(run, to);
  run.results[to] = result;
  if (!result.unreached) run.remembered += sizeOf(result);
}

/** What turns that never ran have left: they were shown to people and refused, or the run is ending. */
function forgetTurns(run: Run, step: Step, scope: Scope): void {
  const ids = idsInside(run, step);
  const isOfTurn = (key: string) => suffixOf(key) !== scope.suffix && ids.has(idOf(key)) && encloses(scope.suffix, suffixOf(key));
  for (const key of [...Object.keys(run.frames), ...Object.keys(run.results)]) if (isOfTurn(key)) forgetStep(run, key);
}

/** What on_error or on_denied says about this result; undefined when it ended well. */
export function nextSteps(step: Step, result: StepResult): Step['onError'] | undefined {
  const standing = STANDING[result.outcome];
  return standing === 'well' ? undefined : standing === 'failed' ? step.onError : step.onDenied;
}

function withDefault(step: Step, result: StepResult): StepResult {
  const lacks = result.outcome === 'skipped' || STANDING[result.outcome] !== 'well';
  return lacks && step.default ? { ...result, output: { ...step.default, ...result.output } } : result;
}

/** Whoever reads a bad end finds a code and a sentence. */
function withReason(result: StepResult): StepResult {
  if (result.error || STANDING[result.outcome] === 'well') return result;
  return { ...result, error: REASONS[result.outcome] ?? engineError('NOT_DONE', `ended as ${result.outcome}`) };
}

const REASONS: Readonly<Partial<Record<StepResult['outcome'], StepError>>> = {
  denied: engineError('APPROVAL_DENIED', 'it was denied'),
  expired: engineError('APPROVAL_EXPIRED', 'nobody decided in time'),
  cancelled: engineError('CANCELLED', 'it was cancelled from outside the playbook'),
};

function skipRest(run: Run, steps: readonly Step[], scope: Scope): void {
  for (const step of steps) {
    const key = keyOf(step.id, scope.suffix);
    delete run.frames[key];
    // What has ended itself may still hold follow-ups that were never reached.
    const kind = run.kindOf(step);
    run.results[key] ??= withDefault(step, { ...kind.always?.(), outcome: 'skipped', unreached: true });
    const inside = kind.isLoop && !kind.keepsLastTurn ? [] : (kind.inside?.(step) ?? []);
    for (const list of [...inside, ...followUps(step)]) skipRest(run, list, scope);
  }
}

/** A list's bad end, as the result of the step that holds it. */
export function failedInside(progress: Extract<Progress, { readonly at: 'failed' | 'denied' }>): StepResult {
  const { error, step } = progress;
  return { outcome: progress.at, error: { step, ...error } };
}

/** Every id in these lists, at any depth, with what follows on errors and denials. */
export function idsWithin(run: Run, steps: readonly Step[], ids: Set<string> = new Set()): Set<string> {
  for (const step of steps) {
    ids.add(step.id);
    for (const list of [...(run.kindOf(step).inside?.(step) ?? []), ...followUps(step)]) idsWithin(run, list, ids);
  }
  return ids;
}

/** Every id in the lists of this step. */
export function idsInside(run: Run, step: Step): Set<string> {
  const ids = new Set<string>();
  for (const list of run.kindOf(step).inside?.(step) ?? []) idsWithin(run, list, ids);
  return ids;
}

/** Keys of open commands and of unused ends that stand in these lists, at this place or within loops of it. */
export function keysWithin(run: Run, steps: readonly Step[], scope: Scope): { readonly open: string[]; readonly answered: string[] } {
  const ids = idsWithin(run, steps);
  const isWithin = (key: string) => ids.has(idOf(key)) && encloses(scope.suffix, suffixOf(key));
  return { open: Object.keys(run.open).filter(isWithin), answered: Object.keys(run.answers).filter(isWithin) };
}

/** Nobody wants it any more. What was not given out yet never will be; an undo under way goes on to its end. */
export function withdraw(run: Run, key: string): void {
  const command = run.open[key];
  if (!command || command.kind === 'undo' || run.cancelling.has(key)) return;
  const fresh = run.commands.indexOf(command);
  if (fresh < 0) {
    run.cancelling.add(key);
    run.commands.push({ kind: 'cancel', key });
    return;
  }
  run.commands.splice(fresh, 1);
  delete run.open[key];
  if (!isTimer(key)) keepResult(run, key, { outcome: 'cancelled' });
}

/** Ends of commands that are no longer part of the flow are kept as they are. */
export function keepAnswers(run: Run, keys: Iterable<string>): void {
  for (const key of keys) {
    const answer = takeAnswer(run, key);
    if (answer && !isTimer(key)) keepResult(run, key, answer);
  }
}

/** The run ends here, or the called playbook that this place is in. The first reason wins. */
export function endRun(run: Run, scope: Scope, finish: Finish, undo: boolean): void {
  const { call } = scope;
  const frame = call && run.frames[call.key]?.call;
  if (!call || !frame) run.ending ??= { finish, undo };
  else if (!frame.ending) setFrame(run, call.key, { call: { ...frame, ending: { finish, undo } } });
}

/** Nothing new begins here any more. */
export const isEnding = (run: Run, { call, cover }: Scope): boolean =>
  run.ending !== undefined ||
  (call !== undefined && run.frames[call.key]?.call?.ending !== undefined) ||
  (cover?.gate !== undefined && run.frames[cover.gate]?.gate?.state === 'denied');
