// The local lane of each connector: a slow answer holds a workflow task's slot, so two in a row close it for a while.

/** Said to Temporal while an attempt in the ordinary lane works, ms; its heartbeat timeout is a multiple of it. */
export const HEARTBEAT_MS = 2_000;

export interface LocalLanes {
  /** May an attempt at this verb's connector run inside the workflow task now? */
  readonly isOpen: (lane: string) => boolean;
  readonly missed: (lane: string) => void;
  readonly met: (lane: string) => void;
}

const MISSES_THAT_CLOSE = 2;

export function localLanes(options: { readonly closedMs: number; readonly nowMs: () => number }): LocalLanes {
  const lanes = new Map<string, { misses: number; closedUntil: number }>();
  return {
    isOpen: (lane) => options.nowMs() >= (lanes.get(lane)?.closedUntil ?? 0),
    missed: (lane) => {
      const misses = (lanes.get(lane)?.misses ?? 0) + 1;
      const closes = misses >= MISSES_THAT_CLOSE;
      lanes.set(lane, { misses: closes ? 0 : misses, closedUntil: closes ? options.nowMs() + options.closedMs : 0 });
    },
    met: (lane) => {
      lanes.delete(lane);
    },
  };
}
