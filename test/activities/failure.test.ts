// What the store cannot keep ends the run where people see it; whatever may pass is tried again.

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { sql } from 'kysely';
import { refuseUnkept } from '../../activities/failure.ts';
import type { Store } from '../../store/store.ts';
import { openMemoryStore } from '../store/memory-store.ts';

let store: Store;
beforeAll(async () => {
  store = await openMemoryStore();
});
afterAll(async () => {
  await store.close();
});

const failing = async (statement: Promise<unknown>): Promise<unknown> =>
  await statement.catch(refuseUnkept).catch((error: unknown) => error);

it.each([
  ['NUL in text', () => sql`select ${'a\0b'}::text`],
  ['half a pair in jsonb', () => sql`select ${String.raw`"\ud800"`}::jsonb`],
  ['no number', () => sql`select ${'x'}::int`],
])('%s is refused for good', async (_, statement) => {
  const error = await failing(statement().execute(store.db));
  expect(error).toBeInstanceOf(ApplicationFailure);
  expect(error).toMatchObject({ type: 'VALUE_NOT_KEPT', nonRetryable: true });
});

it('anything else passes through as it is', async () => {
  const away = new Error('made up');
  expect(await failing(Promise.reject(away))).toBe(away);
  expect(await failing(sql`select * from no_such_table`.execute(store.db))).toMatchObject({ code: '42P01' });
});
