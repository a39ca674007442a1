import { describe, expect, it } from '@jest/globals';
import { gatherWakes } from '../../store/wake.ts';

/** Timers that run when told to. */
function handTimers() {
  const waiting: (() => void)[] = [];
  const set = ((work: () => void) => {
    waiting.push(work);
    return { unref: () => {} };
  }) as unknown as typeof setTimeout; // the only part of it that is used
  const run = () => {
    for (const work of waiting.splice(0)) work();
  };
  return { set, run, count: () => waiting.length };
}

describe('gatherWakes', () => {
  it('sends the first wake at once, and the many after it as one', () => {
    const timers = handTimers();
    const sent: string[] = [];
    const wakes = gatherWakes((channel) => sent.push(channel), timers.set);
    for (let at = 0; at < 100; at++) wakes.wake('outbox');
    wakes.wake('other');
    expect(sent).toEqual(['outbox', 'other']);
    timers.run();
    expect(sent).toEqual(['outbox', 'other', 'outbox']);
    timers.run();
    timers.run();
    expect(sent).toHaveLength(3);
    expect(timers.count()).toBe(0);
  });

  it('never loses a wake that comes in the pause after another', () => {
    const timers = handTimers();
    let sent = 0;
    const wakes = gatherWakes(() => sent++, timers.set);
    wakes.wake('outbox');
    timers.run();
    wakes.wake('outbox');
    expect(sent).toBe(2);
  });

  it('lets one function listen twice and end once', async () => {
    let count = 0;
    const wakes = gatherWakes(() => {}, handTimers().set);
    const listener = () => count++;
    const end = wakes.listen('outbox', listener);
    wakes.listen('outbox', listener);
    end();
    end();
    wakes.wake('outbox');
    await Promise.resolve();
    expect(count).toBe(1);
  });

  it('is silent after its close', async () => {
    const timers = handTimers();
    let count = 0;
    const wakes = gatherWakes(() => count++, timers.set);
    wakes.listen('outbox', () => count++);
    wakes.close();
    wakes.wake('outbox');
    await Promise.resolve();
    expect(count).toBe(0);
  });

  it.each(['', 'Outbox', 'out box', "x'; drop table runs", 'a'.repeat(41)])('refuses the channel %j', (channel) => {
    const wakes = gatherWakes(() => {}, handTimers().set);
    expect(() => wakes.wake(channel)).toThrow('wake channel');
    expect(() => wakes.listen(channel, () => {})).toThrow('wake channel');
  });
});
