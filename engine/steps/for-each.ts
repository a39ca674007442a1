// for_each: the steps once for each item, at most `atOnce` turns under way. It is a parallel over items: a turn that fails stops no other,
// and when all have ended the first failure in the list's order is the step's. What a turn leaves behind is a count (turns.ts).
import type { ForEachStep, Json } from '../../language/plan.ts';
import type { PerformItem, StepResult } from '../command.ts';
import { engineError } from '../errors.ts';
import type { LoopFrame } from '../frame.ts';
import { freezeList, underGate } from '../gate.ts';
import { keyOf, suffixOf } from '../keys.ts';
import { type Rendered, renderValue } from '../render.ts';
import { listAt, placeOf } from '../roots.ts';
import type { NotReady, Run, Scope } from '../run.ts';
import { failedInside, failedWith, isEnding, setFrame } from '../settle.ts';
import { listFault, sizeOf } from '../size.ts';
import { closeTurn, emptyCounts } from '../turns.ts';
import { walk } from '../walk.ts';
import type { StepKind } from './step-kind.ts';

/** As many as a person can be shown in one decision. */
const MAX_APPROVED_ITEMS = 1000;

export const forEachKind: StepKind<ForEachStep> = {
  isLoop: true,
  inside: (step) => [step.steps],
  always: () => ({ counts: emptyCounts(), output: { left: [] } }),
  advance(run, step, scope) {
    const items = begin(run, step, scope);
    if (!items.ok) return failedWith(items.error);
    const freeze = (list: PerformItem[]) => freezeTurns(run, step, scope, items.value, list);
    return underGate(run, step, scope, freeze, (inner) => advanceTurns(run, step, inner, items.value));
  },
  freeze(run, step, scope, list) {
    const items = begin(run, step, scope);
    if (!items.ok) return { error: { ...items.error, step: step.id }, undo: step.onError === 'undo' };
    return freezeTurns(run, step, scope, items.value, list);
  },
};

/** The list is fixed when the loop is reached. */
function begin(run: Run, step: ForEachStep, scope: Scope): Rendered<readonly Json[]> {
  const loop = run.frames[keyOf(step.id, scope.suffix)]?.loop;
  if (loop) return { ok: true, value: 'values' in loop.list ? loop.list.values : (listAt(run, scope, loop.list) ?? []) };
  const place = placeOf(step.of);
  const plain = place && listAt(run, scope, place);
  const rendered = plain ? { ok: true as const, value: plain } : renderValue(run, scope, step.of, `for_each.${step.name}`);
  if (!rendered.ok) return rendered;
  const { value } = rendered;
  if (!isList(value)) return refused('LOOP_NOT_A_LIST', `for_each.${step.name}: is not a list`);
  if (value.length > step.max) return refused('LOOP_TOO_LONG', `for_each: the list has ${value.length} items, and \`max\` is ${step.max}`);
  const fault = plain ? undefined : listFault(run.remembered, value);
  if (fault) return { ok: false, error: fault };
  if (!plain) run.remembered += sizeOf(value);
  const list = plain && place ? place : { values: value };
  setFrame(run, keyOf(step.id, scope.suffix), { loop: { list, next: 0, live: [], counts: emptyCounts(), left: [] } });
  return { ok: true, value };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const refused = (code: 'LOOP_NOT_A_LIST' | 'LOOP_TOO_LONG', message: string) => ({ ok: false, error: engineError(code, message) }) as const;

function turnScope(scope: Scope, step: ForEachStep, index: number, item: Json | undefined): Scope {
  return { ...scope, suffix: `${scope.suffix}#${index}`, bindings: { ...scope.bindings, [step.name]: item ?? null } };
}

function freezeTurns(run: Run, step: ForEachStep, scope: Scope, items: readonly Json[], list: PerformItem[]): NotReady | undefined {
  if (items.length > MAX_APPROVED_ITEMS) {
    const message = `for_each: one decision covers at most ${MAX_APPROVED_ITEMS} items, and the list has ${items.length}`;
    return { error: { ...engineError('LOOP_TOO_LONG', message), step: step.id }, undo: false };
  }
  for (const [index, item] of items.entries()) {
    const fault = freezeList(run, step.steps, turnScope(scope, step, index, item), list);
    if (fault) return fault;
  }
  return undefined;
}

function advanceTurns(run: Run, step: ForEachStep, scope: Scope, items: readonly Json[]): StepResult | undefined {
  const key = keyOf(step.id, scope.suffix);
  let loop = run.frames[key]?.loop;
  if (!loop) return undefined;
  const heard = turnsHeardOf(run, scope);
  const live: number[] = [];
  const under = [...loop.live];
  for (let at = 0; at < under.length || (live.length < step.atOnce && loop.next < items.length); at += 1) {
    const index: number = under[at] ?? loop.next;
    if (at >= under.length) loop = { ...loop, next: index + 1 };
    else if (!heard.has(index)) {
      live.push(index);
      continue;
    }
    const turn = turnScope(scope, step, index, items[index]);
    const progress = walk(run, step.steps, turn);
    if (isEnding(run, scope)) return undefined;
    if (progress.at === 'open') live.push(index);
    else loop = closeTurn(run, step, turn, loop, { index, item: items[index] ?? null, progress });
  }
  setFrame(run, key, { loop: { ...loop, live } });
  return live.length > 0 ? undefined : endOf(loop);
}

/** What is under way in a turn goes on only when something in it has ended: with hundreds of turns, all others are passed by. */
function turnsHeardOf(run: Run, scope: Scope): ReadonlySet<number> {
  const before = `${scope.suffix}#`;
  const suffixes = Object.keys(run.answers).map(suffixOf);
  return new Set(suffixes.flatMap((suffix) => (suffix.startsWith(before) ? [Number.parseInt(suffix.slice(before.length), 10)] : [])));
}

function endOf({ counts, left, failed, denied }: LoopFrame): StepResult {
  const found = { counts, output: { left: left.map(({ index: _, ...item }) => item) } };
  if (failed) return { ...failedInside({ at: 'failed', ...failed }), ...found };
  if (denied) return { ...failedInside({ at: 'denied', ...denied }), ...found };
  return { outcome: 'done', ...found };
}
