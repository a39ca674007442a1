// Real systems that tests start: where their programs are, and the scripts that start and end them.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe } from '@jest/globals';
import { freePort } from '../../worker/ports.ts';

export type SystemName = 'keycloak' | 'request-tracker' | 'network' | 'alertmanager';

/** Where `keycloak.sh install` puts the distribution. */
const KEYCLOAK_DIST = process.env.KEYCLOAK_DIST ?? join(homedir(), '.cache/cordon/systems');

const onPath = (name: string): boolean =>
  [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'].some((folder) => existsSync(join(folder, name)));
const programs = (...names: string[]): string[] => names.filter((name) => !onPath(name)).map((name) => `no ${name}`);

/** What keeps a system from being started here; empty: nothing. */
const LACKS: Readonly<Record<SystemName, () => string[]>> = {
  keycloak: () => [
    ...programs('java', 'curl'),
    ...(existsSync(join(KEYCLOAK_DIST, 'keycloak-26.7.3/bin/kc.sh'))
      ? []
      : [`Keycloak is not in ${KEYCLOAK_DIST}: KEYCLOAK_DIST=${KEYCLOAK_DIST} test/e2e/systems/keycloak.sh install`]),
  ],
  'request-tracker': () => [
    ...programs('rt-setup-database-5', 'curl'),
    ...(existsSync('/usr/share/request-tracker5/libexec/rt-server') ? [] : ['no packages request-tracker5 rt5-db-sqlite rt5-standalone']),
  ],
  network: () => [
    ...(process.getuid?.() === 0 ? [] : ['not root']),
    ...programs('ip', 'nft', 'sshd', 'ssh', 'ssh-keygen', 'ping', 'python3'),
  ],
  alertmanager: () => programs('prometheus-alertmanager', 'curl', 'jq'),
};

/** `describe`, where these systems can be had. Elsewhere it is skipped and says why; in CI a missing one is a failure. */
export function describeWith(needed: readonly SystemName[], title: string, tests: () => void): void {
  const lacks = needed.flatMap((name) => LACKS[name]().map((lack) => `${name}: ${lack}`)).join(', ');
  const isCi = process.env.CI === 'true';
  const described = lacks === '' || isCi ? describe : describe.skip;
  described(lacks === '' ? title : `${title} (${isCi ? 'MISSING' : 'skipped'}: ${lacks})`, () => {
    beforeAll(() => {
      if (lacks !== '') throw new Error(`these tests may not be skipped in CI, but: ${lacks}`);
    });
    tests();
  });
}

export interface Running {
  /** Working folder: logs, keys, tokens. */
  readonly folder: string;
  readonly port: number;
  /** Another command of its script. */
  readonly run: (...args: readonly string[]) => Promise<string>;
  readonly stop: () => Promise<void>;
}

interface Script {
  readonly file: string;
  /** Name of the variable for its port. */
  readonly port: string;
  readonly start: string;
  readonly stop: string;
}

const SCRIPTS: Readonly<Record<SystemName, Script>> = {
  keycloak: { file: 'keycloak.sh', port: 'KEYCLOAK_PORT', start: 'start', stop: 'stop' },
  'request-tracker': { file: 'request-tracker.sh', port: 'RT_PORT', start: 'start', stop: 'stop' },
  network: { file: 'network.sh', port: 'NETNS_RELAY_PORT', start: 'up', stop: 'down' },
  alertmanager: { file: 'alertmanager.sh', port: 'AM_PORT', start: 'start', stop: 'stop' },
};

/** Started, on a free port, in a folder of its own that goes away with it. */
export async function startSystem(name: SystemName, settings: Readonly<Record<string, string>> = {}): Promise<Running> {
  const script = SCRIPTS[name];
  const work = mkdtempSync(join(tmpdir(), 'cordon-e2e-'));
  const port = await freePort();
  const env = { ...process.env, KEYCLOAK_DIST, WORK: work, [script.port]: String(port), ...settings };
  const path = fileURLToPath(new URL(`./systems/${script.file}`, import.meta.url));
  const run = (...args: readonly string[]) => output('bash', [path, ...args], env);
  const stop = async () => {
    await run(script.stop);
    rmSync(work, { recursive: true, force: true });
  };
  try {
    await run(script.start);
  } catch (error) {
    await stop();
    throw error;
  }
  return { folder: join(work, name === 'network' ? 'netns' : name), port, run, stop };
}

/** Standard output of a program that ended with 0. Throws with what it said. */
function output(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(program, [...args], { env, maxBuffer: 8 * 1024 * 1024 }, (error, out, err) =>
      error === null ? resolve(out) : reject(new Error(`${program} ${args.join(' ')}: ${error.code ?? error.signal}\n${out}${err}`)),
    );
    child.stdin?.end();
  });
}

/** Asks until it is so; the limit makes a hang an error that says what was missing. */
export async function until<T>(what: string, withinMs: number, ask: () => Promise<T | undefined>): Promise<T> {
  for (const limit = performance.now() + withinMs; ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > limit) throw new Error(`waited ${withinMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
