// The online commands against a whole server on a store in memory: one for a file of tests.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { runCli } from '../../cli/run-cli.ts';
import { type Harness, SECRET, startHarness } from '../server/harness.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface Online {
  readonly harness: () => Harness;
  readonly url: () => string;
  readonly cordon: (
    args: readonly string[],
    env?: Readonly<Record<string, string | undefined>>,
    more?: Partial<Parameters<typeof runCli>[1]>,
  ) => Promise<Said>;
}

export function goOnline(): Online {
  let harness: Harness;
  let url: string;
  beforeAll(async () => {
    harness = await startHarness({ now: () => new Date() });
    url = await harness.app.listen({ host: '127.0.0.1', port: 0 });
  });
  beforeEach(async () => {
    await harness.reset();
  });
  afterAll(async () => {
    await harness.close();
  });
  return {
    harness: () => harness,
    url: () => url,
    async cordon(args, env = {}, more = {}) {
      const said = { out: '', err: '' };
      const code = await runCli(args, {
        out: (text) => {
          said.out += text;
        },
        err: (text) => {
          said.err += text;
        },
        env: { CORDON_URL: url, CORDON_TOKEN: harness.token, CORDON_WEBHOOK_SECRET: SECRET, ...env },
        cwd: '/nonexistent',
        colour: false,
        columns: 100,
        progress: () => undefined,
        interrupted: () => AbortSignal.abort(),
        ...more,
      });
      return { code, ...said };
    },
  };
}
