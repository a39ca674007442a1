// Where one can go: the rail, the keys after `g`, and the palette read the same table.
import type { Now } from '../../server/contract.ts';
import { screen } from '../paths.ts';
import type { IconName } from './icons.tsx';

export interface Place {
  readonly name: string;
  readonly href: string;
  readonly icon: IconName;
  /** The key after `g`. */
  readonly key?: string;
  /** How many things a person must act on there; other counts are not shown. */
  readonly needs?: (now: Now) => number;
}

export const PLACES: readonly Place[] = [
  { name: 'Now', href: screen.now(), icon: 'now', key: 'n' },
  { name: 'Alerts', href: screen.alerts(), icon: 'alerts', key: 'a', needs: (now) => now.quarantined },
  { name: 'Incidents', href: screen.incidents(), icon: 'incidents' },
  { name: 'Runs', href: screen.runs(), icon: 'runs', key: 'r', needs: (now) => now.totals.lostRuns + now.stuck },
  { name: 'Approvals', href: screen.approvals(), icon: 'approvals', key: 'p', needs: (now) => now.totals.approvals },
  { name: 'Contained', href: screen.contained(), icon: 'contained', key: 'c', needs: (now) => now.totals.debts },
  { name: 'Suppressions', href: screen.suppressions(), icon: 'suppressions', key: 's' },
  { name: 'Playbooks', href: screen.playbooks(), icon: 'playbooks' },
  { name: 'Connectors', href: screen.connectors(), icon: 'connectors' },
  { name: 'Audit', href: screen.audit(), icon: 'audit' },
  { name: 'People', href: screen.people(), icon: 'people' },
];

/** Stand in the bottom bar of a narrow screen; the others are behind "More". */
export const FIRST_PLACES: readonly string[] = ['Now', 'Alerts', 'Runs', 'Approvals', 'Contained'];

export function isAt(place: Place, location: string): boolean {
  return place.href === '/' ? location === '/' : location === place.href || location.startsWith(`${place.href}/`);
}
