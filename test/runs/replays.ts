// I10 on real histories: each of them replays with the workflow of today.
import { resolve } from 'node:path';
import { type Client, isGrpcServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { Kysely } from 'kysely';
import type { Database } from '../../store/tables.ts';
import { workflowId } from '../../workflows/contract.ts';

type History = Awaited<ReturnType<ReturnType<Client['workflow']['getHandle']>['fetchHistory']>>;

export interface NamedHistory {
  readonly workflowId: string;
  readonly history: History;
}

/** Of so many runs at most, spread over all: a storm has hundreds that are alike. */
const MOST = 40;
/** A history far above the 4,096 events at which Temporal asks for a new one. */
const MAX_EVENTS = 10_000;

export async function historiesOf(db: Kysely<Database>, client: Client): Promise<readonly NamedHistory[]> {
  const runs = await db.selectFrom('runs').select('id').where('temporal_run_id', 'is not', null).orderBy('id').execute();
  const every = Math.ceil(runs.length / MOST);
  const found: NamedHistory[] = [];
  for (const { id } of runs.filter((_, index) => index % every === 0)) {
    const handle = client.workflow.getHandle(workflowId(id));
    const history = await ifThere(async () => await handle.fetchHistory());
    if (history) found.push({ workflowId: workflowId(id), history });
  }
  return found;
}

/** gRPC's. */
const NOT_FOUND = 5;

/** What a test has deleted behind our back has none; whatever else keeps a history from being read must not look like one that replays. */
export async function ifThere<T>(fetch: () => Promise<T>): Promise<T | undefined> {
  try {
    return await fetch();
  } catch (error) {
    // The client says this of a history as gRPC does.
    if (error instanceof WorkflowNotFoundError || (isGrpcServiceError(error) && error.code === NOT_FOUND)) return undefined;
    throw error;
  }
}

/** Which do not replay, and why. */
export async function brokenOf(histories: readonly NamedHistory[], dataConverter: DataConverter): Promise<readonly string[]> {
  const options = { workflowBundle: { codePath: resolve(process.env.CORDON_TEST_BUNDLE ?? '') }, dataConverter };
  const broken = histories.flatMap(({ workflowId: id, history }) =>
    (history.events ?? []).length > MAX_EVENTS ? [`${id} has ${history.events?.length} events`] : [],
  );
  for await (const { workflowId: id, error } of Worker.runReplayHistories(options, histories)) {
    if (error) broken.push(`${id}: ${error.message}`);
  }
  return broken;
}
