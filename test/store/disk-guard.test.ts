import { describe, expect, it } from '@jest/globals';
import { guardDisk } from '../../store/disk-guard.ts';

const MB = 1024 * 1024;

describe('guardDisk', () => {
  it('tells the session when the disk gets full and when it has room again, and asks the system only now and then', async () => {
    const disk = { free: 100 * MB, asked: 0, nowMs: 0 };
    const said: string[] = [];
    const run = async (statement: string) => said.push(statement);
    const askDisk = () => {
      disk.asked++;
      return disk.free;
    };
    const guard = guardDisk('x', askDisk, () => disk.nowMs);
    const isFullAfter = async (ms: number, free: number) => {
      disk.nowMs += ms;
      disk.free = free;
      await guard.check(run);
      return guard.isFull();
    };
    expect(await isFullAfter(0, 100 * MB)).toBe(false);
    expect(await isFullAfter(100, 10 * MB)).toBe(false);
    expect(disk.asked).toBe(1);
    expect(await isFullAfter(200, 10 * MB)).toBe(true);
    expect(await isFullAfter(300, 10 * MB)).toBe(true);
    expect(await isFullAfter(300, 65 * MB)).toBe(false);
    expect(said).toEqual(['set default_transaction_read_only = on', 'set default_transaction_read_only = off']);
  });

  it('tells it again when the session did not take it', async () => {
    let nowMs = 0;
    const guard = guardDisk(
      'x',
      () => 0,
      () => nowMs,
    );
    await expect(guard.check(() => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
    expect(guard.isFull()).toBe(false);
    nowMs = 1_000;
    await guard.check(async () => {});
    expect(guard.isFull()).toBe(true);
  });
});
