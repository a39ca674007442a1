// What is printed, and what --json holds.
import type { Share } from './profile.ts';
import type { Round } from './round.ts';
import { median, percentile } from './statistics.ts';

export interface SideReport {
  readonly perSecond: number;
  readonly burstP50Ms: number;
  readonly burstP95Ms: number;
  readonly steadyP50Ms: number;
  readonly steadyP95Ms: number;
  readonly events: number;
  readonly statements: number;
  readonly requests: number;
  readonly cpuMs: number;
  readonly temporalCpuMs: number;
}

/** Medians over the rounds. */
export function reportOf(bursts: readonly Round[], steadies: readonly Round[]): SideReport {
  const over = (rounds: readonly Round[], of: (round: Round) => number) => median(rounds.map(of));
  return {
    perSecond: over(bursts, (round) => (round.runs * 1000) / round.tookMs),
    burstP50Ms: over(bursts, (round) => percentile(round.containedMs, 0.5)),
    burstP95Ms: over(bursts, (round) => percentile(round.containedMs, 0.95)),
    steadyP50Ms: over(steadies, (round) => percentile(round.containedMs, 0.5)),
    steadyP95Ms: over(steadies, (round) => percentile(round.containedMs, 0.95)),
    events: over(bursts, (round) => round.events),
    statements: over(bursts, (round) => round.statements),
    requests: over(bursts, (round) => round.requests),
    cpuMs: over(bursts, (round) => round.cpuMs),
    temporalCpuMs: over(bursts, (round) => round.temporalCpuMs),
  };
}

const ROWS: readonly [keyof SideReport, string, number][] = [
  ['perSecond', 'runs per second (burst)', 1],
  ['steadyP50Ms', 'webhook to containment, steady, p50 ms', 0],
  ['steadyP95Ms', 'webhook to containment, steady, p95 ms', 0],
  ['burstP50Ms', 'webhook to containment, burst, p50 ms', 0],
  ['burstP95Ms', 'webhook to containment, burst, p95 ms', 0],
  ['events', 'history events per run', 1],
  ['statements', 'database statements per run', 1],
  ['requests', 'requests to products per run', 1],
  ['cpuMs', 'CPU of the process per run, ms', 1],
  ['temporalCpuMs', 'CPU of Temporal per run, ms', 1],
];

export function comparison(cordon: SideReport, handWritten: SideReport): string {
  const rows = ROWS.map(([key, title, digits]) => {
    const [ours, theirs] = [cordon[key], handWritten[key]];
    return [title, ours.toFixed(digits), theirs.toFixed(digits), theirs === 0 ? '-' : (ours / theirs).toFixed(2)];
  });
  return table([['', 'Cordon', 'hand-written', 'ratio'], ...rows]);
}

export function profileTable(threads: readonly { readonly title: string; readonly shares: readonly Share[] }[], runs: number): string {
  return threads
    .map(({ title, shares }) => {
      const total = shares.reduce((sum, share) => sum + share.ms, 0);
      const main = shares.filter((share) => share.ms / total >= 0.01);
      const rest = total - main.reduce((sum, share) => sum + share.ms, 0);
      const rows = [...main, { where: 'all else', ms: rest }, { where: 'together', ms: total }].map(({ where, ms }) => [
        where,
        (ms / runs).toFixed(2),
        `${((100 * ms) / total).toFixed(0)} %`,
      ]);
      return table([[title, 'ms per run', ''], ...rows]);
    })
    .join('\n\n');
}

/** The first column to the left, the others to the right; Markdown takes it as it is. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((text, column) => (column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const [head, ...body] = rows.map(line);
  const rule = `| ${widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(Math.max(width - 1, 1))}:`)).join(' | ')} |`;
  return [head ?? '', rule, ...body].join('\n');
}
