// After every test on a real Temporal server: I1 to I13 hold in every world that is open, by the practice range's own record.
import { afterEach } from '@jest/globals';
import { openWorlds } from './open-worlds.ts';

afterEach(async () => {
  for (const look of openWorlds()) await look();
});
