// cordon alerts list | show | send
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { SAMPLES, type SampleName, sampleAlert } from '../../alerts/samples.ts';
import type { AlertDetail, AlertRow, Page } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { followAlert, type Until } from '../follow.ts';
import { jsonText, safeText } from '../output.ts';
import { sendAlert } from '../send-alert.ts';
import { part, query, showPage, showThing, when } from '../show.ts';

interface SendOptions {
  readonly sample?: string;
  readonly source: string;
  readonly follow: boolean;
  readonly until: string;
}

export const alerts: Register = (program, action) => {
  const noun = program.command('alerts').description('what came in, and sending one');
  noun
    .command('list')
    .description('the latest alerts')
    .option('--state <state>', 'accepted or quarantined')
    .option('--source <source>')
    .option('--before <id>', 'the page after this one')
    .action(action(list));
  noun.command('show <alert>').description('one alert, and why it did or did not start something').action(action(show));
  noun
    .command('send [file]')
    .description('sign a plain alert, post it, and follow what it starts')
    .option('--sample <name>', `instead of a file: ${Object.keys(SAMPLES).join(', ')}`)
    .option('--source <source>', 'which source it comes from', 'plain')
    .option('--until <when>', 'follow until: decided, waiting (for a person), ended', 'ended')
    .option('--no-follow', 'only say what became of the post')
    .addHelpText('after', '\nExamples:\n  cordon alerts send --sample travel\n  cordon alerts send my-alert.json --no-follow')
    .action(action(send));
};

async function list(context: Context, options: { state?: string; source?: string; before?: string }): Promise<ExitCode> {
  const page = await connect(context).get<Page<AlertRow>>(
    `/alerts${query({ state: options.state, source: options.source, before: options.before })}`,
  );
  showPage(context, page, ['ID', 'RECEIVED', 'SEVERITY', 'SOURCE', 'SEEN', 'TITLE', 'RUNS'], (row) => [
    row.id,
    when(row.receivedAt),
    row.severity,
    row.source,
    String(row.seenCount),
    row.state === 'quarantined' ? `QUARANTINED: ${row.quarantineReason ?? ''}` : row.title,
    row.runs.map((run) => `${run.playbook} ${run.state}`).join(', '),
  ]);
  return EXIT.yes;
}

async function show(context: Context, id: string): Promise<ExitCode> {
  const alert = await connect(context).get<AlertDetail>(`/alerts/${part(id)}`);
  const decisions = alert.decisions.map((one): readonly [string, string] => [
    'decision',
    `${one.decision} ${one.playbook ?? ''}${one.runId ? ` (${one.runId})` : ''}: ${one.reason}`,
  ]);
  showThing(context, alert, [
    ['alert', alert.id],
    ['title', alert.title],
    ['source', alert.source],
    ['severity', alert.severity],
    ['status', alert.status],
    ['received', when(alert.receivedAt)],
    ['seen', String(alert.seenCount)],
    ['incident', alert.incidentId],
    ['quarantined', alert.quarantineReason],
    ...decisions,
  ]);
  return EXIT.yes;
}

async function send(context: Context, file: string | undefined, options: SendOptions): Promise<ExitCode> {
  const nowMs = Date.now();
  const body = bodyOf(context, file, options.sample, nowMs);
  const until = untilOf(options.until);
  const receipt = await sendAlert(context, options.source, body, nowMs);
  if (context.json) {
    context.out(jsonText(receipt));
    return receipt.status === 'quarantined' ? EXIT.no : EXIT.yes;
  }
  context.out(`Alert ${receipt.id} ${receipt.status}: ${safeText(titleOf(body))}\n`);
  if (receipt.status === 'quarantined') return EXIT.no;
  return options.follow ? await followAlert(context, connect(context), receipt.id, until) : EXIT.yes;
}

function bodyOf(context: Context, file: string | undefined, sample: string | undefined, nowMs: number): string {
  if ((file === undefined) === (sample === undefined)) throw new CliError(EXIT.wrongUse, 'WHICH_ALERT', 'give a file, or --sample <name>');
  if (sample !== undefined) {
    if (!isSample(sample))
      throw new CliError(EXIT.wrongUse, 'NO_SAMPLE', `there is no sample ${sample}`, `There are: ${Object.keys(SAMPLES).join(', ')}`);
    return JSON.stringify(sampleAlert(sample, `${sample}-${randomUUID()}`, new Date(nowMs).toISOString()));
  }
  try {
    return readFileSync(resolve(context.cwd, file ?? ''), 'utf8');
  } catch {
    throw new CliError(EXIT.wrongUse, 'NO_FILE', `${file} cannot be read`);
  }
}

const isSample = (name: string): name is SampleName => Object.hasOwn(SAMPLES, name);

function untilOf(word: string): Until {
  if (word === 'decided' || word === 'waiting' || word === 'ended') return word;
  throw new CliError(EXIT.wrongUse, 'UNTIL', '--until is decided, waiting or ended');
}

function titleOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'title' in parsed && typeof parsed.title === 'string'
      ? parsed.title
      : '(no title)';
  } catch {
    return '(not JSON)';
  }
}
