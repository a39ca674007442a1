// What was started, and how it is ended: last started, first ended, each within a time. A signal at any moment, once or twice, does the same.

export interface Lifecycle {
  /** Aborted as soon as the stop begins. */
  readonly stopping: AbortSignal;
  /**
   * Opens something and remembers how to close it. If the stop begins meanwhile it is closed as soon as it is open, and this throws Stopped.
   */
  readonly own: <T>(what: string, open: () => Promise<T> | T, close: (opened: T) => unknown, withinMs?: number) => Promise<T>;
  /** Ends everything. A second call waits for the first. Never rejects, never hangs. */
  readonly stop: () => Promise<void>;
}

/** Thrown by `own` when the stop has begun: not a failure, the start simply ends there. */
export class Stopped extends Error {
  constructor() {
    super('stopped while starting');
    this.name = 'Stopped';
  }
}

const CLOSE_WITHIN_MS = 5_000;
/** For all that is still opening when the stop begins, side by side: the first start of a store takes long on a slow machine. */
const OPEN_WITHIN_MS = 30_000;
/** Who presses Ctrl-C and sees nothing presses it again, and then kills. */
const SAY_SLOW_AFTER_MS = 1_000;

interface Owned {
  readonly what: string;
  readonly isOpening: () => boolean;
  readonly close: () => Promise<unknown>;
  readonly withinMs: number;
}

/** `warn` hears of what could not be closed, or not in time; `say` of what takes its time. */
export function lifecycle(warn: (message: string) => void, say: (message: string) => void = () => undefined): Lifecycle {
  const controller = new AbortController();
  const owned: Owned[] = [];
  let stopped: Promise<void> | undefined;

  const closeAll = async () => {
    const openBefore = performance.now() + OPEN_WITHIN_MS;
    for (let next = owned.pop(); next !== undefined; next = owned.pop()) {
      const { what, isOpening, close } = next;
      // What was begun is waited for: half open it cannot be ended cleanly.
      const openMs = isOpening() ? Math.max(0, openBefore - performance.now()) : 0;
      const withinMs = Math.ceil(openMs) + next.withinMs;
      const slow = setTimeout(() => say(`waiting for ${what} to end, at most ${Math.ceil(withinMs / 1000)} s`), SAY_SLOW_AFTER_MS);
      await within(withinMs, close()).catch((error: unknown) => {
        warn(`${what} could not be ended cleanly: ${error instanceof Error ? error.message : String(error)}`);
      });
      clearTimeout(slow);
    }
  };

  return {
    stopping: controller.signal,
    own: async (what, open, close, withinMs = CLOSE_WITHIN_MS) => {
      if (controller.signal.aborted) throw new Stopped();
      const opening = (async () => open())();
      // What failed to open has nothing to close.
      let isOpening = true;
      owned.push({ what, withinMs, isOpening: () => isOpening, close: () => opening.then(close, () => undefined) });
      const opened = await opening.finally(() => {
        isOpening = false;
      });
      if (controller.signal.aborted) throw new Stopped();
      return opened;
    },
    stop: () => {
      controller.abort();
      stopped ??= closeAll();
      return stopped;
    },
  };
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms / 1000} s`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
