// cordon entities list | show | import | sync
import { basename, extname } from 'node:path';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import type { EntitiesImported, EntityRow, Page } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, paint, safeText } from '../output.ts';
import { readTextFile } from '../playbook-files.ts';
import { showPage, showThing } from '../show.ts';

interface ImportOptions {
  readonly source?: string;
  readonly apply?: boolean;
}

interface ListOptions {
  readonly kind?: string;
  readonly before?: string;
}

export const entities: Register = (program, action) => {
  const noun = program.command('entities').description('hosts, people and services that policy knows');
  noun
    .command('list')
    .description('one line for each real thing, whichever sources know it')
    .option('--kind <kind>', 'host, user or service')
    .option('--before <id>', 'the page after this one')
    .action(action(list));
  noun.command('show <name>').description('everything that is known under an exact name or alias').action(action(show));
  noun
    .command('import')
    .description(
      'Says what a CSV or YAML file would change in the inventory; with --apply, changes it. What the source no longer has is taken out.',
    )
    .argument(
      '<file>',
      'CSV with a header (kind,name,aliases,tags,groups,owner,criticality,depends_on; lists by ;), or YAML as entities.yaml',
    )
    .option('--source <name>', 'what the entries are kept under; default: the name of the file')
    .option('--apply', 'take it over')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon entities import cmdb.csv\n  $ cordon entities import cmdb.csv --apply\n  $ cordon entities import people.yaml --source hr --json',
    )
    .action(action(importFile));
  noun
    .command('sync')
    .description('read the directories of the connectors now')
    .option('--status', 'only say how they were read last, and what was kept back')
    .option('--accept <connector>', 'accept that protected things lose what this directory no longer says of them')
    .action(action(sync));
};

async function list(context: Context, options: ListOptions): Promise<ExitCode> {
  const query = new URLSearchParams({
    ...(options.kind ? { kind: options.kind } : {}),
    ...(options.before ? { before: options.before } : {}),
  });
  const page = await connect(context).get<Page<EntityRow>>(`/entities?${query}`);
  showPage(context, page, ['ENTITY', 'ALSO', 'TAGS', 'CRITICALITY', 'OWNER', 'FROM', ''], (row) => [
    row.id,
    row.aliases.slice(0, 3).join(', '),
    row.tags.join(', '),
    row.criticality ?? '',
    row.owner ?? '',
    row.sources.join(', '),
    row.conflict === undefined ? '' : 'UNCLEAR',
  ]);
  return EXIT.yes;
}

/** Exit code 1 where the name is nobody's, or several things'. */
async function show(context: Context, name: string): Promise<ExitCode> {
  const { items } = await connect(context).get<Page<EntityRow>>(`/entities?${new URLSearchParams({ name })}`);
  if (items.length === 0) throw new CliError(EXIT.no, 'NOT_FOUND', `the inventory has nothing of the name ${safeText(name)}`);
  if (context.json) context.out(jsonText(items));
  else for (const row of items) showThing(context, row, linesOf(row));
  return items.length === 1 && items[0]?.conflict === undefined ? EXIT.yes : EXIT.no;
}

const linesOf = (row: EntityRow): readonly (readonly [string, string | undefined])[] => [
  ['entity', row.id],
  ['name', row.name],
  ['also', row.aliases.join(', ')],
  ['tags', row.tags.join(', ')],
  ['groups', row.groups.join(', ')],
  ['criticality', row.criticality],
  ['owner', row.owner],
  ['needed by', row.dependents.join(', ')],
  ['held', row.held > 0 ? `${row.held} effects` : ''],
  ['from', row.sources.join(', ')],
  ['unclear', row.conflict],
];

const FORMATS: Readonly<Record<string, 'csv' | 'yaml'>> = { '.csv': 'csv', '.yaml': 'yaml', '.yml': 'yaml' };

