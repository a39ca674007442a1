// A drill on the practice range: one alert about one of its hosts, through everything that a real one goes through, with times. Nothing that is not simulated is
// ever approved, and what was done is taken back. Whether it happened is asked of the range, not of our own records.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { SAMPLES } from '../alerts/samples.ts';
import type { AlertDetail, ApprovalDetail, ApprovalRow, Freeze, Page, RunDetail } from '../server/contract.ts';
import { type Client, connect, LONG_MS } from './client.ts';
import { CliError, type Context, EXIT } from './command.ts';
import { mustBeAbleToLift, mustBeSimulated, mustNotBeFrozen } from './drill-ground.ts';
import { sendAlert } from './send-alert.ts';
import { part } from './show.ts';

export interface DrillStep {
  readonly what: string;
  /** Since the step before, ms. */
  readonly ms: number;
}

export interface DrillReport {
  readonly drill: 'undo' | 'freeze';
  readonly ok: boolean;
  readonly host: string;
  readonly run: string;
  readonly steps: readonly DrillStep[];
  readonly failed?: string;
}

const WITHIN_MS = 60_000;
/** Somebody has to come for it. */
const SECOND_WITHIN_MS = 600_000;
const LOOK_EVERY_MS = 100;
/** A freeze has to hold for this long before it is believed, ms. */
const HELD_MS = 3_000;

interface Scene {
  readonly client: Client;
  readonly run: string;
  readonly approval: ApprovalDetail;
  readonly done: (what: string) => void;
}

export interface DrillWish {
  readonly kind: DrillReport['drill'];
  readonly host: string;
  /** Somebody stands by to lift the freeze. */
  readonly secondPerson: boolean;
}

export async function drill(context: Context, { kind, host, secondPerson }: DrillWish, nowMs: () => number): Promise<DrillReport> {
  const client = connect(context);
  await mustBeSimulated(client);
  await mustNotBeFrozen(client);
  if (kind === 'freeze' && !secondPerson) await mustBeAbleToLift(client);
  const steps: DrillStep[] = [];
  let lastMs = nowMs();
  const done = (what: string): void => {
    const atMs = nowMs();
    steps.push({ what, ms: Math.round(atMs - lastMs) });
    lastMs = atMs;
    context.progress(what);
  };
  let run = '';
  try {
    run = await begin(context, client, host, done);
    const approval = await askedBy(client, run, done);
    await (kind === 'undo' ? undoDrill : freezeDrill)({ client, run, approval, done });
    return { drill: kind, ok: true, host, run, steps };
  } catch (error) {
    if (!(error instanceof NotProven)) throw error;
    return { drill: kind, ok: false, host, run, steps, failed: error.message };
  } finally {
    context.progress('');
    // The run still asks for a verdict: nobody is to be kept busy by a drill.
    if (run !== '') await client.post(`/runs/${part(run)}/cancel`, { reason: 'the drill is over' }).catch(() => undefined);
  }
}

class NotProven extends Error {}

/** An alert about malware on the host, up to the run that answers it. */
async function begin(context: Context, client: Client, host: string, done: Scene['done']): Promise<string> {
  const body = { ...SAMPLES.malware, id: `drill-${randomUUID()}`, title: `Drill: malware on ${host}`, hosts: [{ id: host, name: host }] };
  const receipt = await sendAlert(context, 'plain', JSON.stringify(body), Date.now());
  done('the alert was accepted');
  const run = await until('no playbook answered the alert', async () => {
    const alert = await client.get<AlertDetail>(`/alerts/${part(receipt.id)}`);
    return alert.decisions.find(({ runId, decision }) => runId !== undefined && decision === 'start')?.runId;
  });
  done('a playbook answers it');
  return run;
}

