// Products that the scenario has away for a while, counted from when one first looks for what is to be done there.
import type { PerformItem } from '../command.ts';
import type { Clock } from './clock.ts';
import type { Products } from './products.ts';

export interface Outages {
  /** How long it is still away, ms; 0: it is there. */
  readonly leftMs: (item: PerformItem) => number;
}

export function createOutages({ answerTo }: Products, clock: Clock): Outages {
  const backAt = new Map<string, number>();
  return {
    leftMs: (item) => {
      const back = backAt.get(item.key) ?? clock.nowMs() + (answerTo(item).awayMs ?? 0);
      backAt.set(item.key, back);
      return Math.max(0, back - clock.nowMs());
    },
  };
}
