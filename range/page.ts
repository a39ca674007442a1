// A page of a list, as products give it: `limit` at most, after the id `after`.
import type { Call } from './product.ts';

const MOST = 200;

export function pageOf<T extends { readonly id: string }>(all: readonly T[], { query }: Pick<Call, 'query'>): readonly T[] {
  const limit = Math.min(MOST, Math.max(1, Number(query.get('limit')) || 1));
  const after = query.get('after') ?? '';
  return all
    .filter((one) => one.id > after)
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .slice(0, limit);
}
