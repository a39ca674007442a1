// Gathering of wakes: the first goes out at once, more within 20 ms become one at the end of them.
// NOTIFY takes a lock over the whole server at commit; in each transaction it cut commits to a quarter.

const GATHER_MS = 20;

export interface Wakes {
  wake(channel: string): void;
  listen(channel: string, listener: () => void): () => void;
  /** Calls this process's listeners only. No channel: all of them. */
  deliver(channel?: string): void;
  close(): void;
}

/** `send` tells the other processes; it must not throw. */
export function gatherWakes(send: (channel: string) => void, setTimer: typeof setTimeout = setTimeout): Wakes {
  const listeners = new Map<string, Set<() => void>>();
  const pausing = new Map<string, { timer: NodeJS.Timeout; again: boolean }>();
  let closed = false;

  const deliver = (channel?: string) => {
    const groups = channel === undefined ? [...listeners.values()] : [listeners.get(channel) ?? []];
    for (const group of groups) for (const listener of [...group]) queueMicrotask(listener);
  };
  const fire = (channel: string) => {
    const pause = { timer: setTimer(() => rest(channel), GATHER_MS), again: false };
    pause.timer.unref();
    pausing.set(channel, pause);
    deliver(channel);
    send(channel);
  };
  const rest = (channel: string) => {
    const again = pausing.get(channel)?.again ?? false;
    pausing.delete(channel);
    if (again && !closed) fire(channel);
  };
  return {
    wake(channel) {
      checkChannel(channel);
      const pause = pausing.get(channel);
      if (closed) return;
      if (pause) pause.again = true;
      else fire(channel);
    },
    listen(channel, listener) {
      checkChannel(channel);
      const group = listeners.get(channel) ?? new Set();
      const entry = () => listener(); // so that one function may listen twice
      listeners.set(channel, group.add(entry));
      return () => {
        group.delete(entry);
      };
    },
    deliver,
    close() {
      closed = true;
      for (const { timer } of pausing.values()) clearTimeout(timer);
      listeners.clear();
    },
  };
}

/** Channel names become SQL identifiers. */
function checkChannel(channel: string): void {
  if (!/^[a-z][a-z_]{0,39}$/.test(channel)) throw new Error(`'${channel}' is no wake channel: use a to z and _`);
}
