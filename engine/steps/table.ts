// Every step kind, one row each.
import type { Step } from '../../language/plan.ts';
import { askKind } from './ask.ts';
import { callKind } from './call.ts';
import { doKind } from './do.ts';
import { forEachKind } from './for-each.ts';
import { groupKind } from './group.ts';
import { ifKind } from './if.ts';
import { parallelKind } from './parallel.ts';
import { repeatKind } from './repeat.ts';
import { setKind } from './set.ts';
import type { StepKind } from './step-kind.ts';
import { stopKind } from './stop.ts';
import { switchKind } from './switch.ts';
import { undoKind } from './undo.ts';
import { waitKind } from './wait.ts';

const KINDS: { readonly [K in Step['kind']]: StepKind<Extract<Step, { readonly kind: K }>> } = {
  do: doKind,
  ask: askKind,
  group: groupKind,
  if: ifKind,
  switch: switchKind,
  parallel: parallelKind,
  for_each: forEachKind,
  call: callKind,
  repeat: repeatKind,
  wait: waitKind,
  undo: undoKind,
  stop: stopKind,
  set: setKind,
};

// The row of a step's own kind takes that step; the type system cannot follow a lookup by `kind`.
export const kindOf = (step: Step): StepKind => KINDS[step.kind] as StepKind;
