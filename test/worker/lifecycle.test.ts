import { describe, expect, it } from '@jest/globals';
import { lifecycle, Stopped } from '../../worker/lifecycle.ts';

const fixture = () => {
  const closed: string[] = [];
  const warnings: string[] = [];
  const life = lifecycle((message) => warnings.push(message));
  const own = (what: string, close: () => unknown = () => undefined, withinMs?: number) =>
    life.own(
      what,
      () => what,
      () => {
        closed.push(what);
        return close();
      },
      withinMs,
    );
  return { closed, warnings, life, own };
};

describe('what was started is ended', () => {
  it('last started first, once, however often it is asked for', async () => {
    const { closed, life, own } = fixture();
    await own('store');
    await own('server');
    await own('worker');
    await Promise.all([life.stop(), life.stop()]);
    await life.stop();
    expect(closed).toEqual(['worker', 'server', 'store']);
  });

  it('and what takes its time says so, so that nobody kills it', async () => {
    const said: string[] = [];
    const life = lifecycle(
      () => undefined,
      (message) => said.push(message),
    );
    await life.own(
      'the store',
      () => undefined,
      async () => {
        while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
      },
    );
    await life.stop();
    expect(said).toEqual(['waiting for the store to end, at most 5 s']);
  });

  it('also when one of them fails or hangs while it is ended', async () => {
    const { closed, life, own, warnings } = fixture();
    await own('store');
    await own('server', () => Promise.reject(new Error('no')));
    await own('worker', () => new Promise(() => undefined), 10);
    await life.stop();
    expect(closed).toEqual(['worker', 'server', 'store']);
    expect(warnings).toEqual(['worker could not be ended cleanly: not within 0.01 s', 'server could not be ended cleanly: no']);
  });

  it('also what is still opening when the stop begins: it is closed as soon as it is open, and the start ends there', async () => {
    const { closed, life } = fixture();
    let opened = (_: string): void => undefined;
    const opening = new Promise<string>((resolve) => {
      opened = resolve;
    });
    const starting = life.own(
      'temporal',
      () => opening,
      (what) => closed.push(what),
    );
    const stopping = life.stop();
    opened('temporal');
    await expect(starting).rejects.toBeInstanceOf(Stopped);
    await stopping;
    expect(closed).toEqual(['temporal']);
  });

  it('and what takes longer to open than it may take to end is not given up half open', async () => {
    const { closed, life, warnings } = fixture();
    let opened = (_: string): void => undefined;
    const starting = life.own(
      'the store',
      () => new Promise<string>((resolve) => (opened = resolve)),
      (what) => closed.push(what),
      1,
    );
    const refused = expect(starting).rejects.toBeInstanceOf(Stopped);
    const stopping = life.stop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    opened('the store');
    await refused;
    await stopping;
    expect([closed, warnings]).toEqual([['the store'], []]);
  });

  it('what failed to open has nothing to close, and fails as it failed', async () => {
    const { life, warnings, closed } = fixture();
    await expect(
      life.own(
        'store',
        () => Promise.reject(new Error('full')),
        () => closed.push('store'),
      ),
    ).rejects.toThrow('full');
    await life.stop();
    expect([closed, warnings]).toEqual([[], []]);
  });

  it('nothing is opened any more once the stop has begun', async () => {
    const { life, own } = fixture();
    await life.stop();
    await expect(own('worker')).rejects.toBeInstanceOf(Stopped);
  });
});
