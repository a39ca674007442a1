// Backing up, restoring, and the drill of both, step by step with their times.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeBackup } from '../../store/backup.ts';
import { checkBackup } from '../../store/backup-file.ts';
import type { VerifySignature } from '../../store/checkpoint.ts';
import { storeError } from '../../store/errors.ts';
import { migrateStore } from '../../store/migrate.ts';
import { openStore } from '../../store/open.ts';
import { type RestoreReport, restoreBackup, verifyRestored } from '../../store/restore.ts';
import { freezeRestored } from '../../store/restored.ts';
import type { Store, StorePlace } from '../../store/store.ts';
import type { StoreLine, StoreStep, StoreWish } from './contract.ts';

export interface Ground {
  readonly place: StorePlace;
  readonly production: boolean;
  readonly verify: VerifySignature;
  readonly say: (line: StoreLine) => void;
  readonly now: () => Date;
  /** A clock that never goes back. */
  readonly ms: () => number;
}

export async function carryOut(wish: StoreWish, ground: Ground): Promise<void> {
  const { steps, done } = stepping(ground);
  let compared: RestoreReport | undefined;
  const finish = async (file: string): Promise<void> => {
    const { header, seal } = await checkBackup(file);
    const { madeAt } = header;
    const ok = compared?.ok ?? true;
    ground.say({ report: { ok, madeAt, lines: seal.lines, sha256: seal.sha256, steps, ...(compared && { checks: compared.checks }) } });
  };
  if (wish.what === 'backup') {
    await backUp(ground, wish.file, done);
    return await finish(wish.file);
  }
  if (wish.what === 'restore') {
    compared = await restoreInto(
      ground,
      ground.place,
      wish.file,
      done,
      async (store) => void (await freezeRestored(store.db, ground.now())),
    );
    return await finish(wish.file);
  }
  const folder = mkdtempSync(join(tmpdir(), 'cordon-drill-'));
  try {
    const file = wish.file ?? join(folder, 'backup.ndjson');
    if (wish.file === undefined) await backUp(ground, file, done);
    const place = wish.database === undefined ? { folder: join(folder, 'store') } : { url: wish.database };
    // A drill in a folder of its own is no production, whatever is drilled.
    compared = await restoreInto({ ...ground, production: false }, place, file, done);
    return await finish(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

type Done = (what: string) => void;

async function backUp(ground: Ground, file: string, done: Done): Promise<void> {
  // Opening it would make one.
  if ('folder' in ground.place && !existsSync(ground.place.folder))
    throw storeError('STORE_EMPTY', `There is no store at ${ground.place.folder}: nothing was ever kept there.`);
  const tables = await withStore(ground, ground.place, async (store) => {
    done('the store was opened');
    return (await writeBackup(store, file, ground.now())).counts;
  });
  const rows = Object.values(tables).reduce((sum, count) => sum + count, 0);
  done(`${rows} rows of ${Object.keys(tables).length} tables were written, sealed and put on the disk`);
}

async function restoreInto(
  ground: Ground,
  place: StorePlace,
  file: string,
  done: Done,
  then?: (store: Store) => Promise<void>,
): Promise<RestoreReport> {
  await checkBackup(file);
  done('the backup is as it was written');
  return await withStore(ground, place, async (store) => {
    done('an empty store was opened');
    await restoreBackup(store, file);
    done('it was restored');
    const report = await verifyRestored(store, file, ground.verify);
    done(report.ok ? 'it was compared with the backup, and its audit verified' : 'it was compared with the backup: NOT equal');
    const newer = await migrateStore(store);
    if (newer.length > 0) done(`it was brought up to date (${newer.join(', ')})`);
    if (then) {
      await then(store);
      done('effects are frozen until people lift it: cordon freeze off');
    }
    return report;
  });
}

async function withStore<T>({ production }: Ground, place: StorePlace, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(place, { production });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

function stepping({ say, ms }: Ground): { readonly steps: readonly StoreStep[]; readonly done: Done } {
  const steps: StoreStep[] = [];
  let lastMs = ms();
  const done = (what: string): void => {
    const atMs = ms();
    const step = { what, ms: Math.round(atMs - lastMs) };
    steps.push(step);
    say(step);
    lastMs = atMs;
  };
  return { steps, done };
}
