// Follows what an alert starts, line by line, until it has ended (or until somebody is needed). Stopping to follow stops nothing.
import { setTimeout as pause } from 'node:timers/promises';
import { needsReason } from '../policy/approval.ts';
import type { AlertDetail, ApprovalDetail, RunDetail } from '../server/contract.ts';
import { type Client, commandLine } from './client.ts';
import { type Context, EXIT, type ExitCode } from './command.ts';
import { paint, safeText } from './output.ts';
import { part, stepWords } from './show.ts';

const EVERY_MS = 300;
/** A decision about an alert comes within a second; after this the worker is not there. */
const UNDECIDED_MS = 20_000;

const HELD_BACK: ReadonlySet<string> = new Set(['freeze', 'outage']);

/** `waiting` returns as soon as a person is needed. */
export type Until = 'decided' | 'waiting' | 'ended';

export async function followAlert(context: Context, client: Client, alertId: string, until: Until): Promise<ExitCode> {
  const alert = await decided(client, alertId);
  if (!alert) {
    context.out('Stored. Nothing has looked at it yet: the worker seems to be away, and takes it up when it is back.\n');
    return EXIT.no;
  }
  sayDecisions(context, client, alert);
  const runs = [...new Set(alert.decisions.flatMap((decision) => (decision.runId === undefined ? [] : [decision.runId])))];
  if (until === 'decided') return EXIT.yes;
  const ends = await Promise.all(runs.map((run) => followRun(context, client, run, until)));
  return ends.includes(EXIT.no) ? EXIT.no : EXIT.yes;
}

async function decided(client: Client, alertId: string): Promise<AlertDetail | undefined> {
  for (let waitedMs = 0; waitedMs < UNDECIDED_MS; waitedMs += EVERY_MS) {
    const alert = await client.get<AlertDetail>(`/alerts/${part(alertId)}`);
    if (alert.decisions.length > 0 || alert.state === 'quarantined') return alert;
    await pause(EVERY_MS);
  }
  return undefined;
}

function sayDecisions(context: Context, client: Client, alert: AlertDetail): void {
  const { bold, dim } = paint(context.colour);
  const started = alert.decisions.filter((decision) => decision.runId !== undefined);
  if (started.length === 0) context.out('No playbook matched:\n');
  for (const one of started.length > 0 ? started : alert.decisions) {
    const verb = one.decision === 'join' ? 'joined a run of' : one.decision === 'start' ? 'started' : one.decision.replace('_', ' ');
    context.out(`${verb} ${bold(safeText(one.playbook ?? '(no playbook)'))}\n  why: ${safeText(one.reason)}\n`);
    if (one.decision === 'join') context.out('  nothing is done twice\n');
    if (one.runId !== undefined) context.out(`  ${dim(`${client.url}/runs/${one.runId}`)}\n`);
  }
}

/** Prints each step as it changes. Exit code 1 when the run failed, was cancelled or lost. */
export async function followRun(context: Context, client: Client, runId: string, until: Until): Promise<ExitCode> {
  const said = new Set<string>();
  /** False: it has been said already. */
  const say = (line: string): boolean => {
    if (said.has(line)) return false;
    said.add(line);
    context.out(`  ${line}\n`);
    return true;
  };
  for (;;) {
    const run = await client.get<RunDetail>(`/runs/${part(runId)}`);
    sayRun(run, say);
    await sayWaiting(context, run, client, say);
    if (run.endedAt !== undefined) return sayEnd(context, run);
    if (until === 'waiting' && run.waiting?.approvalId !== undefined) return EXIT.yes;
    await pause(EVERY_MS);
  }
}

function sayRun(run: RunDetail, say: (line: string) => boolean): void {
  for (const step of run.steps) {
    if (step.state === 'ended' && step.verb !== undefined)
      say(`${(step.endedAt ?? step.startedAt).slice(11, 19)}  ${safeText(stepWords(step))}`);
  }
}

async function sayWaiting(context: Context, { waiting }: RunDetail, client: Client, say: (line: string) => boolean): Promise<void> {
  if (!waiting) return;
  // A freeze or a product that is away: nobody is asked, and whoever follows should know why nothing happens.
  if (waiting.approvalId === undefined) {
    if (HELD_BACK.has(waiting.on)) say(`waits for ${waiting.on}: ${safeText(waiting.detail)}`);
    return;
  }
  const until = waiting.until === undefined ? '' : `, until ${waiting.until.slice(11, 19)} UTC`;
  if (!say(`waits for ${waiting.on}: ${safeText(waiting.detail)}${until}`)) return;
  say(`  in the browser: ${client.url}/approvals/${waiting.approvalId}`);
  const { choices = ['…'], items } = await client.get<ApprovalDetail>(`/approvals/${part(waiting.approvalId)}`);
  if (waiting.on !== 'question') {
    const reason = needsReason(items) ? ' --reason "…"' : '';
    say(`  or here: ${commandLine(context, `approvals approve ${waiting.approvalId}${reason}`)}`);
    return;
  }
  say(`  or here: ${commandLine(context, `approvals answer ${waiting.approvalId} ${choices.map(safeText).join('|')}`)}`);
}

function sayEnd(context: Context, run: RunDetail): ExitCode {
  const { green, red } = paint(context.colour);
  const isGood = run.state === 'completed' || run.state === 'stopped';
  const word = run.outcome === undefined || run.outcome === run.state ? run.state : `${run.state}: ${run.outcome}`;
  context.out(`${isGood ? green(safeText(word)) : red(safeText(word))}${run.error ? ` (${safeText(run.error.message)})` : ''}\n`);
  if (run.activeHolds > 0) {
    const [list, undo] = [commandLine(context, 'holds list'), commandLine(context, `runs undo ${run.id}`)];
    context.out(`${run.activeHolds} held: ${list} · to undo: ${undo}\n`);
  }
  return isGood ? EXIT.yes : EXIT.no;
}
