// One decision over several effects, as production opens it: a product that is away gets a while to come back, then people are asked about what can
// be seen. What was not seen then asks for an approval of its own when its turn comes.
import { own } from '../../language/own.ts';
import { VERBS } from '../../language/verbs.ts';
import type { ApproveWish, Command, PerformItem, StepResult } from '../command.ts';
import type { Clock } from './clock.ts';
import { effectOf } from './effect.ts';
import type { Outages } from './outages.ts';
import type { Card } from './people.ts';
import type { Judge } from './simulation.ts';
import { ASK_AFTER_MS, notReached, PATIENCE_MS, UNSEEN, waitsForProduct } from './slowness.ts';

type GateCommand = Extract<Command, { readonly kind: 'gate' }>;

export interface Gatekeeping {
  readonly clock: Clock;
  readonly judge: Judge;
  readonly outages: Outages;
  /** Keys of what waits for a product that is away. */
  readonly waits: Set<string>;
  /** What a decision around it has not seen, by key, with the decision's own wish. */
  readonly unseen: Map<string, ApproveWish>;
  readonly errorOf: (item: PerformItem) => string | undefined;
  readonly tell: (about: GateCommand, what: string) => void;
  readonly ask: (command: GateCommand, wish: ApproveWish, card: Card) => void;
  readonly end: (key: string, result: StepResult) => void;
}

/** What only reads is no part of it, and where nothing else is, nobody is asked. */
export function openGate(keeping: Gatekeeping, given: GateCommand): void {
  const command = { ...given, items: given.items.filter(({ verb }) => own(VERBS, verb)?.risk !== 'read') };
  const sinceMs = keeping.clock.nowMs();
  if (command.items.length === 0) keeping.end(command.key, { outcome: 'done' });
  else if (!waitForAway(keeping, command, sinceMs)) decide(keeping, command);
}

/** False where nothing is away, or has been for long enough. */
function waitForAway(keeping: Gatekeeping, command: GateCommand, sinceMs: number): boolean {
  const { clock, waits, tell } = keeping;
  const { away } = look(keeping, command);
  const [soonest] = away.map((item) => keeping.outages.leftMs(item)).toSorted((a, b) => a - b);
  if (soonest === undefined) return false;
  const patienceMs = away.length < command.items.length ? ASK_AFTER_MS : PATIENCE_MS;
  const leftMs = sinceMs + patienceMs - clock.nowMs();
  if (leftMs <= 0) return false;
  if (clock.nowMs() === sinceMs) tell(command, 'waits');
  waits.add(command.key);
  clock.at(clock.nowMs() + Math.min(soonest, leftMs), () => {
    if (!waits.delete(command.key)) return; // it is wanted no more
    if (!waitForAway(keeping, command, sinceMs)) decide(keeping, command);
  });
  return true;
}

function decide(keeping: Gatekeeping, command: GateCommand): void {
  const { judge, unseen, end } = keeping;
  const { seen, away } = look(keeping, command);
  for (const item of away) unseen.set(item.key, command.approve);
  const [first] = away;
  if (seen.length === 0) {
    end(command.key, notReached(first && keeping.errorOf(first)));
    return;
  }
  const word = judge.gate(seen, command.approve);
  if (word.kind === 'deny') end(command.key, { outcome: 'denied', error: { code: word.code, message: word.message } });
  else if (!word.approve) end(command.key, { outcome: 'done' });
  else keeping.ask(command, word.approve, { to: word.approve.by, covers: seen.map(effectOf) });
}

/** Only what is read before it is done can be found away: a ticket or a message is shown as it is. */
function look(
  { outages }: Gatekeeping,
  { items }: GateCommand,
): { readonly seen: readonly PerformItem[]; readonly away: readonly PerformItem[] } {
  const isAway = (item: PerformItem) => waitsForProduct(item) && !UNSEEN.has(item.verb) && outages.leftMs(item) > 0;
  return { seen: items.filter((item) => !isAway(item)), away: items.filter(isAway) };
}
