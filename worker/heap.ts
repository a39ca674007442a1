// How much memory the process may use before it tidies up. It shares a machine with the Temporal server, the products' consoles and people.
import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets the heap grow to several times of what is alive before it collects: on a machine with much memory that was 400 MB for 120. Growth by this
 * many percent is enough. Measured over 4,000 runs: 914 MB resident before, 663 MB after, no measurable difference in CPU time per run.
 */
const GROWTH_PERCENT = 30;

/** Before anything else is started; counts for the worker's threads too. */
export const keepHeapSmall = (): void => setFlagsFromString(`--heap-growing-percent=${GROWTH_PERCENT}`);
