// cordon people list | add | change | disable | enable | reset
import type { Command } from 'commander';
import type { NewAccount, Page, PersonRow } from '../../server/contract.ts';
import { AS_FLAGS, type AsOptions, asPerson, type Call } from '../as-person.ts';
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { resetLocally, resetProgram } from '../reset-program.ts';
import { part, showPage, showThing, when } from '../show.ts';

const ROLES = 'viewer, analyst, responder, engineer or admin';
const managed = (command: Command): Command => command.option(...AS_FLAGS.as).option(...AS_FLAGS.password);

export const people: Register = (program, action) => {
  const noun = program.command('people').description('who may sign in, and as what');
  noun.command('list').description('everybody, with role, state and last sign-in').action(action(list));
  managed(noun.command('add <login>'))
    .description('an account with a one-time password, which is printed this once')
    .requiredOption('--name <text>')
    .requiredOption('--role <role>', ROLES)
    .option('--email <address>', 'where messages reach them; playbooks may name them by it')
    .option('--emergencies', 'a break-glass account: each sign-in is told to every admin')
    .addHelpText('after', '\nExample: cordon people add ada --name "Ada Lovelace" --role responder --email ada@example.com')
    .action(action(add));
  managed(noun.command('change <login>'))
    .description('a role, a name, an address')
    .option('--role <role>', ROLES)
    .option('--name <text>')
    .option('--email <address>', '"" takes it away')
    .action(action(change));
  managed(noun.command('disable <login>'))
    .description('sessions end at once, tokens are refused')
    .action(action((context: Context, login: string, options: AsOptions) => switchTo(context, login, true, options)));
  managed(noun.command('enable <login>'))
    .description('they may sign in again')
    .action(action((context: Context, login: string, options: AsOptions) => switchTo(context, login, false, options)));
  managed(noun.command('reset <login>'))
    .description('a one-time password in place of one that was lost; it is printed this once')
    .option('--local', 'on the machine itself, where no admin can sign in: opens the store (an embedded one only while Cordon is stopped)')
    .option('--enable', 'with --local: an account that is disabled may sign in again')
    .addHelpText('after', '\nExamples:\n  $ cordon people reset ada\n  $ cordon people reset owner --local')
    .action(action(reset));
};

async function list(context: Context): Promise<ExitCode> {
  showPage(
    context,
    await connect(context).get<Page<PersonRow>>('/people'),
    ['LOGIN', 'NAME', 'ROLE', 'STATE', 'LAST SIGN-IN', 'E-MAIL'],
    (row) => [row.login, row.name, row.role, stateOf(row), when(row.lastSignInAt) || 'never', row.email ?? ''],
  );
  return EXIT.yes;
}

interface AddWish extends AsOptions {
  readonly name: string;
  readonly role: string;
  readonly email?: string;
  readonly emergencies?: boolean;
}

async function add(context: Context, login: string, wish: AddWish): Promise<ExitCode> {
  const { name, role, email, emergencies } = wish;
  const body = { login, name, role, email, breakGlass: emergencies };
  say(context, await asPerson(context, wish, (call) => call<NewAccount>('POST', '/people', body)));
  return EXIT.yes;
}

interface ChangeWish extends AsOptions {
  readonly role?: string;
  readonly name?: string;
  readonly email?: string;
}

async function change(context: Context, login: string, wish: ChangeWish): Promise<ExitCode> {
  const { role, name, email } = wish;
  const body = { role, name, email: email === '' ? null : email };
  if ([role, name, email].every((one) => one === undefined))
    throw new CliError(EXIT.wrongUse, 'NOTHING_TO_CHANGE', 'nothing to change is named', 'Give --role, --name or --email.');
  return await patch(context, login, body, wish);
}

const switchTo = (context: Context, login: string, disabled: boolean, options: AsOptions): Promise<ExitCode> =>
  patch(context, login, { disabled }, options);

async function patch(context: Context, login: string, body: object, options: AsOptions): Promise<ExitCode> {
  const changed = await asPerson(
    context,
    options,
    async (call) => await call<PersonRow>('PATCH', `/people/${await idOf(call, login)}`, body),
  );
  say(context, changed);
  return EXIT.yes;
}

async function reset(context: Context, login: string, options: AsOptions & { local?: boolean; enable?: boolean }): Promise<ExitCode> {
  if (options.local) {
    const got = await resetLocally(context, resetProgram(), { login, enable: options.enable ?? false });
    showThing(context, got, [
      ['login', got.login],
      ['name', got.name],
      ['role', got.role],
      ['password', `${got.password}   (works once; their sessions have ended)`],
      ['but', got.disabled ? 'the account is disabled: once more with --enable' : undefined],
    ]);
    return got.disabled ? EXIT.no : EXIT.yes;
  }
  if (options.enable) throw new CliError(EXIT.wrongUse, 'WRONG_USE', '--enable goes with --local', 'Else: cordon people enable.');
  say(
    context,
    await asPerson(context, options, async (call) => await call<NewAccount>('POST', `/people/${await idOf(call, login)}/password`, {})),
  );
  return EXIT.yes;
}

/** By login, address or id. */
async function idOf(call: Call, who: string): Promise<string> {
  const { items } = await call<Page<PersonRow>>('GET', '/people');
  const wanted = who.toLowerCase();
  const found = items.find(({ id, login, email }) => id === who || login.toLowerCase() === wanted || email?.toLowerCase() === wanted);
  if (!found) throw new CliError(EXIT.no, 'NOT_FOUND', `nobody signs in here as ${who}`, 'cordon people list');
  return part(found.id);
}

function stateOf(row: PersonRow): string {
  const state = row.disabled ? 'disabled' : row.mustChangePassword ? 'one-time password' : 'active';
  return [state, ...(row.contained ? ['contained'] : []), ...(row.breakGlass ? ['for emergencies'] : [])].join(', ');
}

const say = (context: Context, row: PersonRow & { readonly password?: string }): void =>
  showThing(context, row, [
    ['login', row.login],
    ['name', row.name],
    ['e-mail', row.email],
    ['role', row.role],
    ['state', stateOf(row)],
    ['password', row.password === undefined ? undefined : `${row.password}   (works once; it is not shown again)`],
  ]);
