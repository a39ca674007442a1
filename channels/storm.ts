// In a storm one page for each person, incident and five minutes, then one that gathers the rest. What is critical goes through at once.

/** Between two messages to one person about one incident, ms. */
export const WINDOW_MS = 5 * 60_000;

export interface PendingPage {
  readonly id: string;
  readonly isCritical: boolean;
}

export interface Telling {
  /** One message each. */
  readonly alone: readonly string[];
  /** One message for all of them. */
  readonly together: readonly string[];
  /** When this person was last told about this incident; undefined: as before. */
  readonly openedMs?: number;
}

/** What one person is told now about one incident. `openedMs`: when they were last told; undefined: never. */
export function tellNow(pending: readonly PendingPage[], openedMs: number | undefined, nowMs: number): Telling {
  const critical = pending.filter((page) => page.isCritical).map((page) => page.id);
  const others = pending.filter((page) => !page.isCritical).map((page) => page.id);
  const isOpen = openedMs !== undefined && nowMs - openedMs < WINDOW_MS;
  // A critical page is this window's one: the rest waits for its end.
  const due = isOpen || critical.length > 0 ? [] : others;
  if (critical.length === 0 && due.length === 0) return { alone: [], together: [] };
  const opened = isOpen ? {} : { openedMs: nowMs };
  return due.length > 1 ? { alone: critical, together: due, ...opened } : { alone: [...critical, ...due], together: [], ...opened };
}
