// Every step kind, one row each.
import { askKind } from './ask.ts';
import { doKind } from './do.ts';
import { groupKind } from './group.ts';
import { ifKind } from './if.ts';
import { parallelKind } from './parallel.ts';
import { setKind } from './set.ts';
import type { KindRow } from './step-kind.ts';
import { stopKind } from './stop.ts';
import { undoKind } from './undo.ts';

export const KINDS: readonly KindRow[] = [doKind, askKind, groupKind, ifKind, parallelKind, undoKind, stopKind, setKind];
