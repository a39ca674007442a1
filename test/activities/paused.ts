// A process that is held up after one of its statements, so that another may come in between: the order of a race, chosen.
import type { QueryExecutor } from 'kysely';
import type { Store } from '../../store/store.ts';

export interface Paused {
  readonly store: Store;
  /** It has come to the statement, and waits. */
  readonly reached: Promise<void>;
  readonly goOn: () => void;
}

/** Waits once, after the first statement outside of a transaction whose first row has this column. */
export function pausedAfter(store: Store, column: string): Paused {
  let reach = (): void => undefined;
  let goOn = (): void => undefined;
  const reached = new Promise<void>((resolve) => {
    reach = resolve;
  });
  const gate = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  let done = false;
  const executeQuery: QueryExecutor['executeQuery'] = async (...given) => {
    const result = await store.db.getExecutor().executeQuery(...given);
    if (!done && Object.hasOwn(Object(result.rows[0]), column)) {
      done = true;
      reach();
      await gate;
    }
    return result as never; // the rows' type is the caller's
  };
  // `sql` asks the database for its executor; whatever else is asked of either is theirs.
  const executor = instead(store.db.getExecutor(), { executeQuery });
  return { store: { ...store, db: instead(store.db, { getExecutor: () => executor }) }, reached, goOn };
}

const instead = <T extends object>(of: T, own: Partial<T>): T =>
  new Proxy(of, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in own ? own : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
