import { describe, expect, it } from '@jest/globals';
import { decideTick, type TickWorld } from '../../triggers/schedule.ts';

const HOUR = 3_600_000;
const WORLD: TickWorld = { lateMs: 500, isBefore: false, isPaused: false, isOpen: false, hasBuffered: false, wasBuffered: false };
const decide = (overlap: 'skip' | 'buffer_one' | 'allow_all' | 'cancel_other', world: Partial<TickWorld> = {}, catchupMs = HOUR) =>
  decideTick({ overlap, catchupMs }, { ...WORLD, ...world });

describe('a time of a schedule', () => {
  it('starts a run where none is open, whatever the policy', () => {
    for (const overlap of ['skip', 'buffer_one', 'allow_all', 'cancel_other'] as const)
      expect(decide(overlap)).toMatchObject({ kind: 'start', cancelsOpen: false });
  });

  it.each([
    ['skip', {}, { kind: 'skipped' }],
    ['buffer_one', {}, { kind: 'buffered' }],
    ['buffer_one', { hasBuffered: true }, { kind: 'skipped' }],
    ['allow_all', {}, { kind: 'start', cancelsOpen: false }],
    ['cancel_other', {}, { kind: 'start', cancelsOpen: true }],
  ] as const)('that overlaps an open run: %s %j', (overlap, world, what) => {
    expect(decide(overlap, { isOpen: true, ...world })).toMatchObject(what);
  });

  it('that was missed is caught up within its time, and recorded as missed after it', () => {
    expect(decide('skip', { lateMs: HOUR - 1 }).kind).toBe('start');
    expect(decide('skip', { lateMs: HOUR + 1 }).kind).toBe('missed');
  });

  it('is never missed by what a busy machine takes', () => {
    expect(decide('skip', { lateMs: 59_000 }, 1_000).kind).toBe('start');
  });

  it('that waited for the run before is not too late by that', () => {
    expect(decide('buffer_one', { lateMs: 5 * HOUR, wasBuffered: true }).kind).toBe('start');
  });

  it('before the schedule was there, or while it is paused, starts nothing', () => {
    expect(decide('allow_all', { isBefore: true }).kind).toBe('missed');
    expect(decide('allow_all', { isPaused: true }).kind).toBe('skipped');
  });
});
