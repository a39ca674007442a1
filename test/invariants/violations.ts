// Every invariant, one after the other. Those that only whoever drives the runs can see (replay, time, what is left over) are handed in.
import { type Evidence, INVARIANTS, type Invariant, type Say, type Violation } from './evidence.ts';
import { everyEffectIsOnce, everyEffectWasAskedFor, nothingCrosses, nothingUnapproved, onlyWhatWasShown } from './of-the-record.ts';
import { everyEffectIsAudited, everyWaitHasAnEnd, noSecretIsTold, theLedgerIsTrue } from './of-the-store.ts';

type Check = (evidence: Evidence, say: Say) => Promise<void> | void;
export type OwnChecks = Readonly<Record<'I1' | 'I10' | 'I11' | 'I12', Check>>;

const SHARED: Readonly<Record<Exclude<Invariant, keyof OwnChecks>, Check>> = {
  I2: everyEffectWasAskedFor,
  I3: everyEffectIsOnce,
  I4: onlyWhatWasShown,
  I5: nothingUnapproved,
  I6: everyEffectIsAudited,
  I7: everyWaitHasAnEnd,
  I8: nothingCrosses,
  I9: theLedgerIsTrue,
  I13: noSecretIsTold,
};

/** Empty: all hold. */
export async function violationsOf(evidence: Evidence, own: OwnChecks): Promise<readonly Violation[]> {
  const found: Violation[] = [];
  const checks: Readonly<Record<Invariant, Check>> = { ...SHARED, ...own };
  for (const of of INVARIANTS) await checks[of](evidence, (what) => void found.push({ of, what }));
  return found;
}
