// What policy, ledger and audit take of a run's time: the time of the database's statements for each, beside the CPU of the whole process and of Temporal.
import type { Options } from './options.ts';
import { table } from './report.ts';
import { burst, type Round } from './round.ts';
import { MARKS, type Mark, type Served } from './served.ts';
import { onGround } from './sides.ts';
import { median } from './statistics.ts';

export interface Shares {
  /** Per run, medians over the rounds. */
  readonly served: Readonly<Record<Mark, Served>>;
  /** CPU of the process and of Temporal, per run. */
  readonly cpuMs: number;
}

export async function measureShares({ rounds, runs }: Options, say: (line: string) => void): Promise<Shares> {
  return await onGround({ eager: false, handWritten: false }, async (ground) => {
    const [side] = ground.sides;
    if (!side) throw new Error('there is no side to measure');
    await burst(ground, side, runs);
    const measured: Round[] = [];
    for (let round = 1; round <= Math.max(1, rounds); round++) {
      const one = await burst(ground, side, runs);
      measured.push(one);
      say(
        `round ${round}  CPU ${(one.cpuMs + one.temporalCpuMs).toFixed(1)} ms   ${MARKS.map((mark) => `${mark} ${one.served[mark].ms.toFixed(1)} ms`).join('   ')}`,
      );
    }
    const over = (mark: Mark, of: keyof Served) => median(measured.map((one) => one.served[mark][of]));
    const each = (mark: Mark): Served => ({ statements: over(mark, 'statements'), ms: over(mark, 'ms') });
    return {
      served: { effects: each('effects'), audit: each('audit'), other: each('other') },
      cpuMs: median(measured.map((one) => one.cpuMs + one.temporalCpuMs)),
    };
  });
}

const TITLES: Readonly<Record<Mark, string>> = {
  effects: 'policy, limits, approvals, locks, ledger, and their audit',
  audit: 'audit alone',
  other: 'intake, dispatch, runs',
};

export function sharesTable({ served, cpuMs }: Shares): string {
  const row = (title: string, { statements, ms }: Served) => [
    title,
    statements.toFixed(1),
    ms.toFixed(2),
    `${((100 * ms) / cpuMs).toFixed(0)} %`,
  ];
  const { effects, audit } = served;
  const safety = { statements: effects.statements + audit.statements, ms: effects.ms + audit.ms };
  return table([
    ['statements for', 'per run', 'ms per run', 'of the CPU'],
    ...MARKS.map((mark) => row(TITLES[mark], served[mark])),
    row('policy, ledger and audit together', safety),
    ['CPU of the process and of Temporal', '', cpuMs.toFixed(1), '100 %'],
  ]);
}
