// cordon approvals list | show | approve | deny | answer | ack | comment

import type { Field } from '../../language/form.ts';
import { own } from '../../language/own.ts';
import type { Row } from '../../language/rows.ts';
import type { ApprovalDetail, ApprovalRow, BatchOutcome, Page } from '../../server/contract.ts';
import { answerOf } from '../answers.ts';
import { type Client, connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { columns, jsonText, safeText } from '../output.ts';
import { type PasswordOptions, passwordFor } from '../password.ts';
import { part, query, showPage, showThing, stepWords, when } from '../show.ts';

interface DecideOptions extends PasswordOptions {
  readonly alike?: boolean;
  readonly yes?: boolean;
  readonly reason?: string;
  readonly digest?: string;
}

export const approvals: Register = (program, action) => {
  const noun = program.command('approvals').description('what waits for a person');
  noun
    .command('list')
    .description('open approvals and questions, what ends first is first; others the newest first')
    .option('--state <state>', 'open, granted, denied, expired, void, answered, withdrawn', 'open')
    .option('--before <id>', 'the page after this one')
    .action(action(list));
  noun.command('show <approval>').description('every effect under it, with what policy says').action(action(show));
  noun
    .command('approve <approval>')
    .description('let everything under it happen; asks for your password where policy wants a fresh proof of who you are')
    .option('--alike', 'and under all open ones that ask for the same; they are listed, and approved with --yes')
    .option('--yes', 'with --alike: I have read the list')
    .option('--reason <text>', 'needed where part of it cannot be taken back')
    .option('--digest <digest>', 'what you have read; default: what is asked now, which is shown')
    .option('--password-stdin', 'read your password from the first line of the input')
    .action(action((context: Context, id: string, options: DecideOptions) => decide(context, id, 'approve', options)));
  noun
    .command('deny <approval>')
    .description('let nothing under it happen')
    .option('--reason <text>')
    .option('--digest <digest>', 'what you have read; default: what is asked now, which is shown')
    .action(action((context: Context, id: string, options: DecideOptions) => decide(context, id, 'deny', options)));
  noun
    .command('ack <approval>')
    .description('"I have it": nobody else is asked for ten minutes; once, and its end stays where it is')
    .action(action(ack));
  noun
    .command('comment <approval> <text...>')
    .description('write something to the others about it: it decides nothing')
    .action(action(comment));
  noun
    .command('answer <approval> [answer...]')
    .description('answer a question')
    .option('--reason <text>')
    .option('--digest <digest>', 'what you have read; default: what is asked now, which is shown')
    .addHelpText('after', ANSWER_HELP)
    .action(action(answer));
};

const ANSWER_HELP = `
  a choice:  cordon approvals answer apr_… phishing
  a form:    cordon approvals answer apr_… user=eve blocked=true note="seen before"
  rows:      cordon approvals answer apr_… '*=keep' eve=remove bob@example.com=remove
             (a row by its name, address or id; * stands for all others)
  or JSON:   cordon approvals answer apr_… '{"user":"eve","blocked":true}'
`;

async function list(context: Context, options: { state: string; before?: string }): Promise<ExitCode> {
  const order = options.state === 'open' ? 'ending' : undefined;
  const page = await connect(context).get<Page<ApprovalRow>>(`/approvals${query({ state: options.state, order, before: options.before })}`);
  showPage(context, page, ['ID', 'OPENED', 'UNTIL', 'STATE', 'GIVEN', 'TITLE', 'YOU'], (row) => [
    row.id,
    when(row.openedAt),
    when(row.expiresAt),
    row.state,
    `${row.given} of ${row.requirement.count}`,
    row.title,
    row.mayDecide ? 'may decide' : (row.mayNotReason ?? ''),
  ]);
  return EXIT.yes;
}

const load = (client: Client, id: string): Promise<ApprovalDetail> => client.get<ApprovalDetail>(`/approvals/${part(id)}`);

async function show(context: Context, id: string): Promise<ExitCode> {
  sayApproval(context, await load(connect(context), id));
  return EXIT.yes;
}

function sayApproval(context: Context, approval: ApprovalDetail): void {
  showThing(context, approval, [
    ['approval', approval.id],
    ['asks', approval.title],
    ['state', approval.state],
    ...approval.items.map((item): readonly [string, string] => ['effect', `${item.says}${item.simulated ? ' [simulated product]' : ''}`]),
    ...approval.items.flatMap((item): readonly (readonly [string, string | undefined])[] => [
      ['undo', item.saysUndo],
      ['why', item.why],
    ]),
    ['because', approval.reason],
    ['alert says', approval.alert && `"${approval.alert.title}"`],
    ...approval.requirement.reasons.map((one): readonly [string, string] => ['policy', `${one.rule}: ${one.reason}`]),
    ['needs', `${approval.requirement.count} with the role ${approval.requirement.roles.join(' or ')}; ${approval.given} given`],
    [
      'proof',
      approval.requirement.stepUpMs === undefined
        ? undefined
        : `whoever approves gives their password again, at most ${Math.ceil(approval.requirement.stepUpMs / 60_000)} minutes before`,
    ],
    ...approval.escalations.map((one): readonly [string, string] => ['asked too', `${one.to}, from ${when(one.at)} on`]),
    ['has it', approval.acked && `${approval.acked.by}; nobody else is asked before ${when(approval.acked.until)}`],
    ['choices', (approval.choices ?? approval.rows?.choices)?.join(', ')],
    ...(approval.form ?? []).map((field): readonly [string, string] => ['field', fieldWords(field)]),
    ...(approval.rows?.items ?? []).map((row): readonly [string, string] => ['row', rowWords(approval, row)]),
    ...(approval.form ? Object.entries(approval.answers ?? {}) : []).map(([name, value]): readonly [string, string] => [
      'answered',
      `${name}: ${String(value)}`,
    ]),
    ['until', `${when(approval.expiresAt)} UTC; silence means ${approval.silence}`],
    ...approval.decisions.map((one): readonly [string, string] => [
      'decision',
      `${one.by}${one.standsInFor ? ` for ${one.standsInFor}` : ''}: ${one.answer ?? one.decision}${one.reason ? ` (${one.reason})` : ''}${one.contained ? '; their account was contained since: it does not count, until they say it again' : ''}`,
    ]),
    ...approval.comments.map((one): readonly [string, string] => ['comment', `${one.by}, ${when(one.at)}: ${one.text}`]),
    ...approval.effects.map((step): readonly [string, string] => ['became', stepWords(step)]),
    [
      'you',
      approval.mayDecide
        ? `may decide${approval.standsInFor ? ` for ${approval.standsInFor}` : ''}`
        : `${approval.mayNotReason ?? ''}${approval.mayDeny ? '; you may deny it' : ''}`,
    ],
  ]);
}

function fieldWords(field: Field): string {
  const bounds = [
    field.choices?.join('|'),
    field.optional ? 'may be left out' : undefined,
    field.default === undefined ? undefined : `default ${String(field.default)}`,
  ];
  return [`${field.name}: ${field.label} (${field.type})`, ...bounds.filter((one) => one !== undefined)].join(', ');
}

const rowWords = (approval: ApprovalDetail, row: Row): string => {
  const said = own(approval.answers ?? {}, row.id);
  return said === undefined ? row.label : `${row.label}: ${String(said)}`;
};

async function answer(context: Context, id: string, words: readonly string[], options: DecideOptions): Promise<ExitCode> {
  const client = connect(context);
  const shown = await load(client, id);
  const given = answerOf(shown, words);
  if (!context.json) context.out(`${safeText(shown.title)}\n`);
  return await send(context, client, id, 'answer', { digest: options.digest ?? shown.digest, reason: options.reason ?? '', answer: given });
}

/** Without a digest: what is asked now is shown first, and exactly that is decided. */
async function decide(context: Context, id: string, verb: 'approve' | 'deny', options: DecideOptions): Promise<ExitCode> {
  const client = connect(context);
  const shown = await load(client, id);
  if (verb === 'approve' && options.alike) return await approveAlike(context, client, shown, options);
  if (!context.json) for (const item of shown.items) context.out(`${safeText(item.says)}\n`);
  const wantsProof = verb === 'approve' && shown.requirement.stepUpMs !== undefined;
  const password = wantsProof ? await passwordFor(context, options) : undefined;
  return await send(context, client, id, verb, { digest: options.digest ?? shown.digest, reason: options.reason ?? '', password });
}

/** The whole list first; what has come since is not among it. */
async function approveAlike(context: Context, client: Client, shown: ApprovalDetail, options: DecideOptions): Promise<ExitCode> {
  const page = await client.get<Page<ApprovalRow>>(`/approvals${query({ state: 'open', alike: shown.id, limit: '200' })}`);
  const all = await Promise.all(page.items.filter((row) => row.mayDecide).map((row) => load(client, row.id)));
  if (!options.yes) {
    const list = all.map(({ id, title }) => ({ id, title }));
    context.out(context.json ? jsonText({ items: list }) : columns(list.map(({ id, title }) => [id, safeText(title)])));
    context.err(`${all.length} are alike; nothing was approved. Once you have read the list: the same with --yes\n`);
    return EXIT.no;
  }
  const password = shown.requirement.stepUpMs === undefined ? undefined : await passwordFor(context, options);
  const approvals = all.map(({ id, digest }) => ({ id, digest }));
  const body = { decision: 'approve', approvals, reason: options.reason ?? '', password };
  const { items } = await client.post<Page<BatchOutcome>>('/approvals/batch', body);
  const words = items.map((one) => [one.id, one.state ?? one.code ?? '', safeText(one.title ?? one.detail ?? '')]);
  context.out(context.json ? jsonText({ items }) : columns(words));
  return items.every((one) => one.code === undefined) ? EXIT.yes : EXIT.no;
}

async function ack(context: Context, id: string): Promise<ExitCode> {
  const after = await connect(context).post<ApprovalDetail>(`/approvals/${part(id)}/ack`, {});
  context.out(
    context.json
      ? jsonText(after)
      : `you have it; nobody else is asked before ${when(after.acked?.until)} UTC. It still ends ${when(after.expiresAt)} UTC\n`,
  );
  return EXIT.yes;
}

async function comment(context: Context, id: string, words: readonly string[]): Promise<ExitCode> {
  const after = await connect(context).post<ApprovalDetail>(`/approvals/${part(id)}/comments`, { text: words.join(' ') });
  context.out(context.json ? jsonText(after) : `written: ${after.comments.length} in all\n`);
  return EXIT.yes;
}

async function send(context: Context, client: Client, id: string, verb: string, body: object): Promise<ExitCode> {
  const after = await client.post<ApprovalDetail>(`/approvals/${part(id)}/${verb}`, body);
  context.out(
    context.json
      ? jsonText(after)
      : `${safeText(after.title)}: ${after.state}${after.state === 'open' ? `, ${after.given} of ${after.requirement.count} given` : ''}\n`,
  );
  return EXIT.yes;
}
