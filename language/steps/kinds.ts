// Every step kind, one row each.
import { askKind } from './ask.ts';
import { callKind } from './call.ts';
import { doKind } from './do.ts';
import { forEachKind } from './for-each.ts';
import { groupKind } from './group.ts';
import { ifKind } from './if.ts';
import { parallelKind } from './parallel.ts';
import { repeatKind } from './repeat.ts';
import { setKind } from './set.ts';
import type { KindRow } from './step-kind.ts';
import { stopKind } from './stop.ts';
import { switchKind } from './switch.ts';
import { undoKind } from './undo.ts';
import { waitKind } from './wait.ts';

export const KINDS: readonly KindRow[] = [
  doKind,
  askKind,
  groupKind,
  ifKind,
  switchKind,
  parallelKind,
  forEachKind,
  callKind,
  repeatKind,
  waitKind,
  undoKind,
  stopKind,
  setKind,
];
