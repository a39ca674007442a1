// Whom an approval goes to when nobody decides, as one list. Also as rendered in a run, which has the same two members.

interface Chain<One> {
  readonly escalate?: One;
  readonly escalateNext?: readonly One[];
}

/** In their order; none: nobody else is asked. */
export const escalationsOf = <One>({ escalate, escalateNext = [] }: Chain<One>): readonly One[] =>
  escalate === undefined ? [] : [escalate, ...escalateNext];
