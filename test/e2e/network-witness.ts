// The network as its hosts see it: who can still talk to whom.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSystem } from './system.ts';

export const WORKSTATION = '10.77.1.2';
const SERVER = '10.77.2.2';

export interface Reach {
  readonly pingsServer: boolean;
  readonly opensServer: boolean;
  readonly serverPings: boolean;
  /** People have to get at an isolated host still. */
  readonly managementPings: boolean;
}

export const OPEN: Reach = { pingsServer: true, opensServer: true, serverPings: true, managementPings: true };
export const ISOLATED: Reach = { pingsServer: false, opensServer: false, serverPings: false, managementPings: true };

export type NetworkWitness = Awaited<ReturnType<typeof startNetwork>>;

export async function startNetwork() {
  const prefix = `cordon${process.pid}`;
  const running = await startSystem('network', { NETNS_PREFIX: prefix });
  const works = (namespace: string, ...command: readonly string[]): boolean => {
    try {
      execFileSync(IP, ['netns', 'exec', `${prefix}-${namespace}`, ...command], { stdio: 'ignore', env: PATH });
      return true;
    } catch {
      return false;
    }
  };
  const pings = (from: string, to: string) => works(from, 'ping', '-c1', '-W1', '-n', to);
  return {
    stop: running.stop,
    folder: running.folder,
    ssh: {
      host: '127.0.0.1',
      port: running.port,
      user: 'root',
      key: join(running.folder, 'client'),
      knownHosts: join(running.folder, 'known_hosts'),
    },
    routerPrefix: ['ip', 'netns', 'exec', `${prefix}-rtr`],
    reach: (): Reach => ({
      pingsServer: pings('ws', SERVER),
      opensServer: works('ws', 'timeout', '1', 'bash', '-c', `exec 3<>/dev/tcp/${SERVER}/80`),
      serverPings: pings('srv', WORKSTATION),
      managementPings: pings('mgt', WORKSTATION),
    }),
    /** What sshd was asked to change, oldest first: "nft add element inet cordon isolated { 10.77.1.2 }". */
    changes: (): string[] => {
      const file = join(running.folder, 'commands.log');
      const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
      return lines.filter((line) => !line.startsWith('nft -j list set '));
    },
  };
}

/** The system's own program. */
const IP = 'ip';
const PATH = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
