// cordon backup <file>, cordon restore <file>
import { resolve } from 'node:path';
import type { Context, Register } from '../command.ts';
import { askStore, storeProgram } from '../store-program.ts';

const BESIDE =
  'The file holds all that the store holds, also the digests of passwords and the alerts as they came: keep it as safe as the store. Not in it, to be kept beside it: secrets/ (keys) and cli-token of the data folder, cordon.yaml and what it names, and the database of Temporal.';

export const backup: Register = (program, action) => {
  program
    .command('backup')
    .summary('the whole store as one sealed file')
    .description(
      `Writes all tables of the store, as they are at one moment, into a new file that its last line seals by a hash. Beside a running Cordon on PostgreSQL; the embedded store has one process at a time, so Cordon is stopped for it. ${BESIDE}`,
    )
    .argument('<file>', 'not there yet')
    .addHelpText('after', '\nExamples:\n  $ cordon backup cordon.backup\n  $ cordon drill restore --backup cordon.backup')
    .action(
      action((context: Context, file: string) =>
        askStore(context, storeProgram(), { what: 'backup', file: resolve(context.cwd, file) }, ({ madeAt, lines, sha256 }) =>
          [
            `backed up: the store of ${madeAt}, ${lines} lines, sha256 ${sha256}`,
            'Keep secrets/ and cli-token of the data folder beside it.',
          ].join('\n'),
        ),
      ),
    );
};

export const restore: Register = (program, action) => {
  program
    .command('restore')
    .summary('a backup into an empty store')
    .description(
      'Restores a backup into the store that is configured (CORDON_DATABASE_URL, else the data folder), which must be empty; compares every row, verifies the audit, and brings it up to date. Put secrets/ and cli-token of the data folder back first: a cli-token is made with the first person only, and without it commands need an API token from the console (CORDON_TOKEN). Effects stay frozen until people have compared what is held with the products and lift it (cordon freeze off). Exit code 1 when something is not as it was.',
    )
    .argument('<file>', 'made by cordon backup')
    .action(
      action((context: Context, file: string) =>
        askStore(context, storeProgram(), { what: 'restore', file: resolve(context.cwd, file) }, ({ ok, madeAt }) =>
          ok
            ? `restored: the store of ${madeAt}. Effects are frozen.`
            : `NOT equal to the backup of ${madeAt}: do not go on with it. Effects are frozen.`,
        ),
      ),
    );
};
