// Everything that the range's products know, by product and thing.
import type { Json } from '../connectors/connector.ts';
import type { Product, Thing } from './product.ts';
import type { RecordLine } from './record.ts';

export interface RangeState {
  readonly things: (product: string) => ReadonlyMap<string, Thing>;
  readonly place: (product: string, target: string, value: Json, atMs: number) => void;
  /** One line of the record, from an earlier life. */
  readonly replay: (line: RecordLine) => void;
  readonly reset: () => void;
}

export const RESET = 'reset';

export function openState(products: readonly Product[], startedMs: number): RangeState {
  const maps = new Map<string, Map<string, Thing>>();
  const reset = () => {
    for (const product of products) {
      maps.set(product.name, new Map([...product.seed(startedMs)].map(([target, value]) => [target, { value, atMs: 0 }])));
    }
  };
  const place = (product: string, target: string, value: Json, atMs: number) => void maps.get(product)?.set(target, { value, atMs });
  reset();
  return {
    things: (product) => maps.get(product) ?? new Map(),
    place,
    reset,
    replay: (line) => {
      if (line.effect === RESET) reset();
      else if (line.target !== null && line.effect !== null && !same(line.before, line.after)) {
        place(line.product, line.target, line.after, Date.parse(line.at));
      }
    },
  };
}

/** Values are made by one function each, so members always stand in the same order. */
export const same = (a: Json, b: Json): boolean => JSON.stringify(a) === JSON.stringify(b);
