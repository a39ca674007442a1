// cordon drill undo | freeze | restore
import { resolve } from 'node:path';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { type DrillReport, type DrillWish, drill } from '../drill.ts';
import { columns, jsonText, safeText } from '../output.ts';
import { askStore, storeProgram } from '../store-program.ts';

/** At the range's far end: hardly anybody practises on it. */
const DEFAULT_HOST = 'wks-480';

export const drills: Register = (program, action) => {
  const noun = program
    .command('drill')
    .description('prove that undo and freeze work, on the practice range, and that a backup can be restored; exit code 1 when they do not');
  const host = ['--host <id>', 'a host of the practice range that is switched on', DEFAULT_HOST] as const;
  noun
    .command('undo')
    .description('isolate a host by an alert and an approval, undo it, and ask the range what is true')
    .option(...host)
    .action(action((context: Context, { host }: { host: string }) => carryOut(context, { kind: 'undo', host, secondPerson: false })));
  noun
    .command('freeze')
    .description('freeze, approve an isolation, see that nothing happens; lift the freeze, see that it goes on; undo it')
    .option(...host)
    .option('--second-person', 'somebody else is ready to lift the freeze (cordon freeze off), where it takes two')
    .action(
      action((context: Context, { host, secondPerson = false }: { host: string; secondPerson?: boolean }) =>
        carryOut(context, { kind: 'freeze', host, secondPerson }),
      ),
    );
  noun
    .command('restore')
    .summary('back the store up, restore it elsewhere, and compare every row')
    .description(
      'Backs up the store that is configured (or takes an earlier backup), restores it into a fresh place, and compares there: migrations, every row, open holds, and the audit with its signatures. The store itself is only read. What the drill made is removed, but for what it put into --database.',
    )
    .option('--backup <file>', 'an earlier backup; also while the embedded store is in use')
    .option('--database <url>', 'restore into this empty PostgreSQL database; default: an embedded store in a folder of its own')
    .action(action(restoreDrill));
};

const restoreDrill = (context: Context, { backup, database }: { backup?: string; database?: string }): Promise<ExitCode> =>
  askStore(
    context,
    storeProgram(),
    { what: 'drill', ...(backup !== undefined && { file: resolve(context.cwd, backup) }), ...(database !== undefined && { database }) },
    ({ ok, madeAt }) =>
      ok ? `proven: the store of ${madeAt} can be restored` : `NOT proven: what was restored is not the store of ${madeAt}`,
  );

async function carryOut(context: Context, wish: DrillWish): Promise<ExitCode> {
  const report = await drill(context, wish, () => performance.now());
  context.out(context.json ? jsonText(report) : reportText(report));
  return report.ok ? EXIT.yes : EXIT.no;
}

function reportText({ drill: kind, ok, host, run, steps, failed }: DrillReport): string {
  const lines = columns(steps.map(({ what, ms }) => [`${ms} ms`.padStart(9), what]));
  const verdict = ok ? `proven: ${kind} works on ${safeText(host)} (run ${run})` : `NOT proven: ${failed} (run ${run})`;
  return `${lines}${verdict}\n`;
}
