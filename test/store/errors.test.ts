import { describe, expect, it } from '@jest/globals';
import { classifyStoreError, isStoreError, storeError } from '../../store/errors.ts';

const coded = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('classifyStoreError', () => {
  it.each([
    ['53100', 'STORE_FULL'],
    ['ENOSPC', 'STORE_FULL'],
    ['ECONNREFUSED', 'STORE_UNAVAILABLE'],
    ['57P01', 'STORE_UNAVAILABLE'],
    ['08006', 'STORE_UNAVAILABLE'],
    ['57014', 'STORE_UNAVAILABLE'],
    ['53300', 'STORE_UNAVAILABLE'],
    ['40001', 'STORE_CONFLICT'],
    ['40P01', 'STORE_CONFLICT'],
  ])('knows %s as %s, which may work later', (code, expected) => {
    expect(classifyStoreError(coded(code))).toMatchObject({ code: expected, retryable: true });
  });

  it.each(['23505', '23503', '42P01', '22P02', 'ERR_INVALID_ARG_TYPE'])('leaves %s to its caller: the store is not at fault', (code) => {
    expect(classifyStoreError(coded(code))).toBeNull();
  });

  it('knows what pg says without a code', () => {
    expect(classifyStoreError(new Error('Connection terminated unexpectedly'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(classifyStoreError(new Error('timeout exceeded when trying to connect'))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('looks into causes and into the addresses of a host', () => {
    expect(classifyStoreError(new Error('outer', { cause: coded('ENOSPC') }))).toMatchObject({ code: 'STORE_FULL' });
    expect(classifyStoreError(new AggregateError([coded('ECONNREFUSED')], ''))).toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });

  it('ends on causes that go in a circle', () => {
    const circle = new Error('a');
    circle.cause = circle;
    expect(classifyStoreError(circle)).toBeNull();
  });

  it('keeps what is classified already, and says nothing of what is no error', () => {
    const known = storeError('STORE_NEWER', 'x');
    expect(classifyStoreError(known)).toBe(known);
    expect([null, undefined, 'text', 5, {}].map(classifyStoreError)).toEqual([null, null, null, null, null]);
    expect(isStoreError(coded('STORE_FULL'))).toBe(false);
  });
});
