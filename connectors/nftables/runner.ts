// Runs nft, here or behind SSH. Always by argument list: no shell of ours ever sees a value.
import { execFile } from 'node:child_process';
import { ConnectorFailure } from '../connector.ts';
import type { NftablesConfig } from './config.ts';

interface Ran {
  /** Exit status; 255 of ssh means that ssh itself failed. */
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** nft's arguments, without "nft" itself. Throws ConnectorFailure where the program could not be run or did not end in time. */
export type RunNft = (args: readonly string[], signal: AbortSignal, changes: boolean) => Promise<Ran>;

const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

export function openRunner(config: NftablesConfig): RunNft {
  return async (args, signal, changes) => {
    const [program, ...rest] = commandLine(config, args);
    if (program === undefined) throw new ConnectorFailure('permanent', 'BAD_REQUEST', 'There is no program to run.');
    const ran = await run(program, rest, { timeoutMs: config.timeoutMs, signal, changes });
    if (config.via === 'ssh' && ran.status === 255) throw sshFailure(ran.error, changes);
    if (ran.status === 126 || ran.status === 127) {
      throw new ConnectorFailure('permanent', 'REFUSED', 'nft may not be run there: the key may not do that, or the program is missing.');
    }
    return ran;
  };
}

/** The whole command line. Over SSH the far side gets one text, which its forced command compares word for word. */
export function commandLine(config: NftablesConfig, args: readonly string[]): readonly string[] {
  if (config.via === 'local') return [...config.prefix, 'nft', ...args];
  const { host, port, user, key, knownHosts } = config.ssh;
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    `ConnectTimeout=${CONNECT_SECONDS}`,
    'StrictHostKeyChecking=yes',
    `UserKnownHostsFile=${knownHosts}`,
    'GlobalKnownHostsFile=/dev/null',
    'UpdateHostKeys=no',
    'ClearAllForwardings=yes',
    'PermitLocalCommand=no',
    'LogLevel=ERROR',
  ];
  return [
    'ssh',
    '-F',
    'none',
    '-T',
    '-n',
    '-i',
    key,
    '-p',
    String(port),
    ...options.flatMap((option) => ['-o', option]),
    '--',
    `${user}@${host}`,
    ['nft', ...args].join(' '),
  ];
}

const CONNECT_SECONDS = 5;

function run(
  program: string,
  args: readonly string[],
  how: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly changes: boolean },
): Promise<Ran> {
  if (how.signal.aborted) return Promise.reject(new ConnectorFailure('retryable', 'CANCELLED', 'It was cancelled before nft was run.'));
  return new Promise((resolve, reject) => {
    // Nothing of our own environment (which holds secrets) is passed on.
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
    const options = { env, timeout: how.timeoutMs, killSignal: 'SIGKILL' as const, maxBuffer: MAX_OUTPUT_BYTES, signal: how.signal };
    execFile(program, [...args], options, (error, out, err) => {
      if (error === null) return resolve({ status: 0, out, error: err });
      if (typeof error.code === 'number') return resolve({ status: error.code, out, error: err });
      if (error.code === 'ENOENT' || error.code === 'EACCES') {
        return reject(new ConnectorFailure('permanent', 'PROGRAM_MISSING', `The program ${program} cannot be run here (${error.code}).`));
      }
      return reject(
        new ConnectorFailure(how.changes ? 'ambiguous' : 'retryable', 'TIMEOUT', `${program} did not end in time and was ended.`),
      );
    });
  });
}

/** OpenSSH has one exit status for everything of its own; its words, stable for decades, tell what will never work from what may. */
function sshFailure(said: string, changes: boolean): ConnectorFailure {
  if (/host key verification failed|no .* host key is known|identification has changed/i.test(said)) {
    return new ConnectorFailure(
      'permanent',
      'HOST_KEY_REFUSED',
      'The host key is not the one in knownHosts; nothing was sent. Find out why before you change the file.',
    );
  }
  if (/permission denied/i.test(said)) return new ConnectorFailure('permanent', 'UNAUTHORIZED', 'SSH refused our key; nothing was sent.');
  if (/connection refused|could not resolve|no route to host|network is unreachable|connection timed out|operation timed out/i.test(said)) {
    return new ConnectorFailure('retryable', 'UNREACHABLE', 'The router could not be reached by SSH; nothing was sent.');
  }
  return new ConnectorFailure(
    changes ? 'ambiguous' : 'retryable',
    'CONNECTION_LOST',
    'The SSH connection ended before an answer was there.',
  );
}
