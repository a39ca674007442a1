// A thread that checks playbooks for check-all.ts: a list of them in, what was found out, once for each message.
import { parentPort } from 'node:worker_threads';
import { checkFiles } from './check-files.ts';
import type { PlaybookFiles } from './playbook-files.ts';

parentPort?.on('message', (files: readonly PlaybookFiles[]) => parentPort?.postMessage(files.map((one) => checkFiles(one))));
