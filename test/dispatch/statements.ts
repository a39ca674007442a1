// Counts the round trips to the store, begin and commit included.
import type { KyselyPlugin } from 'kysely';
import type { Store } from '../../store/store.ts';

export function countStatements(store: Store): { readonly store: Store; count(): number; reset(): void } {
  let statements = 0;
  const counter: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const db = store.db.withPlugin(counter);
  const counted = new Proxy(db, {
    get(target, name) {
      if (name === 'transaction') statements += 2;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return {
    store: { ...store, db: counted },
    count: () => statements,
    reset: () => {
      statements = 0;
    },
  };
}
