// One round of one side: a burst (how many runs per second) or a steady stream (how long until a host is contained).
import { setTimeout as sleep } from 'node:timers/promises';
import { type Alert, alerts } from './alerts.ts';
import { cpuOf } from './process.ts';
import { type RangeLine, readFromNow, until } from './range-record.ts';
import { MARKS, type Mark, type Served } from './served.ts';
import type { Ground, Side } from './sides.ts';

export interface Round {
  readonly runs: number;
  /** From the first post to the end of the last run, by Temporal's own record. */
  readonly tookMs: number;
  /** For each run, from before its post was sent until the EDR was told, ms. */
  readonly containedMs: readonly number[];
  /** Per run. */
  readonly events: number;
  readonly statements: number;
  readonly served: Readonly<Record<Mark, Served>>;
  readonly requests: number;
  readonly cpuMs: number;
  readonly temporalCpuMs: number;
}

/** Posts on their way at once in a burst. */
const AT_ONCE = 32;
const WITHIN_MS = 120_000;

/** All alerts as fast as they are taken. */
export const burst = (ground: Ground, side: Side, runs: number): Promise<Round> =>
  measure(ground, side, alerts(runs), async (list, send) => {
    const queue = [...list];
    const sender = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) await send(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
  });

/** Alerts at fixed times, whatever has become of the earlier ones. */
export const steady = (ground: Ground, side: Side, runs: number, perSecond: number): Promise<Round> =>
  measure(ground, side, alerts(runs), async (list, send) => {
    const began = performance.now();
    const sent = list.map(async (alert, index) => {
      await sleep(began + (index * 1000) / perSecond - performance.now());
      await send(alert);
    });
    await Promise.all(sent);
  });

type Send = (alert: Alert) => Promise<void>;

async function measure(
  ground: Ground,
  side: Side,
  list: readonly Alert[],
  post: (list: readonly Alert[], send: Send) => Promise<void>,
): Promise<Round> {
  await (await fetch(`${ground.rangeUrl}/reset`, { method: 'POST' })).arrayBuffer();
  const reader = readFromNow(ground.rangeRecord);
  const before = { usage: await side.process.usage(), temporal: cpuOf(ground.temporalPid) };
  const began = Date.now();
  const postedMs = new Map<string, number>();
  const [lines] = await Promise.all([
    until(reader, 'ticket', list.length),
    post(list, async (alert) => {
      postedMs.set(alert.hosts[0].name, Date.now());
      await side.post(alert);
    }),
  ]);
  const closed = await closedRuns(ground, side, began, list.length);
  const after = { usage: await side.process.usage(), temporal: cpuOf(ground.temporalPid) };
  const all = [...lines, ...reader.next()];
  const per = (total: number) => total / list.length;
  return {
    runs: list.length,
    tookMs: Math.max(...closed.map((run) => run.closedMs)) - began,
    containedMs: containedAfter(all, postedMs),
    events: per(closed.reduce((sum, run) => sum + run.events, 0)),
    statements: per(after.usage.statements - before.usage.statements),
    served: Object.fromEntries(
      MARKS.map((mark) => {
        const [then, now] = [before.usage.served[mark], after.usage.served[mark]];
        return [mark, { statements: per(now.statements - then.statements), ms: per(now.ms - then.ms) }];
      }),
    ) as Round['served'], // one for each mark
    requests: per(all.length),
    cpuMs: per(after.usage.cpuMs - before.usage.cpuMs),
    temporalCpuMs: per(after.temporal - before.temporal),
  };
}

function containedAfter(lines: readonly RangeLine[], postedMs: ReadonlyMap<string, number>): number[] {
  return lines
    .filter((line) => line.effect === 'isolate')
    .map((line) => Date.parse(line.at) - (postedMs.get(line.target ?? '') ?? Number.NaN));
}

interface ClosedRun {
  readonly closedMs: number;
  readonly events: number;
}

/** Temporal writes its list of runs a moment after they end. */
async function closedRuns({ client }: Ground, { taskQueue }: Side, sinceMs: number, count: number): Promise<ClosedRun[]> {
  const query = `TaskQueue = '${taskQueue}' AND ExecutionStatus = 'Completed' AND StartTime >= '${new Date(sinceMs).toISOString()}'`;
  for (const end = performance.now() + WITHIN_MS; ; await sleep(100)) {
    const { count: ended } = await client.workflow.count(query);
    if (ended >= count) break;
    if (performance.now() > end) throw new Error(`only ${ended} of ${count} runs of ${taskQueue} have completed`);
  }
  const runs: ClosedRun[] = [];
  for await (const run of client.workflow.list({ query, pageSize: 1000 })) {
    runs.push({ closedMs: run.closeTime?.getTime() ?? Number.NaN, events: run.historyLength });
  }
  return runs;
}
