// What scripts/chaos.mjs runs. Exit codes: 0 as promised, 1 a violation, 2 wrong use.
import { parseArgs } from 'node:util';
import { casesNamed, chaos, table, violated } from './chaos.ts';
import type { Installation } from './installation.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    case: { type: 'string', multiple: true, default: [] },
    late: { type: 'boolean', default: false },
    now: { type: 'boolean', default: false },
    'at-once': { type: 'string', default: '3' },
  },
});
const count = Number(values.seeds);
const seeds = values.seed === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(values.seed)];
const lates = values.late === values.now ? [false, true] : [values.late];
const started: Installation[] = [];
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    for (const cordon of started) cordon.killNow();
    console.error(`${signal}: broken off, nothing is left running`);
    process.exit(130);
  });
}
const began = performance.now();
const chains = await chaos({
  cases: casesNamed(values.case),
  seeds,
  lates,
  atOnce: Number(values['at-once']),
  log: console.log,
  started: (cordon) => started.push(cordon),
});
const wrong = violated(chains);
const kills = chains.reduce((sum, chain) => sum + chain.verdicts.length, 0);
console.log(`\n${table(chains)}\n\n${kills} kills, ${wrong} violations, ${Math.round((performance.now() - began) / 1000)} s`);
process.exitCode = wrong === 0 && kills > 0 ? 0 : 1;
