// Pages by key, never by offset: a list that grows at its head does not shift under the reader. Ids sort by time.
import type { Page } from '../../server/contract.ts';

export const PAGE_SIZE = { default: 50, most: 200 } as const;

export interface PageWish {
  /** `next` of the page before. */
  readonly before?: string | undefined;
  readonly limit?: number | undefined;
}

export const sizeOf = (wish: PageWish): number => Math.min(wish.limit ?? PAGE_SIZE.default, PAGE_SIZE.most);

/** One row more than the page was read, to know whether there is a next one. */
export function pageOf<Row extends { readonly id: string }, T>(rows: readonly Row[], size: number, shape: (row: Row) => T): Page<T> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return { items: shown.map(shape), ...(rows.length > size && last ? { next: last.id } : {}) };
}

/** `%` and `_` in a search are themselves. */
export const likeText = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Instants inside JSON that PostgreSQL made have another spelling than ours. */
export const iso = (instant: Date | string): string => new Date(instant).toISOString();

/** The member alone when there is one. */
export const present = <K extends string, V>(name: K, value: V | null | undefined): { readonly [P in K]?: V } =>
  // The object has exactly the member that the type allows.
  (value === null || value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: V };

export const presentIso = <K extends string>(name: K, value: Date | string | null | undefined): { readonly [P in K]?: string } =>
  present(name, value === null || value === undefined ? undefined : iso(value));
