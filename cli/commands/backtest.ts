// cordon backtest: what would a changed playbook have done with the alerts that are stored?
import type { Alert } from '../../alerts/alert.ts';
import type { Plan } from '../../language/plan.ts';
import type { AlertDetail, AlertRow, Page, PlaybookRow, RunDetail } from '../../server/contract.ts';
import { compareVersions, type Difference } from '../backtest/compare-plans.ts';
import { NO_RECORDS, recordsOf } from '../backtest/records.ts';
import { type Client, connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { loadPlan } from '../load-plan.ts';
import { wholeNumber } from '../numbers.ts';
import { jsonText, paint, safeText } from '../output.ts';
import { part } from '../show.ts';

interface Options {
  readonly alerts: number;
}

interface Tested {
  readonly alert: string;
  readonly title: string;
  /** The recorded run, where there was one. */
  readonly run?: string;
  /** Absent: nothing is kept of the alert that could be tested. */
  readonly difference?: Difference;
}

export const backtest: Register = (program, action) => {
  program
    .command('backtest')
    .summary('try a changed playbook on stored alerts')
    .description(
      'Simulates the published version and the changed file on the alerts that the server has stored, with what products answered and people decided then, and shows which effects would be added or missing. What was never asked is said, not guessed; a step that was not there then borrows what another got to the same question, and that is said too. Nothing is sent anywhere. Exit code 0 when nothing differs, 1 when something does or cannot be known.',
    )
    .argument('<playbook>', 'the changed playbook file or its folder')
    .option('--alerts <n>', 'how many of the newest alerts', wholeNumber(1, 10_000), 200)
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon backtest playbooks/malware-on-host\n  $ cordon backtest playbooks/malware-on-host --alerts 1000 --json',
    )
    .action(action((context: Context, path: string, options: Options) => run(context, path, options)));
};

async function run(context: Context, path: string, options: Options): Promise<ExitCode> {
  const { plan } = loadPlan(context, path);
  const client = connect(context);
  const published: PlaybookRow & { readonly plan: Plan } = await client.get(`/playbooks/${part(plan.playbook)}`);
  const rows = await newest(client, options.alerts);
  const tested: Tested[] = [];
  for (const row of rows) {
    tested.push(await testAlert(client, published.plan, plan, row));
    context.progress(`${tested.length} of ${rows.length} alerts`);
  }
  context.progress('');
  return report(
    context,
    `${plan.playbook}, ${published.version === 0 ? `draft ${published.draft}` : `version ${published.version}`}`,
    tested,
  );
}

async function newest(client: Client, most: number): Promise<readonly AlertRow[]> {
  const rows: AlertRow[] = [];
  for (let before: string | undefined; rows.length < most; ) {
    const limit = Math.min(200, most - rows.length);
    const page: Page<AlertRow> = await client.get(
      `/alerts?limit=${limit}${before === undefined ? '' : `&before=${encodeURIComponent(before)}`}`,
    );
    rows.push(...page.items);
    if (page.next === undefined) break;
    before = page.next;
  }
  return rows;
}

async function testAlert(client: Client, published: Plan, changed: Plan, row: AlertRow): Promise<Tested> {
  const { body }: AlertDetail = await client.get(`/alerts/${part(row.id)}`);
  const about = { alert: row.id, title: row.title };
  if (body === undefined) return about;
  const recorded = row.runs.find((one) => one.playbook === changed.playbook);
  const run: RunDetail | undefined = recorded && (await client.get(`/runs/${part(recorded.id)}`));
  // The server wrote it from a normalised Alert.
  const difference = compareVersions(published, changed, body as unknown as Alert, run ? recordsOf(run) : NO_RECORDS);
  return { ...about, ...(run ? { run: run.id } : {}), difference };
}

function report(context: Context, against: string, tested: readonly Tested[]): ExitCode {
  const count = (verdict: Difference['verdict']) => tested.filter((one) => one.difference?.verdict === verdict).length;
  const unreadable = tested.filter((one) => !one.difference).length;
  const [same, differs, unknown] = [count('same'), count('differs'), count('unknown')];
  const ok = differs + unknown === 0;
  if (context.json) context.out(jsonText({ ok, against, alerts: tested.length, same, differs, unknown, unreadable, tested }));
  else {
    for (const one of tested) context.out(differenceText(context, one));
    const { green, red } = paint(context.colour);
    const words = `${tested.length} alerts against ${against}: ${same} the same, ${differs} different, ${unknown} that cannot be known`;
    context.out(`${(ok ? green : red)(safeText(words))}${unreadable > 0 ? `, ${unreadable} quarantined or erased` : ''}\n`);
  }
  return ok ? EXIT.yes : EXIT.no;
}

/** Alerts with which nothing changes are only counted. */
function differenceText(context: Context, { alert, title, difference }: Tested): string {
  if (!difference || difference.verdict === 'same') return '';
  const { green, red, dim, bold } = paint(context.colour);
  const { before, after, added, removed, unknown } = difference;
  const line = (text: string, tone: (text: string) => string) => `  ${tone(safeText(text))}\n`;
  return [
    `${bold(safeText(title))}  ${dim(safeText(alert))}\n`,
    before.starts === after.starts
      ? ''
      : line(after.starts ? `+ it starts: ${after.why}` : `- it does not start: ${after.why}`, after.starts ? green : red),
    ...removed.map((effect) => line(`- ${effect}`, red)),
    ...added.map((effect) => line(`+ ${effect}`, green)),
    before.outcome === after.outcome || before.starts !== after.starts
      ? ''
      : line(`ends as ${after.outcome}, not as ${before.outcome}`, dim),
    ...unknown.map((what) => line(`? not recorded: ${what}`, dim)),
    ...after.borrowed.map((what) => line(`~ borrowed: ${what}`, dim)),
  ].join('');
}
