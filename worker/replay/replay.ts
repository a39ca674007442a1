// Histories against this build's workflow: which would go on, and which would break, and where.
import type { PayloadCodec } from '@temporalio/common';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { type ReplayWorkerOptions, Worker } from '@temporalio/worker';
import { REFUSED } from '../../workflows/contract.ts';
import type { Replayed } from './contract.ts';

type History = ReturnType<typeof historyFromJSON>;

export interface NamedHistory {
  readonly name: string;
  readonly workflowId: string;
  readonly history: History;
}

/** A saved history as Temporal gives it to others, with the workflow's id; undefined where the text is none. */
export function readHistory(text: string): Omit<NamedHistory, 'name'> | undefined {
  try {
    const saved: unknown = JSON.parse(text);
    if (typeof saved !== 'object' || saved === null) return undefined;
    // Ours has the workflow's id beside it; `temporal workflow show --output json` gives the history alone.
    const history = historyFromJSON('history' in saved ? saved.history : saved);
    const id = 'workflowId' in saved && typeof saved.workflowId === 'string' ? saved.workflowId : 'unknown';
    return (history.events ?? []).length > 0 ? { workflowId: id, history } : undefined;
  } catch {
    return undefined;
  }
}

/** In the order given, one after the other: a history of ten thousand events takes its time, and says so by itself. */
export async function* replayAll(
  options: ReplayWorkerOptions,
  codec: PayloadCodec,
  histories: AsyncIterable<NamedHistory> | Iterable<NamedHistory>,
): AsyncGenerator<Replayed> {
  for await (const { name, workflowId, history } of histories) {
    const events = history.events?.length ?? 0;
    const refused = await refusalOf(codec, history);
    if (refused !== undefined) yield { name, verdict: 'unreadable', why: refused, events };
    else {
      const why = await faultOf(options, history, workflowId);
      yield why === undefined ? { name, verdict: 'replays', events } : { name, verdict: 'breaks', why, events };
    }
  }
}

/** A history that our keys cannot open would not break: nobody can tell. */
async function refusalOf(codec: PayloadCodec, history: History): Promise<string | undefined> {
  const payloads = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  for (const payload of await codec.decode(payloads)) {
    const text = Buffer.from(payload.data ?? []).toString();
    if (text.startsWith(`{"${REFUSED}":`)) return 'its input cannot be read: it is not encrypted with the keys that were given';
  }
  return payloads.length === 0 ? 'it has no input' : undefined;
}

async function faultOf(options: ReplayWorkerOptions, history: History, workflowId: string): Promise<string | undefined> {
  try {
    await Worker.runReplayHistory(options, history, workflowId);
    return undefined;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    // One line, as long as a person reads; the SDK names the event and what does not fit.
    return text.replace(/\s+/g, ' ').trim().slice(0, 500);
  }
}
