// The order of the test files: what takes longest begins first, so that no worker sits idle at the end beside one that has just begun.
// Where this machine has no times of its own yet (a clean clone), Jest goes by file size; the list here knows better.
import Sequencer from '@jest/test-sequencer';

/** By their time alone, longest first. Everything else takes less than twenty seconds; what waits for a server goes before what does not. */
const LONG = [
  'runs/both-ways.run',
  'runs/hung.run',
  'connectors/practice',
  'runs/outcomes.run',
  'simulation/simulation',
  'runs/outage.run',
  'runs/long-loops.run',
  'worker/start.run',
  'runs/cancel.run',
  'runs/locks.run',
  'runs/replay.run',
  'store/folder',
  'e2e/real-systems.e2e',
  'console/looks.e2e',
  'faults/chaos.e2e',
  'e2e/real-connectors.e2e',
];

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    return sorted.some(({ duration }) => duration !== undefined) ? sorted : sorted.toSorted((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ path }) {
  const at = LONG.findIndex((name) => path.endsWith(`/${name}.test.ts`));
  if (at >= 0) return at;
  return path.endsWith('.run.test.ts') ? LONG.length : LONG.length + 1;
}
