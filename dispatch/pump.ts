// Runs rounds, one at a time, as long as there is something to do: when it was kicked, or when the last round says that there is more.

export interface Pump {
  kick(): void;
  readonly quiet: boolean;
  /** Resolves when no round runs or is due. */
  settled(): Promise<void>;
  /** No further rounds; resolves when the last has ended. */
  stop(): Promise<void>;
}

/** `round` answers whether there may be more to do at once. A round that throws is reported and not repeated by itself. */
export function pump(round: () => Promise<boolean>, onError: (error: unknown) => void): Pump {
  let due = false;
  let stopped = false;
  let running: Promise<void> | undefined;

  const run = async () => {
    while (due && !stopped) {
      due = false;
      try {
        if (await round()) due = true;
      } catch (error) {
        onError(error);
      }
    }
    running = undefined;
  };
  return {
    kick() {
      due = true;
      if (!running && !stopped) running = Promise.resolve().then(run);
    },
    get quiet() {
      return running === undefined;
    },
    async settled() {
      while (running) await running;
    },
    async stop() {
      stopped = true;
      await running;
    },
  };
}
