// Where histories come from: files, and Temporal itself.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { workflowId } from '../../workflows/contract.ts';
import type { Replayed } from './contract.ts';
import { type NamedHistory, readHistory } from './replay.ts';

/** A history, or why there is none. */
type Found = NamedHistory | Replayed;

export const isHistory = (found: Found): found is NamedHistory => 'history' in found;

/** Every .json below the folder, in the order of their names. */
export function* savedHistories(folder: string): Generator<Found> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  for (const name of names.toSorted()) {
    const read = readHistory(readFileSync(join(folder, name), 'utf8'));
    yield read ? { name, ...read } : { name, verdict: 'unreadable', why: 'it is not a history as Temporal writes it' };
  }
}

/** Of each run, as it stands now. `save`: a copy of each goes there. */
export async function* openHistories(client: Client, runs: readonly string[], save: string | undefined): AsyncGenerator<Found> {
  for (const run of runs) {
    const id = workflowId(run);
    const history = await fetchHistory(client, id);
    if (!history) {
      yield { name: run, verdict: 'gone', why: 'Temporal has no history of it (it has not been started there, or it was forgotten)' };
      continue;
    }
    if (save !== undefined) {
      mkdirSync(save, { recursive: true });
      writeFileSync(join(save, `${run}.json`), `${JSON.stringify({ workflowId: id, history: JSON.parse(historyToJSON(history)) })}\n`);
    }
    yield { name: run, workflowId: id, history };
  }
}

async function fetchHistory(client: Client, id: string): Promise<NamedHistory['history'] | undefined> {
  try {
    return await client.workflow.getHandle(id).fetchHistory();
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') return undefined;
    throw error;
  }
}
