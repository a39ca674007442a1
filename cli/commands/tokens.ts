// cordon tokens list | create | revoke
import type { NewToken, Page, TokenRow } from '../../server/contract.ts';
import { AS_FLAGS, type AsOptions, asPerson } from '../as-person.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { part, showPage, showThing, when } from '../show.ts';

export const tokens: Register = (program, action) => {
  const noun = program.command('tokens').description('your API tokens, for programs that act in your name');
  noun
    .command('list')
    .description('what for, until when, last used')
    .option(...AS_FLAGS.as)
    .option(...AS_FLAGS.password)
    .action(action(list));
  noun
    .command('create <name>')
    .description('a token, which is printed this once')
    .requiredOption('--scope <scope>', 'read, approve, respond, publish or admin (may be repeated)', several)
    .option('--days <number>', 'until it ends; at most 366', '90')
    .option(...AS_FLAGS.as)
    .option(...AS_FLAGS.password)
    .addHelpText('after', '\nExample: cordon tokens create "nightly report" --scope read --days 30')
    .action(action(create));
  noun
    .command('revoke <token>')
    .description('by its id; what uses it is refused from now on')
    .option(...AS_FLAGS.as)
    .option(...AS_FLAGS.password)
    .action(action(revoke));
};

const several = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

async function list(context: Context, options: AsOptions): Promise<ExitCode> {
  const page = await asPerson(context, options, (call) => call<Page<TokenRow>>('GET', '/tokens'));
  showPage(context, page, ['ID', 'NAME', 'SCOPES', 'LAST USED', 'UNTIL'], (row) => [
    row.id,
    row.name,
    row.scopes.join(', '),
    when(row.lastUsedAt) || 'never',
    when(row.expiresAt),
  ]);
  return EXIT.yes;
}

async function create(context: Context, name: string, wish: AsOptions & { scope: string[]; days: string }): Promise<ExitCode> {
  const body = { name, scopes: wish.scope, days: Number(wish.days) };
  const made = await asPerson(context, wish, (call) => call<NewToken>('POST', '/tokens', body));
  showThing(context, made, [
    ['id', made.id],
    ['name', made.name],
    ['scopes', made.scopes.join(', ')],
    ['until', when(made.expiresAt)],
    ['token', made.token],
  ]);
  return EXIT.yes;
}

async function revoke(context: Context, token: string, options: AsOptions): Promise<ExitCode> {
  await asPerson(context, options, (call) => call('DELETE', `/tokens/${part(token)}`));
  showThing(context, { revoked: token }, [['revoked', token]]);
  return EXIT.yes;
}
