// How the online commands print: tables in plain words, or the API's JSON.
import type { Page, StepRow } from '../server/contract.ts';
import type { Context } from './command.ts';
import { columns, jsonText, safeText } from './output.ts';

/** A table of what is on the page, or the page as JSON. */
export function showPage<T>(context: Context, page: Page<T>, header: readonly string[], row: (item: T) => readonly string[]): void {
  const table = columns([header, ...page.items.map((item) => row(item).map((cell) => clipped(safeText(cell))))]);
  context.out(context.json ? jsonText(page) : page.items.length === 0 ? 'nothing\n' : table);
  if (!context.json && page.next !== undefined) context.err(`more: --before ${page.next}\n`);
}

/** One long title must not widen every row of a table, characters; `show` and `--json` have it whole. */
const LONGEST_CELL = 60;
const clipped = (text: string): string => (text.length > LONGEST_CELL ? `${[...text].slice(0, LONGEST_CELL - 1).join('')}…` : text);

/** Lines of `name  value`, or JSON. */
export function showThing(context: Context, thing: unknown, lines: readonly (readonly [string, string | undefined])[]): void {
  const rows = lines.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, safeText(value)]]));
  context.out(context.json ? jsonText(thing) : columns(rows));
}

/** To the second, UTC. */
export const when = (instant: string | undefined): string => (instant === undefined ? '' : instant.slice(0, 19).replace('T', ' '));

const SEVERITIES = ['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal'];
export const severityWord = (id: number): string => SEVERITIES[id] ?? 'unknown';

/** What a step did, in words: never "done" for what was not read back. */
export function stepWords(step: StepRow): string {
  const what =
    step.says ?? `${step.kind === 'undo' ? 'undo ' : ''}${step.verb ?? step.stepId}${step.entityName ? ` ${step.entityName}` : ''}`;
  return `${what}: ${stepState(step)}`;
}

/** By which rule, and why; nothing where policy had nothing to say. */
export const policyWords = ({ decision }: StepRow): string =>
  decision === undefined || decision.rule === 'default' ? '' : ` [${decision.effect} by ${decision.rule}: ${decision.reason}]`;

const OUTCOMES: Readonly<Record<string, string>> = {
  read: 'read',
  changed: 'done, verified by reading back',
  already: 'was so already, nothing done',
  would: 'would have been done (observe mode)',
  unverified: 'NOT verified: people are told',
  unknown: 'UNKNOWN whether it took effect: a person decides',
};

function stepState(step: StepRow): string {
  if (step.state !== 'ended') return step.state === 'waiting' ? `waits for ${step.waitingOn ?? 'something'}` : step.state;
  const isReadBack = step.after !== undefined && step.after !== null;
  const outcome =
    step.outcome === 'changed' && !isReadBack
      ? 'done, acknowledged by the product'
      : (OUTCOMES[step.outcome ?? ''] ?? step.outcome ?? 'ended');
  const why =
    step.error?.message ?? (step.outcome === 'denied' ? step.decision && `${step.decision.rule}: ${step.decision.reason}` : undefined);
  return `${outcome}${step.recovered ? ' (found done after a crash)' : ''}${why ? ` (${why})` : ''}`;
}

/** `?a=1&b=2` of what is set. */
export function query(values: Readonly<Record<string, string | undefined>>): string {
  const set = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return set.length === 0 ? '' : `?${new URLSearchParams(set)}`;
}

/** Ids go into addresses. */
export const part = (id: string): string => encodeURIComponent(id);
