// npm run bench: Cordon beside a hand-written Temporal workflow that sends the same requests; interleaved rounds, medians.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureCommands } from './commands.ts';
import { measureMemory } from './memory.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { nowUs, type Period, readProfiles, type Share, shares } from './profile.ts';
import { comparison, profileTable, reportOf, type SideReport, table } from './report.ts';
import { burst, type Round, steady } from './round.ts';
import { measureShares, sharesTable } from './shares.ts';
import { type Ground, onGround } from './sides.ts';

async function main(options: Options): Promise<void> {
  const say = (line: string) => void (options.json ? process.stderr : process.stdout).write(`${line}\n`);
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.versions.node}`;
  say(`${machine}\n`);
  if (options.commands) {
    measureCommands(say);
    return;
  }
  if (options.memory) {
    const memory = await measureMemory(say);
    const rows = memory.map(({ runs, rssMb, heapMb, externalMb }) => [
      String(runs),
      ...[rssMb, heapMb, externalMb].map((mb) => mb.toFixed(0)),
    ]);
    if (options.json) process.stdout.write(`${JSON.stringify({ machine, memory }, null, 2)}\n`);
    else say(`\n${table([['runs so far', 'RSS, MB', 'heap, MB', 'beside the heap, MB'], ...rows])}`);
    return;
  }
  if (options.shares) {
    const shares = await measureShares(options, say);
    if (options.json) process.stdout.write(`${JSON.stringify({ machine, options, shares }, null, 2)}\n`);
    else say(`\n${sharesTable(shares)}`);
    return;
  }
  const sides = options.rounds === 0 ? undefined : await compare(options, say);
  const profile = options.profile ? await profiles(options, say) : [];
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ machine, options, sides, profile }, null, 2)}\n`);
    return;
  }
  if (sides) say(`\n${comparison(sides.cordon, sides['hand-written'])}`);
  if (options.profile) say(`\n${profileTable(profile, options.runs)}`);
}

type Sides = Readonly<Record<'cordon' | 'hand-written', SideReport>>;

async function compare(options: Options, say: (line: string) => void): Promise<Sides> {
  const bursts: Record<string, Round[]> = {};
  const steadies: Record<string, Round[]> = {};
  await onGround({ eager: options.eager, handWritten: true }, async (ground) => {
    await warmUp(ground, options);
    for (let round = 1; round <= options.rounds; round++) {
      // Who comes first takes turns: what grows over time favours neither.
      const order = round % 2 === 0 ? [...ground.sides].reverse() : ground.sides;
      for (const side of order) {
        const fast = await burst(ground, side, options.runs);
        const calm = await steady(ground, side, options.steady, options.rate);
        bursts[side.name] = [...(bursts[side.name] ?? []), fast];
        steadies[side.name] = [...(steadies[side.name] ?? []), calm];
        const { perSecond, steadyP50Ms, steadyP95Ms, cpuMs, temporalCpuMs } = reportOf([fast], [calm]);
        say(
          `round ${round}  ${side.name.padEnd(12)}  ${perSecond.toFixed(1).padStart(5)} runs/s   contained p50 ${steadyP50Ms.toFixed(0)} p95 ${steadyP95Ms.toFixed(0)} ms   CPU ${cpuMs.toFixed(1)} + ${temporalCpuMs.toFixed(1)} ms`,
        );
      }
    }
  });
  const of = (name: string) => reportOf(bursts[name] ?? [], steadies[name] ?? []);
  return { cordon: of('cordon'), 'hand-written': of('hand-written') };
}

async function warmUp(ground: Ground, options: Options): Promise<void> {
  for (const side of ground.sides) await burst(ground, side, options.runs);
}

interface ThreadProfile {
  readonly title: string;
  readonly shares: readonly Share[];
}

/** A start of its own: a profiled process is slower, so nothing else is measured in it. */
async function profiles(options: Options, say: (line: string) => void): Promise<ThreadProfile[]> {
  say('\nprofiling …');
  const folder = mkdtempSync(join(tmpdir(), 'cordon-profile-'));
  try {
    const periods = new Map<string, Period>();
    await onGround({ eager: options.eager, handWritten: true, profileFolder: folder }, async (ground) => {
      await warmUp(ground, options);
      for (const side of ground.sides) {
        const from = nowUs();
        await burst(ground, side, options.runs);
        periods.set(side.name, { from, to: nowUs() });
      }
    });
    return [...periods].flatMap(([name, period]) =>
      readProfiles(join(folder, name))
        .map((profile) => shares(profile, period))
        .filter((thread) => thread.length > 0)
        .sort((a, b) => sum(b) - sum(a))
        .map((thread, index) => ({ title: `${name}, ${index === 0 ? 'main thread' : 'workflow thread'}`, shares: thread })),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sum = (thread: readonly Share[]): number => thread.reduce((total, share) => total + share.ms, 0);

const args = process.argv.slice(2);
if (args.includes('--help')) process.stdout.write(USAGE);
else {
  try {
    await main(readOptions(args));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    // After a Ctrl-C some of it would go on waiting.
    process.exit(1);
  }
}
