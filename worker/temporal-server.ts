// The embedded Temporal server of the trial and one-machine form: loopback only, its database a file in the data folder.
import { join, resolve } from 'node:path';
import { type ChildServer, startChildServer } from './child-server.ts';
import { lastPort } from './own-process.ts';
import { freePort } from './ports.ts';
import { StartError } from './start-error.ts';
import { serverArguments } from './temporal-arguments.ts';
import { checkDatabaseVersion } from './temporal-version.ts';

export interface TemporalServer extends ChildServer {
  readonly address: string;
}

export interface ServerOptions {
  readonly binary: string;
  /** Where its database, log and note are. */
  readonly folder: string;
  /** Default: a free one, the last one again where that is free. */
  readonly port?: number | undefined;
  /** Its own web UI; off unless a port is given. */
  readonly uiPort?: number | undefined;
  /** Made where it is not there. */
  readonly namespace?: string | undefined;
  readonly log: (line: string) => void;
}

/** Starts it, or takes over the one that a killed Cordon left behind. If it dies later it is started again on the same port. */
export async function startTemporalServer(options: ServerOptions): Promise<TemporalServer> {
  const { binary, folder, port, log } = options;
  await checkDatabaseVersion(binary, folder);
  const noteFile = join(folder, 'temporal.pid');
  const kept = lastPort(noteFile);
  const server = await startChildServer({
    title: 'Temporal',
    // It is started in the folder: a name that is relative to where we are must not become relative to that.
    command: binary.includes('/') ? resolve(binary) : binary,
    args: (at) => serverArguments(options, at),
    cwd: folder,
    noteFile,
    logFile: join(folder, 'temporal.log'),
    wantedPort: port,
    choosePort: () => port ?? freePort(kept),
    portTaken,
    explain: (output, at) => explain(output, at, folder),
    code: 'TEMPORAL_START_FAILED',
    log,
  });
  return { ...server, address: `127.0.0.1:${server.port}` };
}

function explain(output: string, port: number, folder: string): StartError | undefined {
  if (/address already in use/i.test(output)) return portTaken(port);
  if (/no space left|disk is full/i.test(output)) {
    return new StartError(
      'DISK_FULL',
      `Temporal cannot write to ${folder}: the disk is full.`,
      'Free some space and start again; nothing is lost.',
    );
  }
  return undefined;
}

const portTaken = (port: number) =>
  new StartError(
    'PORT_TAKEN',
    `Port ${port} for Temporal is in use by another program.`,
    'Set CORDON_TEMPORAL_PORT to a free port, or unset it: then a free one is chosen.',
  );
