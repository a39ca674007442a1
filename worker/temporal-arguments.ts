// How the embedded Temporal server is started. Measured: with the default pragmas a database file is three times slower than with these.
import { join } from 'node:path';

const SETTINGS: Readonly<Record<string, string>> = {
  // The bounds of a shared cluster do not fit a server that belongs to one worker.
  'frontend.rps': '100000',
  'frontend.namespaceRPS': '100000',
  'frontend.namespaceRPS.visibility': '1000',
  'matching.rps': '100000',
  'history.rps': '100000',
  'matching.persistenceMaxQPS': '100000',
  // One partition: no forwarding between partitions, and order by priority holds.
  'matching.numTaskqueueReadPartitions': '1',
  'matching.numTaskqueueWritePartitions': '1',
};

export interface ServerWish {
  readonly folder: string;
  readonly uiPort?: number | undefined;
  /** Made beside 'default', which is always there. */
  readonly namespace?: string | undefined;
}

export function serverArguments(options: ServerWish, port: number): string[] {
  const ui =
    options.uiPort === undefined
      ? ['--headless']
      : ['--ui-port', String(options.uiPort), '--ui-ip', '127.0.0.1', '--ui-disable-news-fetch'];
  return [
    'server',
    'start-dev',
    ...ui,
    ...['--ip', '127.0.0.1', '--port', String(port)],
    ...(options.namespace === undefined || options.namespace === 'default' ? [] : ['--namespace', options.namespace]),
    ...['--log-level', 'error', '--log-format', 'json'],
    ...['--db-filename', databaseIn(options.folder)],
    // WAL and NORMAL survive the death of the process, and lose at most the last moments in a power cut.
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'],
    ...Object.entries(SETTINGS).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
  ];
}

/**
 * The server looks for the folder of the name, and then makes a URI of it: where the two would be different places, escaped or not, it is named from
 * within the folder, in which the server is started.
 */
const databaseIn = (folder: string): string => (/[%?#]/.test(folder) ? 'temporal.db' : join(folder, 'temporal.db'));
