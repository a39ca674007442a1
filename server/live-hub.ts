// Wakes of the store, handed on to everybody who watches. Says what changed, never the thing itself.
import type { Store } from '../store/store.ts';
import type { LiveEvent } from './contract.ts';

const TOPICS: readonly LiveEvent['topic'][] = ['alerts', 'runs', 'approvals', 'holds', 'playbooks', 'freeze'];

export interface LiveHub {
  /** Returns what ends it. `ended` is called once when the server closes. */
  watch(changed: (event: LiveEvent) => void, ended: () => void): () => void;
  count(): number;
  close(): void;
}

export function liveHub(store: Store): LiveHub {
  const watchers = new Set<{ changed: (event: LiveEvent) => void; ended: () => void }>();
  const quiet = TOPICS.map((topic) =>
    store.onWake(topic, () => {
      for (const watcher of watchers) watcher.changed({ topic });
    }),
  );
  return {
    watch(changed, ended) {
      const watcher = { changed, ended };
      watchers.add(watcher);
      return () => {
        watchers.delete(watcher);
      };
    },
    count: () => watchers.size,
    close() {
      for (const end of quiet) end();
      for (const watcher of [...watchers]) watcher.ended();
      watchers.clear();
    },
  };
}
