// cordon suppress add | list | remove
import type { Page, SuppressionRow } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { part, query, showPage, showThing, when } from '../show.ts';

interface Wish {
  readonly title: string;
  readonly reason: string;
  readonly for: string;
  readonly from?: string;
  readonly source?: string[];
  readonly entity?: string[];
  readonly alertTitle?: string;
  readonly playbook?: string[];
  readonly below?: string;
  readonly when?: string;
}

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export const suppress: Register = (program, action) => {
  const noun = program.command('suppress').description('let alerts that are expected start nothing, for a time');
  noun
    .command('add')
    .description('matching alerts are stored and counted, and start nothing until the end')
    .requiredOption('--title <text>', 'what people will see it called')
    .requiredOption('--reason <text>')
    .requiredOption('--for <time>', '30m, 8h, 7d; at most 90d')
    .option('--from <instant>', 'a window that begins later: 2026-12-01T22:00:00Z')
    .option('--source <name>', 'alerts of it (may be repeated)', several)
    .option('--entity <key>', 'about it: host:wks-007, user:eve@example.com (may be repeated)', several)
    .option('--alert-title <text>', 'exact')
    .option('--playbook <name>', 'only this one starts nothing (may be repeated)', several)
    .option('--below <severity>', 'low to fatal: this severity and above come through')
    .option('--when <expression>', 'CEL over alert')
    .addHelpText(
      'after',
      '\nExample: cordon suppress add --title "Patching" --reason CHG-1234 --for 4h --entity host:wks-007 --below critical',
    )
    .action(action(add));
  noun
    .command('list')
    .description('what is suppressed now, and how much it hid')
    .option('--all', 'those that are over too')
    .action(action(list));
  noun.command('remove <suppression>').description('end it now').option('--reason <text>').action(action(remove));
};

async function add(context: Context, wish: Wish): Promise<ExitCode> {
  const { title, reason, from, source, entity, alertTitle, playbook, below } = wish;
  const body = {
    ...{ title, reason, for: wish.for, from, when: wish.when },
    ...{ sources: source, entities: entity, alert_title: alertTitle, playbooks: playbook, severity_below: below },
  };
  say(context, await connect(context).post<SuppressionRow>('/suppressions', body));
  return EXIT.yes;
}

async function list(context: Context, options: { all?: boolean }): Promise<ExitCode> {
  const page = await connect(context).get<Page<SuppressionRow>>(`/suppressions${query({ all: options.all ? 'true' : undefined })}`);
  showPage(context, page, ['ID', 'TITLE', 'STATE', 'UNTIL', 'HIDDEN', 'LAST', 'BY', 'REASON'], (row) => [
    row.id,
    row.title,
    row.state,
    when(row.expiresAt),
    String(row.hidden),
    when(row.lastHiddenAt),
    row.by,
    row.reason,
  ]);
  return EXIT.yes;
}

async function remove(context: Context, id: string, options: { reason?: string }): Promise<ExitCode> {
  say(context, await connect(context).post<SuppressionRow>(`/suppressions/${part(id)}/remove`, { reason: options.reason ?? '' }));
  return EXIT.yes;
}

const say = (context: Context, row: SuppressionRow): void =>
  showThing(context, row, [
    ['suppression', row.id],
    ['title', row.title],
    ['state', row.state],
    ['until', when(row.expiresAt)],
    ['matches', JSON.stringify(row.match)],
    ['hidden', `${row.hidden} alerts`],
    ['reason', row.reason],
  ]);
