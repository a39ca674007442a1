// The alerts that are posted: each about a host of its own that is switched on, and an address of its own.
import { randomUUID } from 'node:crypto';

export interface Alert {
  readonly id: string;
  readonly title: string;
  readonly severity: 'high';
  readonly hosts: readonly [{ readonly name: string }];
  readonly ips: readonly [string];
}

/** The practice range's hosts that are on: each tenth of 500 is off. */
export const HOSTS: readonly string[] = Array.from({ length: 500 }, (_, index) => index)
  .filter((index) => index % 10 !== 9)
  .map((index) => `wks-${String(index).padStart(3, '0')}`);

let made = 0;

/** At most as many as there are hosts. */
export const alerts = (count: number): Alert[] =>
  HOSTS.slice(0, count).map((name) => {
    made += 1;
    const ip = `198.18.${Math.floor(made / 250) % 250}.${(made % 250) + 1}`; // a network for benchmarks
    return { id: randomUUID(), title: `Beacon from ${name}`, severity: 'high', hosts: [{ name }], ips: [ip] };
  });
