// cordon drill undo | freeze
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { type DrillReport, drill } from '../drill.ts';
import { columns, jsonText, safeText } from '../output.ts';

/** At the range's far end: hardly anybody practises on it. */
const DEFAULT_HOST = 'wks-480';

export const drills: Register = (program, action) => {
  const noun = program.command('drill').description('prove on the practice range that undo and freeze work; exit code 1 when they do not');
  const host = ['--host <id>', 'a host of the practice range that is switched on', DEFAULT_HOST] as const;
  noun
    .command('undo')
    .description('isolate a host by an alert and an approval, undo it, and ask the range what is true')
    .option(...host)
    .action(action((context: Context, options: { host: string }) => carryOut(context, 'undo', options.host)));
  noun
    .command('freeze')
    .description('freeze, approve an isolation, see that nothing happens; lift the freeze, see that it goes on; undo it')
    .option(...host)
    .action(action((context: Context, options: { host: string }) => carryOut(context, 'freeze', options.host)));
};

async function carryOut(context: Context, kind: DrillReport['drill'], host: string): Promise<ExitCode> {
  const report = await drill(context, kind, host, () => performance.now());
  context.out(context.json ? jsonText(report) : reportText(report));
  return report.ok ? EXIT.yes : EXIT.no;
}

function reportText({ drill: kind, ok, host, run, steps, failed }: DrillReport): string {
  const lines = columns(steps.map(({ what, ms }) => [`${ms} ms`.padStart(9), what]));
  const verdict = ok ? `proven: ${kind} works on ${safeText(host)} (run ${run})` : `NOT proven: ${failed} (run ${run})`;
  return `${lines}${verdict}\n`;
}
