// cordon audit list | verify | key | export
import type { AuditRow, Page } from '../../server/contract.ts';
import { connect, LONG_MS } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText } from '../output.ts';
import { query, showPage, when } from '../show.ts';
import { type AgainstReport, verifyAgainst } from '../verify-against.ts';
import { verifyBundle } from '../verify-bundle.ts';

export const audit: Register = (program, action) => {
  const noun = program.command('audit').description('what was done, by whom, provably unaltered');
  noun
    .command('list')
    .description('the latest events')
    .option('--stream <stream>', 'a run, or: admin, intake, people')
    .option('--before <cursor>', 'the page after this one')
    .action(action(list));
  noun
    .command('verify')
    .description('check every chain and every checkpoint; exit code 1 when something was altered')
    .option('--bundle <file>', 'check a bundle of evidence instead, offline')
    .option(
      '--against <file>',
      'hold it against an export (or a bundle) that was kept elsewhere, too: names the first record that differs or is missing',
    )
    .option('--key <file>', 'with --bundle: the public key (cordon audit key)')
    .action(action(verify));
  noun.command('key').description('the public key that the audit and evidence are checked with; keep it elsewhere').action(action(key));
  noun
    .command('export')
    .description('all events as NDJSON')
    .option('--stream <stream>')
    .option('--since <instant>', 'ISO 8601')
    .action(action(exportAll));
};

async function list(context: Context, options: { stream?: string; before?: string }): Promise<ExitCode> {
  const page = await connect(context).get<Page<AuditRow>>(`/audit${query({ stream: options.stream, before: options.before })}`);
  showPage(context, page, ['AT', 'STREAM', 'SEQ', 'CODE', 'WHAT'], (row) => [
    when(row.at),
    row.stream,
    String(row.seq),
    row.code,
    row.says,
  ]);
  return EXIT.yes;
}

interface Report {
  readonly ok: boolean;
  readonly streams: number;
  readonly events: number;
  readonly checkpoints: number;
  readonly bad?: { readonly stream: string; readonly seq: number; readonly reason: string };
  readonly badCheckpoint?: { readonly id: string; readonly reason: string };
  readonly lastDigest: string | null;
  readonly unanchored: { readonly events: number };
}

async function key(context: Context): Promise<ExitCode> {
  const { publicKey } = await connect(context).get<{ readonly publicKey: string }>('/audit/key');
  context.out(context.json ? jsonText({ publicKey }) : publicKey);
  return EXIT.yes;
}

async function verify(context: Context, options: { bundle?: string; key?: string; against?: string }): Promise<ExitCode> {
  if (options.bundle !== undefined) return verifyBundle(context, options.bundle, options.key);
  const client = connect(context);
  const against = options.against === undefined ? undefined : await verifyAgainst(context, client, options.against);
  const report = await client.get<Report>('/audit/verify', LONG_MS);
  const ok = report.ok && against?.bad === undefined;
  if (context.json) context.out(jsonText({ ...report, ok, ...(against === undefined ? {} : { against }) }));
  else context.out(`${sayReport(report)}${against === undefined ? '' : sayAgainst(against)}`);
  return ok ? EXIT.yes : EXIT.no;
}

function sayReport(report: Report): string {
  const size = `${report.events} events in ${report.streams} chains, ${report.checkpoints} checkpoints`;
  if (report.bad) return `NOT intact: ${report.bad.stream} record ${report.bad.seq}: ${report.bad.reason} (${size})\n`;
  if (report.badCheckpoint) return `NOT intact: checkpoint ${report.badCheckpoint.id}: ${report.badCheckpoint.reason} (${size})\n`;
  const last = report.lastDigest === null ? '' : `; the last checkpoint is ${report.lastDigest}`;
  return `intact: ${size}; ${report.unanchored.events} events are not anchored by a checkpoint yet${last}\n`;
}

function sayAgainst({ file, events, checkpoints, bad }: AgainstReport): string {
  if (bad === undefined) return `as in ${file}: all of its ${events} events and ${checkpoints} checkpoints are there, unaltered\n`;
  const found = bad.reason === 'missing' ? 'is missing now' : 'is another one now';
  return `NOT as in ${file}: ${bad.what} (line ${bad.line}) ${found}; the log was cut or rewritten since\n`;
}

async function exportAll(context: Context, options: { stream?: string; since?: string }): Promise<ExitCode> {
  const decoder = new TextDecoder();
  for await (const piece of await connect(context).stream(`/audit/export${query({ stream: options.stream, since: options.since })}`)) {
    context.out(decoder.decode(piece, { stream: true }));
  }
  return EXIT.yes;
}