async function importFile(context: Context, written: string, options: ImportOptions): Promise<ExitCode> {
  const format = FORMATS[extname(written).toLowerCase()];
  if (!format) throw new CliError(EXIT.wrongUse, 'FORMAT_UNKNOWN', `${safeText(written)} is neither .csv nor .yaml`);
  const { file, text } = readTextFile(written, context.cwd);
  const source =
    options.source ??
    basename(written, extname(written))
      .toLowerCase()
      .replace(/[^a-z0-9-]+/g, '-')
      .replace(/^-+/, '')
      .slice(0, 40);
  const body = { source, format, text, path: file.slice(-200), preview: options.apply !== true };
  const answer = await connect(context).post<EntitiesImported>('/entities/import', body);
  if (context.json) context.out(jsonText(answer));
  else context.out(importText(answer, text, context));
  return answer.change ? EXIT.yes : EXIT.no;
}

const SHOWN = 10;

function importText({ imported, diagnostics, change }: EntitiesImported, text: string, context: Context): string {
  const colour = paint(context.colour);
  if (!change) return `${formatDiagnostics(diagnostics, text, { color: context.colour })}\n${colour.red('nothing was imported')}\n`;
  const part = (mark: string, ids: readonly string[]): string => {
    const more = ids.length > SHOWN ? `  ${mark} … and ${ids.length - SHOWN} more\n` : '';
    return (
      ids
        .slice(0, SHOWN)
        .map((id) => `  ${mark} ${safeText(id)}\n`)
        .join('') + more
    );
  };
  const { added, changed, removed, unchanged, conflicts } = change;
  const unclear = conflicts.slice(0, SHOWN).map(({ id, why }) => `  ${colour.yellow(`! ${safeText(id)}: ${safeText(why)}`)}\n`);
  const counts = `${added.length} new, ${changed.length} changed, ${removed.length} taken out, ${unchanged} as before`;
  return [
    part(colour.green('+'), added),
    part(colour.yellow('~'), changed),
    part(colour.red('-'), removed),
    ...unclear,
    `${safeText(change.source)}: ${counts}${conflicts.length > 0 ? `, ${conflicts.length} unclear` : ''}\n`,
    imported ? 'imported\n' : 'this is a preview: --apply takes it over\n',
  ].join('');
}

interface SyncOptions {
  readonly status?: boolean;
  readonly accept?: string;
}

interface Synced {
  readonly items: readonly {
    readonly connector: string;
    readonly at: string;
    readonly detail: string;
    readonly held?: {
      readonly digest: string;
      readonly changes: readonly { readonly entity: string; readonly loses: readonly string[] }[];
    };
  }[];
}

async function sync(context: Context, options: SyncOptions): Promise<ExitCode> {
  if (options.accept !== undefined) return await accept(context, options.accept);
  if (options.status) return showSyncs(context, await connect(context).get<Synced>('/entities/sync'));
  const answer = await connect(context).post<{ readonly connectors: readonly string[] }>('/entities/sync', {});
  const words =
    answer.connectors.length === 0 ? 'no directory is there, or they are being read already' : `reading ${answer.connectors.join(', ')}`;
  context.out(context.json ? jsonText(answer) : `${safeText(words)}\n`);
  return EXIT.yes;
}

function showSyncs(context: Context, synced: Synced): ExitCode {
  if (context.json) context.out(jsonText(synced));
  else
    for (const { connector, at, detail, held } of synced.items) {
      context.out(`${safeText(connector)}  ${at}  ${safeText(detail)}\n`);
      for (const { entity, loses } of held?.changes ?? [])
        context.out(`  - ${safeText(entity)} would lose ${safeText(loses.join(', '))}\n`);
    }
  return synced.items.some(({ held }) => held) ? EXIT.no : EXIT.yes;
}

/** What is accepted is what was kept back when it was looked at just now. */
async function accept(context: Context, connector: string): Promise<ExitCode> {
  const { items } = await connect(context).get<Synced>('/entities/sync');
  const held = items.find((item) => item.connector === connector)?.held;
  if (!held) throw new CliError(EXIT.no, 'NOTHING_HELD', `nothing of ${safeText(connector)} is kept back`);
  for (const { entity, loses } of held.changes) context.err(`${safeText(entity)} loses ${safeText(loses.join(', '))}\n`);
  const answer = await connect(context).post<{ readonly connectors: readonly string[] }>('/entities/sync', {
    accept: { connector, digest: held.digest },
  });
  context.out(context.json ? jsonText(answer) : `accepted; reading ${safeText(connector)}\n`);
  return EXIT.yes;
}
