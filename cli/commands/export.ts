// cordon export ocsf
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { query } from '../show.ts';
import { writeOut } from '../write-out.ts';

export const exportEvents: Register = (program, action) => {
  const noun = program.command('export').description('events for systems that collect them');
  noun
    .command('ocsf')
    .description('alerts and effects as OCSF events (Detection Finding, Remediation Activity), one JSON object on each line')
    .option('--since <instant>', 'ISO 8601; default: all that is kept')
    .option('--until <instant>', 'ISO 8601; up to, and without it')
    .option('--out <file>', 'where to write them; else they are printed')
    .action(action(ocsf));
};

async function ocsf(context: Context, options: { since?: string; until?: string; out?: string }): Promise<ExitCode> {
  const instants = { since: instant('--since', options.since), until: instant('--until', options.until) };
  const decoder = new TextDecoder();
  let kept = '';
  for await (const piece of await connect(context).stream(`/export/ocsf${query(instants)}`)) {
    const text = decoder.decode(piece, { stream: true });
    if (options.out === undefined) context.out(text);
    else kept += text;
  }
  if (options.out !== undefined) {
    writeOut(context, options.out, kept);
    context.err(`${options.out}: ${kept.split('\n').length - 1} events\n`);
  }
  return EXIT.yes;
}

/** As the API takes it. */
function instant(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const at = new Date(text);
  if (!Number.isNaN(at.getTime())) return at.toISOString();
  throw new CliError(EXIT.wrongUse, 'BAD_INSTANT', `${option} ${text} is no instant: write it as 2030-03-04T08:00:00Z`);
}
