// Small makers of answers, so that every path says the same thing the same way.
import type { Outcome, StepResult } from '../engine/command.ts';
import type { Json } from '../language/plan.ts';
import type { StepRecord } from '../store/runs.ts';
import type { PerformAnswer, Waiting } from './contract.ts';

/** Outputs above this are kept in the store only; the run gets a reference, characters of JSON. Payloads are compressed, and Temporal takes 2 MB. */
const OUTPUT_CHARS = 1_000_000;

export const ended = (result: StepResult): PerformAnswer => ({ kind: 'ended', result });

/** Past its time, and nobody has seen to it yet: who does so wakes the run, so it need not ask all the time. */
const PAST_DUE_MS = 1_000;

export const waiting = (on: Waiting['on'], remainingMs: number, detail: string, approvalId?: string): Waiting => ({
  kind: 'wait',
  on,
  remainingMs: Math.max(remainingMs > 0 ? 10 : PAST_DUE_MS, Math.ceil(remainingMs)),
  detail,
  ...(approvalId === undefined ? {} : { approvalId }),
});

/** By another run, by another step of this one, or by another process at this very step. */
export function lockTaken(name: string, runId: string, { byRun, leftMs }: { readonly byRun: string; readonly leftMs: number }): Waiting {
  const who = byRun === runId ? 'this run, in another step or process' : byRun === '' ? 'another run' : `run ${byRun}`;
  return waiting('lock', leftMs, `${name} is being worked on by ${who}`);
}

export const failed = (code: string, message: string, outcome: Outcome = 'failed'): StepResult => ({ outcome, error: { code, message } });

/** What a run keeps of an output: itself, or a reference when it is large. */
export function carried(output: unknown, runId: string, key: string): Readonly<Record<string, Json>> {
  const text = JSON.stringify(output ?? {});
  if (text.length > OUTPUT_CHARS) return { reference: `${runId}/${key}`, bytes: text.length };
  const plain: unknown = JSON.parse(text);
  return isObject(plain) ? plain : { value: asJson(plain) };
}

/** A recorded outcome as the run gets it: the same answer as the first time. */
export function resultOf(record: StepRecord, runId: string): StepResult {
  const error = errorOf(record.error);
  return {
    // The column holds what endStep wrote, which is an Outcome.
    outcome: (record.outcome ?? 'unknown') as Outcome,
    ...(record.output === null || record.output === undefined ? {} : { output: carried(record.output, runId, record.key) }),
    ...(error && record.outcome !== 'changed' && record.outcome !== 'already' ? { error } : {}),
    ...(record.ended_at === null ? {} : { at: record.ended_at }),
  };
}

function errorOf(error: unknown): StepResult['error'] {
  if (!isObject(error)) return undefined;
  const { code, message, step } = error;
  return { code: String(code), message: String(message), ...(typeof step === 'string' ? { step } : {}) };
}

// JSON.parse gives nothing but JSON.
const asJson = (value: unknown): Json => value as Json;
const isObject = (value: unknown): value is Record<string, Json> => typeof value === 'object' && value !== null && !Array.isArray(value);
