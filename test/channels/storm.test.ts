import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PendingPage, tellNow, WINDOW_MS } from '../../channels/storm.ts';

const page = (id: string, isCritical = false): PendingPage => ({ id, isCritical });

describe('in a storm', () => {
  it('the first page goes at once; what follows within five minutes goes together at their end', () => {
    expect(tellNow([page('a')], undefined, 0)).toEqual({ alone: ['a'], together: [], openedMs: 0 });
    expect(tellNow([page('b'), page('c')], 0, WINDOW_MS - 1)).toEqual({ alone: [], together: [] });
    expect(tellNow([page('b'), page('c')], 0, WINDOW_MS)).toEqual({ alone: [], together: ['b', 'c'], openedMs: WINDOW_MS });
    expect(tellNow([page('b')], 0, WINDOW_MS)).toEqual({ alone: ['b'], together: [], openedMs: WINDOW_MS });
  });

  it('what is critical goes through at once and moves no window', () => {
    expect(tellNow([page('b'), page('x', true)], 0, 1_000)).toEqual({ alone: ['x'], together: [] });
    expect(tellNow([page('b'), page('x', true)], undefined, 1_000)).toEqual({ alone: ['x'], together: [], openedMs: 1_000 });
  });

  it('whatever comes when: nobody gets two that are not critical within five minutes, critical ones wait for nothing, and none is lost', () => {
    const arrivals = fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 400_000 }), isCritical: fc.boolean() }), { maxLength: 40 });
    fc.assert(
      fc.property(arrivals, (all) => {
        let [nowMs, openedMs]: [number, number | undefined] = [0, undefined];
        let waiting: PendingPage[] = [];
        const told: string[] = [];
        const quiet: number[] = [];
        const look = () => {
          const { alone, together, openedMs: opens } = tellNow(waiting, openedMs, nowMs);
          openedMs = opens ?? openedMs;
          const gone = [...alone, ...together];
          expect(waiting.filter((one) => one.isCritical && !gone.includes(one.id))).toEqual([]);
          if (waiting.some((one) => !one.isCritical && gone.includes(one.id))) quiet.push(nowMs);
          told.push(...gone);
          waiting = waiting.filter((one) => !gone.includes(one.id));
        };
        for (const [nth, { afterMs, isCritical }] of all.entries()) {
          nowMs += afterMs;
          waiting.push(page(String(nth), isCritical));
          look();
        }
        nowMs += WINDOW_MS;
        look();
        expect(told.length).toBe(all.length);
        expect(new Set(told).size).toBe(all.length);
        for (const [nth, at] of quiet.entries()) if (nth > 0) expect(at - (quiet[nth - 1] ?? 0)).toBeGreaterThanOrEqual(WINDOW_MS);
      }),
    );
  });
});
