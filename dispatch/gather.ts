// Gathers what comes while a write is under way into the next one: many acknowledgements at once cost few statements, a single one no delay.

export interface Gatherer<T> {
  /** Resolves, or fails, with the write that carried the item. */
  add(item: T): Promise<void>;
}

export function gatherer<T>(write: (items: readonly T[]) => Promise<void>): Gatherer<T> {
  let waiting: T[] = [];
  let next: Promise<void> | undefined;
  let current: Promise<unknown> = Promise.resolve();

  const flush = async () => {
    await current.catch(() => undefined); // its own callers hear of its failure
    const items = waiting;
    waiting = [];
    next = undefined;
    const writing = write(items);
    current = writing;
    await writing;
  };
  return {
    add(item) {
      waiting.push(item);
      next ??= flush();
      return next;
    },
  };
}
