// What a start finds again from before, for the line that says so.
import type { Kept } from '../store/views/kept.ts';

const many = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

/** Undefined when there is nothing from before. */
export function sayKept({ alerts, runs, open, contained }: Kept): string | undefined {
  if (alerts + runs === 0) return undefined;
  return `Kept from before: ${many(alerts, 'alert')}, ${many(runs, 'run')} (${open} open, going on), ${contained} contained.`;
}
