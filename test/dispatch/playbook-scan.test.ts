// A disk that fails to give a file for a moment, although nothing about the file has changed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { readPlaybookBeside } from '../../language/read-beside.ts';
import type { Store } from '../../store/store.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { NOW } from './world.ts';

let broken: string | undefined;
jest.unstable_mockModule('node:fs/promises', () => ({
  ...files,
  readFile: async (path: string) => {
    if (path === broken) throw Object.assign(new Error('made up'), { code: 'EIO' });
    return await files.readFile(path);
  },
}));
const { folderScan } = await import('../../dispatch/playbook-scan.ts');

let store: Store;
const folder = mkdtempSync(join(tmpdir(), 'cordon-scan-'));
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const playbook = (name: string, step: string) => `playbook: ${name}
title: Made up
description: made up
owner: made-up-team
triggers:
  - manual: {}
steps:
  - ${step}
`;

it('a playbook whose callee cannot be read for a moment is published once it can, though no file has changed', async () => {
  const called = join(folder, 'called.yaml');
  writeFileSync(called, playbook('called', 'stop: { outcome: done }'));
  writeFileSync(join(folder, 'caller.yaml'), playbook('caller', 'call: called'));
  const note = () => undefined;
  const scan = folderScan({
    folder,
    store,
    readPlaybook: readPlaybookBeside,
    log: { info: note, warn: note, error: note },
    now: () => NOW,
  });
  const published = async () =>
    (await store.db.selectFrom('playbook_versions').select('playbook').orderBy('playbook').execute()).map((row) => row.playbook);
  broken = called;
  expect(await scan()).toBe(true); // nothing but this answer brings another look where the folder is not followed
  expect(await published()).toEqual([]);
  broken = undefined;
  expect(await scan()).toBe(false);
  expect(await published()).toEqual(['called', 'caller']);
  expect(await store.db.selectFrom('playbook_faults').selectAll().execute()).toEqual([]);
});

it('what could not be written down is asked about again', async () => {
  let full = true;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const scan = folderScan({
    ...{ folder, store, readPlaybook: readPlaybookBeside, log },
    now: () => {
      if (full) throw new Error('made up: nothing can be written');
      return NOW;
    },
  });
  writeFileSync(join(folder, 'third.yaml'), playbook('third', 'stop: { outcome: done }'));
  expect(await scan()).toBe(true);
  full = false;
  expect(await scan()).toBe(false);
  expect(await store.db.selectFrom('playbook_versions').select('playbook').where('playbook', '=', 'third').execute()).toHaveLength(1);
});
