// cordon freeze on | off | status
import type { Freeze } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { jsonText, paint, safeText } from '../output.ts';
import { when } from '../show.ts';

export const freeze: Register = (program, action) => {
  const noun = program.command('freeze').description('stop all new effects, everywhere');
  noun
    .command('on')
    .description('no new effect begins')
    .requiredOption('--reason <text>')
    .action(action((context: Context, options: { reason: string }) => set(context, true, options.reason)));
  noun
    .command('off')
    .description('effects go on')
    .requiredOption('--reason <text>')
    .action(action((context: Context, options: { reason: string }) => set(context, false, options.reason)));
  noun.command('status').description('is everything frozen?').action(action(status));
};

async function set(context: Context, on: boolean, reason: string): Promise<ExitCode> {
  say(context, await connect(context).post<Freeze>('/freeze', { on, reason }));
  return EXIT.yes;
}

async function status(context: Context): Promise<ExitCode> {
  say(context, await connect(context).get<Freeze>('/freeze'));
  return EXIT.yes;
}

function say(context: Context, state: Freeze): void {
  const { red, green } = paint(context.colour);
  if (context.json) context.out(jsonText(state));
  else if (state.on) context.out(`${red('FROZEN')} since ${when(state.since)}: ${safeText(state.reason ?? '')}\n`);
  else context.out(`${green('not frozen')}\n`);
}
