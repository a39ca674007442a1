// What all of the world's parts share.
import type { StepRow } from '../../server/contract.ts';

/** The instant so many seconds before the world's own. */
export type Ago = (seconds: number) => string;

export const DIGEST = '4f2a90c1d7e84b5e9a0c66d1f2b3a4958c7d6e5f40312233445566778899aabb';

export const step = (more: Partial<StepRow> & Pick<StepRow, 'key' | 'stepId' | 'state' | 'startedAt'>): StepRow => ({
  generation: 0,
  kind: 'do',
  input: {},
  recovered: false,
  attempts: 1,
  ...more,
});
