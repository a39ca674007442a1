// Playbook files become published versions; a bad file stops nothing that works.
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type WatchedPlaybooks, watchPlaybooks } from '../../dispatch/playbook-folder.ts';
import type { ReadPlaybook } from '../../dispatch/playbook-scan.ts';
import { readPlaybookBeside } from '../../language/read-beside.ts';
import { publishPlaybook } from '../../store/playbook-versions.ts';
import type { Store } from '../../store/store.ts';
import { openMemoryStore } from '../store/memory-store.ts';
import { emptyWorld, NOW, planOf } from './world.ts';

const playbook = (name: string, title = 'Made up') => `playbook: ${name}
title: ${title}
description: made up
owner: made-up-team
triggers:
  - manual: {}
steps:
  - id: end
    stop: { outcome: done }
`;

describe('the playbook folder', () => {
  let store: Store;
  let folder: string;
  let watched: WatchedPlaybooks | undefined;
  const logged: string[] = [];
  let ms = 0;
  beforeAll(async () => {
    store = await openMemoryStore();
  });
  afterAll(async () => {
    await store.close();
  });
  beforeEach(async () => {
    await emptyWorld(store);
    folder = mkdtempSync(join(tmpdir(), 'cordon-playbooks-'));
  });
  afterEach(async () => {
    await watched?.stop();
    rmSync(folder, { recursive: true });
  });
  const put = (path: string, text: string | Uint8Array) => {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  const open = async (watch = false, readPlaybook: ReadPlaybook = readPlaybookBeside, againMs = 60_000) => {
    const note = (_: object, message: string) => void logged.push(message);
    watched = await watchPlaybooks({
      folder,
      store,
      readPlaybook,
      watch,
      againMs,
      log: { info: note, warn: note, error: note },
      now: () => NOW,
      monotonicMs: () => ms,
    });
    return watched;
  };
  const published = async () =>
    await store.db
      .selectFrom('playbook_versions')
      .select(['playbook', 'version', 'path'])
      .where('state', '=', 'published')
      .orderBy('playbook')
      .execute();
  const faults = async () => await store.db.selectFrom('playbook_faults').select(['path', 'diagnostics']).orderBy('path').execute();
  const shown = (path: string) => `${basename(folder)}/${path}`;

  it('a playbook that calls another is a new version when that one changes, and keeps its last good one when that one is gone', async () => {
    put('called/playbook.yaml', playbook('called'));
    put('caller/playbook.yaml', playbook('caller').replace('id: end\n    stop: { outcome: done }', 'call: called'));
    const folderWatch = await open();
    const caller = async () => (await published()).find((row) => row.playbook === 'caller');
    expect(await caller()).toMatchObject({ version: 1 });
    put('called/playbook.yaml', playbook('called').replace('outcome: done', 'outcome: other'));
    await folderWatch.rescan();
    expect(await caller()).toMatchObject({ version: 2 });
    rmSync(join(folder, 'called'), { recursive: true });
    await folderWatch.rescan();
    expect(await caller()).toMatchObject({ version: 2 });
    expect(JSON.stringify(await faults())).toContain('CALL_UNKNOWN');
  });

  it('publishes what it finds: folders with a playbook, and files beside them; scenarios are not playbooks', async () => {
    put('one/playbook.yaml', playbook('one'));
    put('one/scenarios/first.yaml', 'scenario: made up');
    put('two.yaml', playbook('two'));
    put('README.md', 'made up');
    await open();
    expect(await published()).toEqual([
      { playbook: 'one', version: 1, path: shown('one/playbook.yaml') },
      { playbook: 'two', version: 1, path: shown('two.yaml') },
    ]);
    expect(await faults()).toEqual([]);
  });

  it('a change is a new version, the old text again the old one, a comment none', async () => {
    put('one.yaml', playbook('one'));
    const folderWatch = await open();
    put('one.yaml', playbook('one', 'Changed'));
    await folderWatch.rescan();
    expect(await published()).toMatchObject([{ version: 2 }]);
    put('one.yaml', `${playbook('one', 'Changed')}# made up\n`);
    await folderWatch.rescan();
    expect(await published()).toMatchObject([{ version: 2 }]);
    put('one.yaml', playbook('one'));
    await folderWatch.rescan();
    expect(await published()).toMatchObject([{ version: 1 }]);
    await folderWatch.rescan();
    const audit = await store.db.selectFrom('audit_events').select('code').execute();
    expect(audit.map((row) => row.code)).toEqual(['playbook.published', 'playbook.published', 'playbook.published']);
  });

  it('a bad file is reported where it is bad, its last good version and all others stay; mended, the report is gone', async () => {
    put('one.yaml', playbook('one'));
    put('two.yaml', playbook('two'));
    const folderWatch = await open();
    put('one.yaml', playbook('one').replace('steps:', 'stepz:'));
    put('two.yaml', playbook('two', 'Changed'));
    await folderWatch.rescan();
    expect(await published()).toMatchObject([
      { playbook: 'one', version: 1 },
      { playbook: 'two', version: 2 },
    ]);
    expect(await faults()).toEqual([
      { path: shown('one.yaml'), diagnostics: expect.arrayContaining([expect.objectContaining({ severity: 'error' })]) },
    ]);
    put('one.yaml', playbook('one', 'Mended'));
    await folderWatch.rescan();
    expect(await faults()).toEqual([]);
    expect(await published()).toMatchObject([{ playbook: 'one', version: 2 }, { version: 2 }]);
  });

  it('files that are no text, too large, unreadable or links to nowhere stop no other', async () => {
    put('binary.yaml', Uint8Array.from([0xff, 0xfe, 0x00]));
    put('huge.yaml', 'x'.repeat(1_100_000));
    put('good.yaml', playbook('good'));
    symlinkSync('/nowhere-made-up', join(folder, 'link.yaml'));
    await open();
    expect(await published()).toMatchObject([{ playbook: 'good' }]);
    expect((await faults()).map((fault) => [fault.path, JSON.stringify(fault.diagnostics)])).toEqual([
      [shown('binary.yaml'), expect.stringContaining('PLAYBOOK_FILE_ENCODING')],
      [shown('huge.yaml'), expect.stringContaining('PLAYBOOK_FILE_TOO_LARGE')],
    ]);
  });

  it('a file that cannot even be looked at is not gone: its last good version stays in force, the fault is told, and it comes back by itself', async () => {
    put('one.yaml', playbook('one'));
    put('two/playbook.yaml', playbook('two'));
    const folderWatch = await open();
    rmSync(join(folder, 'one.yaml'));
    symlinkSync('one.yaml', join(folder, 'one.yaml')); // a link to itself: ELOOP
    rmSync(join(folder, 'two'), { recursive: true });
    await folderWatch.rescan();
    ms += 6_000;
    await folderWatch.rescan();
    expect(await published()).toMatchObject([{ playbook: 'one' }]);
    expect(await faults()).toEqual([
      {
        path: shown('one.yaml'),
        diagnostics: [expect.objectContaining({ code: 'PLAYBOOK_FILE_UNREADABLE', message: expect.stringContaining('ELOOP') })],
      },
    ]);
    rmSync(join(folder, 'one.yaml'));
    put('one.yaml', playbook('one'));
    await folderWatch.rescan();
    expect(await faults()).toEqual([]);
    expect(await published()).toMatchObject([{ playbook: 'one', version: 1 }]);
  });

  it('a file whose reading throws is a fault of that file, and stops no other before or behind it', async () => {
    for (const name of ['a', 'b', 'c']) put(`${name}.yaml`, playbook(name));
    let broken = 'b.yaml';
    const folderWatch = await open(false, (text, beside) => {
      if (text.file.endsWith(broken)) throw new RangeError('Invalid string length');
      return readPlaybookBeside(text, beside);
    });
    expect(await published()).toMatchObject([{ playbook: 'a' }, { playbook: 'c' }]);
    expect(await faults()).toEqual([
      { path: shown('b.yaml'), diagnostics: [expect.objectContaining({ code: 'PLAYBOOK_READER_FAILED', severity: 'error', line: 1 })] },
    ]);
    broken = 'none';
    put('b.yaml', playbook('b', 'Changed'));
    await folderWatch.rescan();
    expect(await published()).toMatchObject([{ playbook: 'a' }, { playbook: 'b' }, { playbook: 'c' }]);
    expect(await faults()).toEqual([]);
  });

  it('a name stands for one file: the second is refused, and gets it when the first is gone', async () => {
    put('a.yaml', playbook('one'));
    const folderWatch = await open();
    put('0.yaml', playbook('one', 'Another'));
    await folderWatch.rescan();
    expect(await published()).toEqual([{ playbook: 'one', version: 1, path: shown('a.yaml') }]);
    expect(JSON.stringify(await faults())).toContain('PLAYBOOK_NAME_TAKEN');
    rmSync(join(folder, 'a.yaml'));
    await folderWatch.rescan();
    expect(await published()).toEqual([{ playbook: 'one', version: 2, path: shown('0.yaml') }]);
    expect(await faults()).toEqual([]);
  });

  it('a file that was away for a moment was never gone, and neither was all that an empty folder does not have', async () => {
    for (const name of ['one', 'two']) put(`${name}.yaml`, playbook(name));
    const folderWatch = await open();
    rmSync(join(folder, 'two.yaml'));
    await folderWatch.rescan();
    put('two.yaml', playbook('two'));
    ms += 60_000;
    await folderWatch.rescan();
    rmSync(join(folder, 'two.yaml'));
    await folderWatch.rescan();
    expect(await published()).toHaveLength(2);
    rmSync(join(folder, 'one.yaml'));
    await folderWatch.rescan();
    ms += 60_000;
    await folderWatch.rescan();
    expect(await published()).toHaveLength(2);
    expect(logged.filter((message) => message.includes('folder is empty'))).toHaveLength(1);
    await folderWatch.stop();
    await (await open()).rescan(); // a start over an empty mount
    expect(await published()).toHaveLength(2);
  });

  it('a removed file starts nothing more; a folder that cannot be read changes nothing', async () => {
    put('one.yaml', playbook('one'));
    put('two.yaml', playbook('two'));
    const folderWatch = await open();
    rmSync(join(folder, 'two.yaml'));
    await folderWatch.rescan();
    ms += 6_000;
    await folderWatch.rescan();
    expect(await published()).toMatchObject([{ playbook: 'one' }]);
    renameSync(folder, `${folder}-away`);
    await folderWatch.rescan();
    renameSync(`${folder}-away`, folder);
    expect(await published()).toMatchObject([{ playbook: 'one' }]);
    expect(logged.at(-1)).toContain('could not be read');
  });

  it('what a person published over a file stays after a restart, until the file changes', async () => {
    put('one.yaml', playbook('one'));
    await (await open()).stop();
    const plan = planOf({ playbook: 'one', title: 'By hand' });
    const byHand = {
      plan,
      digest: 'by-hand',
      source: 'made up',
      path: 'by-hand.yaml',
      author: 'per_1',
      firstMode: 'act',
      yieldToPeople: false,
    } as const;
    await publishPlaybook(store.db, byHand, NOW);
    const folderWatch = await open();
    expect(await published()).toMatchObject([{ playbook: 'one', version: 2, path: 'by-hand.yaml' }]);
    put('one.yaml', playbook('one', 'Changed'));
    await folderWatch.rescan();
    expect(await published()).toMatchObject([{ playbook: 'one', version: 3 }]);
  });

  const noticed = async () =>
    await new Promise<void>((resolve, reject) => {
      store.onWake('playbooks', () => {
        published().then((rows) => rows.some((row) => row.playbook === 'new') && resolve(), reject);
      });
    });

  it('a folder that is not followed and cannot be read is looked at again by itself', async () => {
    put('one.yaml', playbook('one'));
    renameSync(folder, `${folder}-away`);
    await open(false, readPlaybookBeside, 5);
    const isNoticed = noticed();
    mkdirSync(`${folder}-away/new`);
    writeFileSync(`${folder}-away/new/playbook.yaml`, playbook('new'));
    renameSync(`${folder}-away`, folder);
    await isNoticed; // else the test's own time limit ends it
    expect(await published()).toMatchObject([{ playbook: 'new' }, { playbook: 'one' }]);
  });

  it('a saved file is noticed by itself', async () => {
    put('one.yaml', playbook('one'));
    await open(true);
    const isNoticed = noticed();
    put('new/playbook.yaml', playbook('new'));
    await isNoticed; // else the test's own time limit ends it
    expect(await published()).toMatchObject([{ playbook: 'new' }, { playbook: 'one' }]);
  });
});
