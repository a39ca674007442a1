// The product as people start it: dist/ in a process of its own, on free ports, with a data folder of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../worker/ports.ts';

const MAIN = 'dist/worker/main.js';
const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), 'cordon-start-'));
const data = join(folder, 'data');
let ports = { port: 0, rangePort: 0 };
const started: ChildProcess[] = [];

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | NodeJS.Signals>;
}

function start(changes: Readonly<Record<string, string>> = {}): Run {
  const env = {
    ...process.env,
    CORDON_PORT: String(ports.port),
    CORDON_RANGE_PORT: String(ports.rangePort),
    CORDON_DATA: data,
    ...changes,
  };
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<number | NodeJS.Signals>((resolve) => child.once('close', (code, signal) => resolve(code ?? signal ?? 1)));
  return { child, output: () => output, ended };
}
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(holds: () => boolean | Promise<boolean>, run: Run): Promise<void> {
  for (let waited = 0; waited < 2 * MINUTE; waited += 50) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error(`not within 2 minutes:\n${run.output()}`);
}
const ready = (run: Run) =>
  until(async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.port}/readyz?for=runs`).catch(() => undefined);
    return answer?.status === 200 && run.output().includes('Cordon is ready');
  }, run);
/** Processes that have our folder in their command: Temporal and the range. */
const left = () =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder));

beforeAll(async () => {
  if (!existsSync(MAIN)) throw new Error('dist/ is missing: npm run build');
  ports = { port: await freePort(), rangePort: await freePort() };
});
afterEach(async () => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill('SIGKILL');
});
afterAll(() => {
  for (const line of left()) process.kill(Number.parseInt(line, 10), 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('a start', () => {
  it(
    'on a new folder is ready, says what it is, how to sign in and what to do; a kill and another start keep all of it; a signal ends all of it',
    async () => {
      const first = start();
      await ready(first);
      expect(first.output()).toContain('SIMULATED PRODUCTS');
      expect(first.output()).toContain(`Cordon is ready: http://127.0.0.1:${ports.port}`);
      expect(first.output()).toMatch(/alerts send --sample travel/);
      const [login, password] = readFileSync(join(data, 'first-sign-in'), 'utf8').split('\n');
      expect(first.output()).toContain(`${login} / ${password}`);
      const token = readFileSync(join(data, 'cli-token'), 'utf8').trim();

      const second = start();
      expect(await second.ended).toBe(1);
      expect(second.output()).toMatch(/DATA_IN_USE .*/);
      const elsewhere = start({ CORDON_DATA: join(folder, 'other') });
      expect(await elsewhere.ended).toBe(1);
      expect(elsewhere.output()).toMatch(new RegExp(`PORT_TAKEN  Port ${ports.port} is in use`));
      expect(existsSync(join(folder, 'other/temporal.db'))).toBe(false);

      first.child.kill('SIGKILL');
      expect(await first.ended).toBe('SIGKILL');
      expect(left()).toHaveLength(2);
      const third = start();
      await ready(third);
      expect(third.output()).toMatch(/was still running, goes on/);
      const answer = await fetch(`http://127.0.0.1:${ports.port}/api/v1/connectors`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);

      third.child.kill('SIGINT');
      third.child.kill('SIGINT');
      expect(await third.ended).toBe(0);
      expect(third.output()).toMatch(/Stopped\.\s*$/);
      expect(left()).toEqual([]);
    },
    4 * MINUTE,
  );

  it(
    'that is interrupted early ends cleanly, whenever that is, and the next one is ready',
    async () => {
      for (const afterMs of [150, 600, 1_500]) {
        const run = start();
        await sleep(afterMs);
        run.child.kill('SIGINT');
        await run.ended;
        expect(left()).toEqual([]);
        expect(run.output()).not.toMatch(/fault in Cordon|unhandled/i);
      }
      const run = start();
      await ready(run);
      run.child.kill('SIGTERM');
      expect(await run.ended).toBe(0);
      expect(left()).toEqual([]);
    },
    4 * MINUTE,
  );

  it(
    'whose range port is taken says so, and leaves nothing behind',
    async () => {
      const somebody = createServer().listen(ports.rangePort, '127.0.0.1');
      const run = start();
      expect(await run.ended).toBe(1);
      expect(run.output()).toMatch(new RegExp(`PORT_TAKEN  Port ${ports.rangePort} for the practice range`));
      expect(left()).toEqual([]);
      somebody.close();
    },
    2 * MINUTE,
  );

  it(
    'on the folder of a newer Cordon, or with a setting that is wrong, says so and touches nothing',
    async () => {
      const newer = join(folder, 'newer');
      execFileSync('mkdir', [newer]);
      writeFileSync(join(newer, 'data-folder.json'), '{"format":99,"writtenBy":"9.0.0"}');
      const run = start({ CORDON_DATA: newer });
      expect(await run.ended).toBe(1);
      expect(run.output()).toContain('DATA_NEWER');
      expect(execFileSync('ls', [newer], { encoding: 'utf8' })).toBe('data-folder.json\n');
      const wrong = start({ CORDON_PORT: 'eighty' });
      expect(await wrong.ended).toBe(1);
      expect(wrong.output()).toMatch(/CONFIG_INVALID[\s\S]*CORDON_PORT: "eighty"/);
    },
    MINUTE,
  );
});