async function askedBy(client: Client, run: string, done: Scene['done']): Promise<ApprovalDetail> {
  const row = await until('nobody was asked for an approval', async () => {
    const { items } = await client.get<Page<ApprovalRow>>(`/approvals?state=open&run=${part(run)}`);
    return items.find(({ kind }) => kind === 'approval');
  });
  const approval = await client.get<ApprovalDetail>(`/approvals/${part(row.id)}`);
  done('people are asked');
  if (approval.items.length > 0 && approval.items.every(({ simulated }) => simulated)) return approval;
  await client.post(`/approvals/${part(row.id)}/deny`, { digest: approval.digest, reason: 'a drill touches simulated products only' });
  const hint = 'Drills need an installation that is connected to the practice range (npm start).';
  throw new CliError(EXIT.no, 'DRILL_REAL', 'this would have touched a real product: the drill denied it and ended', hint);
}

const approve = async ({ client, approval }: Scene): Promise<void> => {
  await client.post(`/approvals/${part(approval.id)}/approve`, { digest: approval.digest, reason: 'a drill' });
};

async function undoDrill(scene: Scene): Promise<void> {
  await approve(scene);
  await until('the range never showed the host isolated', async () => ((await isIsolated(scene)) ? true : undefined));
  scene.done('the range shows the host isolated');
  await undoAndLook(scene);
}

async function freezeDrill(scene: Scene): Promise<void> {
  const { client, run, done } = scene;
  await client.post('/freeze', { on: true, reason: 'a drill' });
  done('everything is frozen');
  try {
    await approve(scene);
    await until('the run never waited for the freeze', async () => {
      const { steps } = await client.get<RunDetail>(`/runs/${part(run)}`);
      return steps.some(({ waitingOn }) => waitingOn === 'freeze') ? true : undefined;
    });
    done('the approved effect waits for the freeze');
    await pause(HELD_MS);
    if (await isIsolated(scene)) throw new NotProven('the host was isolated while everything was frozen');
    done('the range shows the host untouched');
  } finally {
    const { on } = await client.post<Freeze>('/freeze', { on: false, reason: 'the drill is over' });
    if (on) done('EVERYTHING IS FROZEN until a second person lifts it: cordon freeze off --reason drill');
  }
  const still = 'EVERYTHING IS STILL FROZEN: the second person has not lifted it with `cordon freeze off --reason drill`';
  await until(still, async () => ((await client.get<Freeze>('/freeze')).on ? undefined : true), SECOND_WITHIN_MS);
  done('the freeze is lifted');
  await until('the effect never went on after the freeze', async () => ((await isIsolated(scene)) ? true : undefined));
  done('the effect went on by itself, and the range shows the host isolated');
  await undoAndLook(scene);
}

async function undoAndLook(scene: Scene): Promise<void> {
  const { client, run, done } = scene;
  await client.post(`/runs/${part(run)}/undo`, { reason: 'a drill' });
  await until('the range never showed the host released', async () => ((await isIsolated(scene)) ? undefined : true));
  done('undone, and the range shows the host released');
  const audit = await client.get<{ readonly ok: boolean }>('/audit/verify', LONG_MS);
  if (!audit.ok) throw new NotProven('the audit does not verify: cordon audit verify');
  done('the audit of it is intact');
}

interface Live {
  readonly items: readonly { readonly entity: string; readonly facts: readonly { readonly label: string; readonly value: string }[] }[];
}

/** By the range itself. */
async function isIsolated({ client, approval }: Scene): Promise<boolean> {
  const { items } = await client.get<Live>(`/range/live?approval=${part(approval.id)}`);
  return items.some(({ entity, facts }) => entity.startsWith('host:') && facts.some(({ value }) => value === 'isolated'));
}

async function until<T>(otherwise: string, ask: () => Promise<T | undefined>, withinMs = WITHIN_MS): Promise<T> {
  for (const endMs = performance.now() + withinMs; ; await pause(LOOK_EVERY_MS)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > endMs) throw new NotProven(`${otherwise} (within ${withinMs / 1000} s)`);
  }
}
