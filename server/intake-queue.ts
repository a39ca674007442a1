// Group commit: posts that arrive while a transaction is under way share the next one. Nobody is answered before their own commit.

import type { Delivery, Landed } from '../store/alerts.ts';
import { classifyStoreError } from '../store/errors.ts';
import { problem, tooMany } from './problems.ts';

/** Posts in one transaction; a larger one would hold the store for longer than others should wait. */
const MAX_BATCH = 64;
const MAX_BATCH_BYTES = 4 * 1024 * 1024;
/** What may wait: beyond it senders are told to come back. */
const MAX_WAITING = 2_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** Another transaction got precedence: the whole batch again. */
const CONFLICT_TRIES = 5;

export interface IntakeQueue {
  /** Rejects with TOO_MANY when too much waits, and with the store's error when it cannot take it. */
  take(delivery: Delivery): Promise<Landed>;
  /** Posts that wait for their commit. */
  depth(): number;
}

export interface IntakePorts {
  /** One transaction. */
  readonly commit: (batch: readonly Delivery[]) => Promise<readonly Landed[]>;
  /** After each commit, before anybody is answered. */
  readonly committed: (count: number, tookMs: number) => void;
  readonly nowMs: () => number;
}

interface Waiting {
  readonly delivery: Delivery;
  readonly resolve: (landed: Landed) => void;
  readonly reject: (error: unknown) => void;
}

export function intakeQueue(ports: IntakePorts): IntakeQueue {
  const waiting: Waiting[] = [];
  let bytes = 0;
  let isPumping = false;

  const pump = async (): Promise<void> => {
    isPumping = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, batchSize(waiting));
      for (const { delivery } of batch) bytes -= delivery.raw.length;
      await commitBatch(batch, ports);
    }
    isPumping = false;
  };
  return {
    take(delivery) {
      if (waiting.length >= MAX_WAITING || bytes + delivery.raw.length > MAX_WAITING_BYTES) {
        return Promise.reject(tooMany('more alerts arrive than can be stored', 2));
      }
      bytes += delivery.raw.length;
      return new Promise<Landed>((resolve, reject) => {
        waiting.push({ delivery, resolve, reject });
        // A turn of the event loop later: posts that are being read now come along.
        if (!isPumping) {
          isPumping = true;
          setImmediate(() => void pump());
        }
      });
    },
    depth: () => waiting.length,
  };
}

function batchSize(waiting: readonly Waiting[]): number {
  let size = 0;
  let bytes = 0;
  for (const { delivery } of waiting.slice(0, MAX_BATCH)) {
    bytes += delivery.raw.length;
    if (size > 0 && bytes > MAX_BATCH_BYTES) break;
    size += 1;
  }
  return size;
}

/** Never throws: everybody in the batch is answered. */
async function commitBatch(batch: readonly Waiting[], ports: IntakePorts): Promise<void> {
  try {
    const landed = await commitOnce(batch, ports);
    batch.forEach((one, index) => {
      const own = landed[index];
      if (own) one.resolve(own);
      else one.reject(problem('INTERNAL', 'the store gave no answer for a post'));
    });
  } catch (error) {
    if (classifyStoreError(error)) for (const one of batch) one.reject(error);
    else if (batch.length > 1) for (const one of batch) await commitBatch([one], ports);
    else await keepRaw(batch[0], error, ports);
  }
}

/** The store refused something in this one post: it is kept raw, with the reason, rather than lost. */
async function keepRaw(one: Waiting | undefined, cause: unknown, ports: IntakePorts): Promise<void> {
  if (!one) return;
  if (one.delivery.alerts.length === 0) return one.reject(cause);
  await commitBatch([{ ...one, delivery: { ...one.delivery, alerts: [], quarantine: ['it cannot be stored as an alert'] } }], ports);
}

async function commitOnce(batch: readonly Waiting[], ports: IntakePorts): Promise<readonly Landed[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      const startedMs = ports.nowMs();
      const landed = await ports.commit(batch.map((one) => one.delivery));
      ports.committed(batch.length, ports.nowMs() - startedMs);
      return landed;
    } catch (error) {
      if (classifyStoreError(error)?.code !== 'STORE_CONFLICT' || tries >= CONFLICT_TRIES) throw error;
    }
  }
}
