// Live updates: the server says what changed, never the thing itself; what is on screen is then read again.
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { LiveEvent } from '../server/contract.ts';
import { api } from './paths.ts';
import { mayBeReadAgain } from './queries.ts';

/** live: told of every change · behind: the line is down and is being tried again · offline: the browser has no network. */
export interface Link {
  readonly state: 'live' | 'behind' | 'offline';
  readonly since: string;
}

type Topic = LiveEvent['topic'];

/** Which lists a change may touch. */
const TOUCHES: Readonly<Record<Topic, readonly string[]>> = {
  alerts: ['alerts', 'incidents', 'now', 'suppressions'],
  runs: ['runs', 'holds', 'approvals', 'now', 'incidents', 'alerts', 'audit'],
  approvals: ['approvals', 'runs', 'now', 'audit'],
  holds: ['holds', 'runs', 'now'],
  playbooks: ['playbooks'],
  freeze: ['now'],
};

/** Changes are gathered this long, so that a flood of alerts is one reading and not a thousand. */
const GATHER_MS = 200;

/** After an answer that is no stream (a proxy's 502 while Cordon starts) a browser gives up for good; we do not. */
const REFUSED_AGAIN_MS = 3_000;

const LinkContext = createContext<Link>({ state: 'live', since: '' });

export const useLink = (): Link => useContext(LinkContext);

export function Live({ children }: { readonly children: ReactNode }) {
  const client = useQueryClient();
  const [link, setLink] = useState<Link>(() => ({ state: 'live', since: new Date().toISOString() }));

  useEffect(() => {
    const move = (state: Link['state']): void => setLink((was) => (was.state === state ? was : { state, since: new Date().toISOString() }));
    const gather = gatherer((topics) => {
      const roots = new Set(topics.flatMap((topic) => TOUCHES[topic] ?? []));
      void client.invalidateQueries({ predicate: ({ queryKey }) => roots.has(String(queryKey[0])) });
    });
    const onEvent = (event: MessageEvent<string>): void => {
      const topic = topicOf(event.data);
      if (topic) gather.add(topic);
    };
    let again: ReturnType<typeof setTimeout> | undefined;
    const connect = (): EventSource => {
      const made = new EventSource(api.live());
      made.addEventListener('message', onEvent);
      made.addEventListener('change', onEvent);
      made.addEventListener('open', () => {
        move('live');
        // What happened before the line was open was not told: neither after a break nor while the page was loading.
        void client.invalidateQueries({ predicate: mayBeReadAgain });
      });
      made.addEventListener('error', () => {
        move(navigator.onLine ? 'behind' : 'offline');
        if (made.readyState !== EventSource.CLOSED) return; // the browser tries again by itself
        again = setTimeout(() => {
          source = connect();
        }, REFUSED_AGAIN_MS);
      });
      return made;
    };
    let source = connect();
    const onOffline = (): void => move('offline');
    const onOnline = (): void => move(source.readyState === EventSource.OPEN ? 'live' : 'behind');
    addEventListener('offline', onOffline);
    addEventListener('online', onOnline);
    return () => {
      clearTimeout(again);
      source.close();
      gather.stop();
      removeEventListener('offline', onOffline);
      removeEventListener('online', onOnline);
    };
  }, [client]);

  return <LinkContext value={link}>{children}</LinkContext>;
}

function topicOf(data: string): Topic | undefined {
  try {
    const parsed: unknown = JSON.parse(data);
    const topic = parsed !== null && typeof parsed === 'object' && 'topic' in parsed ? parsed.topic : undefined;
    return typeof topic === 'string' && topic in TOUCHES ? (topic as Topic) : undefined; // as: just found in the table of topics
  } catch {
    return undefined; // a comment or a newer server's event: nothing that we show
  }
}

function gatherer(flush: (topics: readonly Topic[]) => void): { readonly add: (topic: Topic) => void; readonly stop: () => void } {
  const waiting = new Set<Topic>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    add: (topic) => {
      waiting.add(topic);
      timer ??= setTimeout(() => {
        timer = undefined;
        const topics = [...waiting];
        waiting.clear();
        flush(topics);
      }, GATHER_MS);
    },
    stop: () => clearTimeout(timer),
  };
}
