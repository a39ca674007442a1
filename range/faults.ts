// Making the range fail as products do.
import { z } from 'zod';

const ms = z.number().int().min(0).max(600_000);

const fault = z.strictObject({
  product: z.string().min(1),
  /** Only requests that would do this; `read` for those that change nothing. Absent: all requests to the product. */
  effect: z.string().min(1).exactOptional(),
  /** Only requests about this thing. */
  target: z.string().min(1).exactOptional(),
  /** Answer this instead: nothing happens, unless `drop: after` says that it happened all the same. */
  status: z.number().int().min(200).max(599).exactOptional(),
  /** Retry-After header, as it is: seconds or an HTTP date. */
  retryAfter: z.union([z.string().max(100), z.number()]).exactOptional(),
  /** Wait before anything else, ms. */
  delayMs: ms.exactOptional(),
  /** Break the connection: before the effect, or after it and before the answer. */
  drop: z.enum(['before', 'after']).exactOptional(),
  /** The effect happens this long after the answer was dropped. */
  landsAfterMs: ms.exactOptional(),
  /** Instead of breaking the connection, keep it open and say nothing. Alone: nothing happens; with `drop: after`: it does. */
  hang: z.boolean().exactOptional(),
  /** How many requests it meets. Default: all, until faults are put anew. */
  count: z.number().int().min(1).exactOptional(),
});

export type Fault = z.infer<typeof fault>;

export const faultList = z.union([z.array(fault), fault.transform((one) => [one])]);

export interface Faults {
  readonly put: (faults: readonly Fault[]) => void;
  readonly list: () => readonly Fault[];
  /** The first that meets the request; its count goes down. */
  readonly take: (product: string, effect: string | null, target: string | null) => Fault | undefined;
}

export function openFaults(): Faults {
  let active: readonly Fault[] = [];
  return {
    put: (faults) => {
      active = faults;
    },
    list: () => active,
    take: (product, effect, target) => {
      const found = active.find(
        (each) =>
          each.product === product &&
          (each.effect === undefined || each.effect === (effect ?? 'read')) &&
          (each.target === undefined || each.target === target),
      );
      if (found?.count !== undefined) {
        const left = { ...found, count: found.count - 1 };
        active = active.flatMap((each) => (each !== found ? [each] : left.count > 0 ? [left] : []));
      }
      return found;
    },
  };
}
