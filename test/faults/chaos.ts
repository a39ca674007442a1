// npm run chaos: kill -9 of everything at every moment that matters, many seeds each, judged by the practice range's own record.
import { mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CASES, type Case } from './cases.ts';
import { type Installation, installation } from './installation.ts';
import { iteration, type Verdict } from './iteration.ts';

export interface ChaosOptions {
  readonly cases: readonly Case[];
  readonly seeds: readonly number[];
  /** Once with effects that happen at once, once with effects that land 1.5 s after their answer was given up. */
  readonly lates: readonly boolean[];
  /** Chains at once, each with an installation of its own. */
  readonly atOnce: number;
  readonly log: (line: string) => void;
  /** Hears of each installation, so that a signal can end it. */
  readonly started?: (cordon: Installation) => void;
}

export interface Chain {
  readonly tested: Case;
  readonly late: boolean;
  readonly verdicts: readonly Verdict[];
}

/** All seeds of a case in one installation, one after the other: its data folder lives through every one of the kills. */
export async function chaos(options: ChaosOptions): Promise<readonly Chain[]> {
  const wanted = options.cases.flatMap((tested) => options.lates.map((late) => ({ tested, late })));
  const folders = await fresh(options.started ?? (() => undefined));
  try {
    const chains: Chain[] = [];
    const queue = [...wanted];
    const lane = async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        chains.push(await chain(options, folders, next.tested, next.late));
    };
    await Promise.all(Array.from({ length: options.atOnce }, lane));
    const place = ({ tested, late }: { tested: Case; late: boolean }) =>
      wanted.findIndex((one) => one.tested === tested && one.late === late);
    return chains.sort((a, b) => place(a) - place(b));
  } finally {
    await folders.dispose();
  }
}

async function chain(options: ChaosOptions, folders: Folders, tested: Case, late: boolean): Promise<Chain> {
  const verdicts: Verdict[] = [];
  let cordon: Installation | undefined;
  for (const seed of options.seeds) {
    cordon ??= await folders.next(`${tested.name}${late ? '-late' : ''}-${seed}`);
    const verdict = await guarded(cordon, tested, seed, late);
    verdicts.push(verdict);
    const name = `${tested.name}${late ? ' late' : ''} seed ${seed}`;
    options.log(`${verdict.wrong.length === 0 ? '✓' : '✗'} ${name}: ${verdict.detail}, ${(verdict.recoveryMs / 1000).toFixed(1)} s`);
    if (verdict.wrong.length === 0) continue;
    for (const wrong of verdict.wrong) options.log(`    ${wrong}`);
    options.log(`    kept: ${cordon.folder}; again: npm run chaos -- --case ${tested.name} --seed ${seed}${late ? ' --late' : ' --now'}`);
    await cordon.dispose(true);
    cordon = undefined;
  }
  await cordon?.dispose(false);
  return { tested, late, verdicts };
}

interface Folders {
  /** A started installation. */
  readonly next: (name: string) => Promise<Installation>;
  /** Nothing that was started here is left running; folders of violations stay. */
  readonly dispose: () => Promise<void>;
}

/** A first start takes seconds to make the databases: it is done once, and copied. */
async function fresh(tell: (cordon: Installation) => void): Promise<Folders> {
  const root = mkdtempSync(join(tmpdir(), 'cordon-chaos-'));
  const first = await installation(join(root, 'first'));
  const started = [first];
  tell(first);
  const dispose = async () => {
    for (const one of started) await one.dispose(true);
    rmSync(first.folder, { recursive: true, force: true });
    if (readdirSync(root).length === 0) rmdirSync(root);
  };
  try {
    await first.start();
    await first.stop();
  } catch (error) {
    await dispose();
    throw error;
  }
  const next = async (name: string) => {
    const cordon = await installation(join(root, name), first.folder);
    started.push(cordon);
    tell(cordon);
    await cordon.start();
    return cordon;
  };
  return { next, dispose };
}

async function guarded(cordon: Installation, tested: Case, seed: number, late: boolean): Promise<Verdict> {
  try {
    return await iteration(cordon, tested, seed, late);
  } catch (error) {
    return {
      seed,
      detail: 'broken off',
      wrong: [error instanceof Error ? error.message : String(error)],
      landedLate: false,
      recoveryMs: 0,
    };
  }
}

/** One line for each case, and what is wrong. */
export function table(chains: readonly Chain[]): string {
  const rows = chains.map(({ tested, late, verdicts }) => {
    const wrong = verdicts.filter((verdict) => verdict.wrong.length > 0);
    const times = verdicts.map((verdict) => verdict.recoveryMs).sort((a, b) => a - b);
    const median = ((times[Math.floor(times.length / 2)] ?? 0) / 1000).toFixed(1);
    const most = ((times.at(-1) ?? 0) / 1000).toFixed(1);
    const landed = `${verdicts.filter((verdict) => verdict.landedLate).length} were 1.5 s late`;
    return [tested.title, late ? landed : 'at once', String(verdicts.length), String(wrong.length), `${median} s`, `${most} s`];
  });
  const all = [['everything killed', 'effects land', 'seeds', 'violations', 'recovery', 'longest'], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** A chain whose late effect never came is one: it would have been green whatever Cordon does about late effects. */
export const violated = (chains: readonly Chain[]): number =>
  chains.flatMap((chain) => chain.verdicts).filter((verdict) => verdict.wrong.length > 0).length + chains.filter(neverLate).length;

const neverLate = ({ late, verdicts }: Chain): boolean => late && !verdicts.some((verdict) => verdict.landedLate);

export const casesNamed = (names: readonly string[]): readonly Case[] => {
  const unknown = names.filter((name) => !CASES.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`no such case: ${unknown.join(', ')}. There are: ${CASES.map((one) => one.name).join(', ')}`);
  return names.length === 0 ? CASES : CASES.filter((one) => names.includes(one.name));
};
