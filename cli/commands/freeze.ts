// cordon freeze on | off | status
import type { Freeze, FreezeEntry } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, paint, safeText } from '../output.ts';
import { when } from '../show.ts';

interface Wish {
  readonly reason: string;
  readonly connector?: string;
  readonly verb?: string;
}

export const freeze: Register = (program, action) => {
  const noun = program.command('freeze').description('stop new effects, everywhere or of one product or verb');
  noun
    .command('on')
    .description('nothing new that changes something begins, undo and release included; tickets and messages go on')
    .addHelpText('after', '\nWhat was held back for longer than `use_by` of the policy (1h) is asked about once more when it is lifted.')
    .requiredOption('--reason <text>')
    .option('--connector <id>', 'only effects through it, their undo too')
    .option('--verb <verb>', 'only this one, such as host.isolate; its undo goes on')
    .action(action(on));
  noun
    .command('off')
    .description(
      'effects go on; the first person asks for it, another confirms with the same command within an hour (exit code 1 until then)',
    )
    .requiredOption('--reason <text>')
    .option('--connector <id>')
    .option('--verb <verb>')
    .action(action(off));
  noun.command('status').description('what is frozen').action(action(status));
};

async function on(context: Context, wish: Wish): Promise<ExitCode> {
  say(context, await connect(context).post<Freeze>('/freeze', { on: true, ...wish }));
  return EXIT.yes;
}

async function off(context: Context, wish: Wish): Promise<ExitCode> {
  const state = await connect(context).post<Freeze>('/freeze', { on: false, ...wish });
  say(context, state);
  return entries(state).some((one) => one.connector === wish.connector && one.verb === wish.verb) ? EXIT.no : EXIT.yes;
}

async function status(context: Context): Promise<ExitCode> {
  say(context, await connect(context).get<Freeze>('/freeze'));
  return EXIT.yes;
}

const entries = (state: Freeze): readonly Partial<FreezeEntry>[] => [...(state.on ? [state] : []), ...state.parts];

function say(context: Context, state: Freeze): void {
  const { red, green } = paint(context.colour);
  if (context.json) context.out(jsonText(state));
  else if (entries(state).length === 0) context.out(`${green('not frozen')}\n`);
  else for (const one of entries(state)) context.out(line(one, red));
}

function line(entry: Partial<FreezeEntry>, red: (text: string) => string): string {
  const of = [entry.verb, entry.connector === undefined ? undefined : `through ${entry.connector}`].filter((word) => word !== undefined);
  const what = of.length === 0 ? 'FROZEN' : `FROZEN ${of.join(' ')}`;
  const lift = entry.liftAsked;
  const asked =
    lift === undefined
      ? ''
      : `  ${safeText(lift.by)} asks to lift it (${safeText(lift.reason)}); another person confirms until ${when(lift.until)}\n`;
  return `${red(safeText(what))} since ${when(entry.since)} by ${safeText(entry.by ?? '')}: ${safeText(entry.reason ?? '')}\n${asked}`;
}
