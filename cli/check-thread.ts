// A thread that checks playbooks for check-all.ts: a list of them in, what was found out, once for each message.
import { parentPort } from 'node:worker_threads';
import type { Rule } from '../policy/policy.ts';
import { checkFiles } from './check-files.ts';
import type { PlaybookFiles } from './playbook-files.ts';

export interface ThreadQuestion {
  readonly batch: readonly PlaybookFiles[];
  readonly rules: readonly Rule[] | undefined;
}

parentPort?.on('message', ({ batch, rules }: ThreadQuestion) => parentPort?.postMessage(batch.map((one) => checkFiles(one, rules))));
