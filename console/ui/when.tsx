// Time on screen: relative, with the absolute in the reader's zone and UTC on hover.
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { absolute, left, relative, remaining } from '../time.ts';
import { plain } from '../words.ts';

/** Relative times are read again this often. */
const TICK_MS = 5_000;
const Tick = createContext(0);

/** One ticking clock for all relative times, so that a long list has one timer. */
export function Clockwork({ children }: { readonly children: ReactNode }) {
  return <Tick value={useClock(TICK_MS)}>{children}</Tick>;
}

export function When({ at }: { readonly at: string }) {
  const now = useContext(Tick);
  return (
    <time dateTime={at} title={absolute(at)} className="nowrap">
      {plain(relative(at, Math.max(now, Date.now())))}
    </time>
  );
}

/** What is left of a time: "6 h". */
export function Left({ until }: { readonly until: string }) {
  const now = useContext(Tick);
  return (
    <time dateTime={until} title={absolute(until)} className="nowrap">
      {left(Date.parse(until) - Math.max(now, Date.now()))}
    </time>
  );
}

/** Counts down by the second; says what is over when it is over. */
export function Remaining({ until, over = 'time is over' }: { readonly until: string; readonly over?: string }) {
  const left = Date.parse(until) - useClock(1_000);
  return (
    <time dateTime={until} title={absolute(until)} className="nowrap">
      {left > 0 ? remaining(left) : over}
    </time>
  );
}

function useClock(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
