// cordon playbooks show | rollback | diff, and publishing a draft: the versions of a playbook.
import type { Plan } from '../../language/plan.ts';
import { diffPlans, introducedBy, type PlanChange } from '../../language/plan-diff.ts';
import type { Page, PlaybookRow, VersionRow } from '../../server/contract.ts';
import { type Client, connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode } from '../command.ts';
import { loadPlan } from '../load-plan.ts';
import { jsonText, safeText } from '../output.ts';
import { part, query, showThing, when } from '../show.ts';

export async function show(context: Context, playbook: string, options: { source?: boolean }): Promise<ExitCode> {
  const client = connect(context);
  const row = await client.get<PlaybookRow & { readonly source: string }>(`/playbooks/${part(playbook)}`);
  if (options.source) {
    context.out(context.json ? jsonText({ source: row.source }) : row.source);
    return EXIT.yes;
  }
  const { items } = await client.get<Page<VersionRow>>(`/playbooks/${part(playbook)}/versions`);
  showThing(context, { ...row, versions: items }, [
    ['playbook', row.playbook],
    ['title', row.title],
    ['mode', row.mode],
    ['version', row.version === 0 ? `none in force, draft ${row.draft}` : String(row.version)],
    ...row.triggers.map((trigger): readonly [string, string] => ['starts on', trigger]),
    ...items.flatMap((one): readonly (readonly [string, string])[] => [
      [`version ${one.version}`, versionWords(one)],
      ...one.changes.map((change): readonly [string, string] => ['', changeWords(change)]),
    ]),
  ]);
  return EXIT.yes;
}

const versionWords = (one: VersionRow): string =>
  [
    one.state === 'published' ? 'in force' : one.state,
    `written by ${one.author} ${when(one.writtenAt)}`,
    ...(one.publishedAt === undefined
      ? []
      : [`in force since ${when(one.publishedAt)}${one.publishedBy === undefined ? '' : ` by ${one.publishedBy}`}`]),
  ].join(', ');

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;
const changeWords = ({ change, about, says }: PlanChange): string => `${SIGNS[change]} ${about}: ${says}`;

/** Puts a version that is there in force. */
export async function publishVersion(context: Context, playbook: string, version: string, reason: string): Promise<ExitCode> {
  return await inForce(context, connect(context), { playbook, version, reason });
}

export async function rollback(context: Context, playbook: string, options: { to?: string; reason?: string }): Promise<ExitCode> {
  const client = connect(context);
  const { items } = await client.get<Page<VersionRow>>(`/playbooks/${part(playbook)}/versions`);
  const now = items.find(({ state }) => state === 'published');
  const older = items.filter(({ state, version }) => state === 'superseded' && version < (now?.version ?? Number.POSITIVE_INFINITY));
  const to = options.to ?? older[0]?.version.toString();
  if (to === undefined) throw new CliError(EXIT.no, 'NO_OLDER', `${playbook} has no older version that was in force`);
  return await inForce(context, client, { playbook, version: to, reason: options.reason ?? '' });
}

async function inForce(
  context: Context,
  client: Client,
  { playbook, version, reason }: { playbook: string; version: string; reason: string },
): Promise<ExitCode> {
  const answer = await client.post<{ readonly unchanged: boolean }>(`/playbooks/${part(playbook)}/versions/${part(version)}/publish`, {
    reason,
  });
  const what = answer.unchanged ? 'is in force already' : 'is in force now';
  context.out(context.json ? jsonText(answer) : `version ${safeText(version)} of ${safeText(playbook)} ${what}\n`);
  if (!context.json) context.out(await observesWords(client, playbook));
  return EXIT.yes;
}

/** In force and without effect surprises whoever does not know that playbooks begin so. Empty where it acts. */
export async function observesWords(client: Client, playbook: string): Promise<string> {
  const { mode, version } = await client.get<PlaybookRow>(`/playbooks/${part(playbook)}`);
  if (mode !== 'observe' || version === 0) return '';
  const name = safeText(playbook);
  return `It observes: it says what it would do, and does nothing. cordon playbooks would ${name} shows that; cordon playbooks mode ${name} act --reason "…" lets it act.\n`;
}

interface Diff {
  readonly playbook: string;
  readonly from: number;
  readonly to: number | string;
  readonly changes: readonly PlanChange[];
}

/** Exit code 1: something changes for the world. */
export async function diff(context: Context, what: string, options: { from?: string; to?: string }): Promise<ExitCode> {
  const found = /\.ya?ml$|\//.test(what) ? await fileDiff(context, what, options.from) : await storedDiff(context, what, options);
  if (context.json) context.out(jsonText(found));
  else {
    const from = found.from === 0 ? 'nothing in force' : `version ${found.from}`;
    context.out(`${safeText(found.playbook)}: ${from} → ${safeText(String(found.to))}\n`);
    for (const change of found.changes) context.out(`${safeText(changeWords(change))}\n`);
    if (found.changes.length === 0) context.out('nothing changes: the same is done, asked and held\n');
  }
  return found.changes.length === 0 ? EXIT.yes : EXIT.no;
}

const storedDiff = async (context: Context, playbook: string, options: { from?: string; to?: string }): Promise<Diff> =>
  await connect(context).get<Diff>(`/playbooks/${part(playbook)}/diff${query({ from: options.from, to: options.to })}`);

/** A file, with what it calls, against what is in force (or a version): what a pull request changes. */
async function fileDiff(context: Context, file: string, from: string | undefined): Promise<Diff> {
  const { plan } = loadPlan(context, file);
  const client = connect(context);
  const version = from ?? (await newestOf(client, plan.playbook));
  if (version === undefined) return { playbook: plan.playbook, from: 0, to: file, changes: introducedBy(plan) };
  // As it was checked then: what it calls may have changed since.
  const before = await client.get<{ readonly plan: Plan }>(`/playbooks/${part(plan.playbook)}/versions/${part(version)}`);
  return { playbook: plan.playbook, from: Number(version), to: file, changes: diffPlans(before.plan, plan) };
}

/** What is in force, else the newest draft; undefined where the server knows neither. */
async function newestOf(client: Client, playbook: string): Promise<string | undefined> {
  try {
    const { version, draft } = await client.get<PlaybookRow>(`/playbooks/${part(playbook)}`);
    return String(version === 0 ? draft : version);
  } catch (error) {
    if (error instanceof CliError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
