import { describe, expect, it } from '@jest/globals';
import { newId } from '../../store/ids.ts';

const zeros = (count: number) => new Uint8Array(count);
const ones = (count: number) => new Uint8Array(count).fill(255);

describe('newId', () => {
  it('is the ULID of the time and the random bytes', () => {
    expect(newId('run', 1_469_918_176_385, zeros)).toBe('run_01ARYZ6S410000000000000000');
    expect(newId('run', 1_469_918_176_385, ones)).toBe('run_01ARYZ6S41ZZZZZZZZZZZZZZZZ');
    const counting = (count: number) => Uint8Array.from({ length: count }, (_, at) => at + 1);
    expect(newId('run', 0, counting)).toBe('run_0000000000041061050R3GG28A'); // 0x0102030405060708090A to the base of 32
  });

  it('sorts by time as text, over every digit', () => {
    const times = [0, 1, 31, 32, 1_023, 1_024, 1_700_000_000_000, 1_700_000_000_001, 2 ** 48 - 1];
    const ids = times.map((ms) => newId('alr', ms, ones));
    expect([...ids].sort()).toEqual(ids);
    expect(newId('alr', 5, ones) < newId('alr', 6, zeros)).toBe(true);
  });

  it('does not repeat within a millisecond', () => {
    const ids = new Set(Array.from({ length: 10_000 }, () => newId('run', 1)));
    expect(ids.size).toBe(10_000);
  });

  it('takes a Date, and refuses a time that is none', () => {
    expect(newId('run', new Date(5), zeros)).toBe(newId('run', 5, zeros));
    for (const bad of [Number.NaN, -1, 2 ** 48, new Date('never')]) expect(() => newId('run', bad)).toThrow('No id');
  });
});
