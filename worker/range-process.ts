// The practice range runs as a process of its own: it stands for other people's products, which survive a crash of Cordon.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ChildServer, startChildServer } from './child-server.ts';
import { StartError } from './start-error.ts';

export interface RangeProcess extends ChildServer {
  readonly url: string;
}

/** Starts it on its port, or goes on with the one of the same data folder that a killed Cordon left behind. */
export async function startRangeProcess(options: {
  readonly dataFolder: string;
  readonly port: number;
  readonly log: (line: string) => void;
  /** Default: the built one beside us. */
  readonly main?: string;
}): Promise<RangeProcess> {
  const { dataFolder, port, log } = options;
  const main = options.main ?? fileURLToPath(new URL('../range/main.js', import.meta.url));
  const server = await startChildServer({
    title: 'the practice range',
    command: process.execPath,
    // The folder is there to be seen, in `ps` and in the note; the range itself reads its environment.
    args: () => [main, dataFolder],
    env: { PATH: process.env.PATH, CORDON_RANGE_PORT: String(port), CORDON_DATA: dataFolder, CORDON_MODE: 'trial' },
    noteFile: join(dataFolder, 'range.pid'),
    logFile: join(dataFolder, 'range.log'),
    wantedPort: port,
    choosePort: () => port,
    portTaken,
    explain: (output) => (output.includes('EADDRINUSE') ? portTaken(port) : undefined),
    code: 'RANGE_START_FAILED',
    log,
  });
  return { ...server, url: `http://127.0.0.1:${port}` };
}

const portTaken = (port: number) =>
  new StartError(
    'PORT_TAKEN',
    `Port ${port} for the practice range is in use by another program.`,
    'Set CORDON_RANGE_PORT to a free port. For two installations side by side, CORDON_PORT and CORDON_DATA must differ too.',
  );
