import { describe, expect, it } from '@jest/globals';
import { intakeQueue } from '../../server/intake-queue.ts';
import type { Delivery, Landed } from '../../store/alerts.ts';

const delivery = (id: string, more: Partial<Delivery> = {}): Delivery => ({
  source: 'plain',
  deliveryId: id,
  contentType: 'application/json',
  raw: Buffer.from('{}'),
  // Only its presence matters here.
  alerts: [{ alert: {} as Delivery['alerts'][number]['alert'], entities: [] }],
  quarantine: [],
  ...more,
});
const landed = (one: Delivery): Landed => ({
  alerts: [{ id: one.deliveryId, status: one.alerts.length > 0 ? 'accepted' : 'quarantined' }],
});
const idOf = (one: Landed): string => one.alerts.map((alert) => `${alert.id} ${alert.status}`).join();
const withCode = (code: string): Error => Object.assign(new Error(code), { code });

function queueOver(commit: (batch: readonly Delivery[]) => Promise<readonly Landed[]>) {
  const sizes: number[] = [];
  const queue = intakeQueue({ commit, committed: (count) => sizes.push(count), nowMs: () => 0 });
  return { queue, sizes };
}

describe('group commit', () => {
  it('answers each with its own, and shares transactions among those that wait', async () => {
    const { queue, sizes } = queueOver(async (batch) => batch.map(landed));
    const answers = await Promise.all(Array.from({ length: 200 }, (_, at) => queue.take(delivery(`d${at}`))));
    expect(answers.map(idOf)).toEqual(Array.from({ length: 200 }, (_, at) => `d${at} accepted`));
    expect(sizes).toEqual([64, 64, 64, 8]);
    expect(queue.depth()).toBe(0);
  });

  it('answers nobody before the commit', async () => {
    let commit: () => void = () => undefined;
    const gate = new Promise<void>((open) => {
      commit = open;
    });
    const { queue } = queueOver(async (batch) => {
      await gate;
      return batch.map(landed);
    });
    let isAnswered = false;
    const answer = queue.take(delivery('a')).then(() => {
      isAnswered = true;
    });
    await new Promise((turn) => setImmediate(turn));
    expect(isAnswered).toBe(false);
    commit();
    await answer;
    expect(isAnswered).toBe(true);
  });

  it('lets one bad post spoil no other: it is kept raw', async () => {
    const { queue } = queueOver(async (batch) => {
      if (batch.some((one) => one.deliveryId === 'bad' && one.alerts.length > 0)) throw withCode('22P05');
      return batch.map(landed);
    });
    const answers = await Promise.all(['a', 'bad', 'b'].map((id) => queue.take(delivery(id))));
    expect(answers.map(idOf)).toEqual(['a accepted', 'bad quarantined', 'b accepted']);
  });

  it.each(['53100', 'ECONNREFUSED'])('tells everybody when the store cannot take it (%s), and works again afterwards', async (code) => {
    let isBroken = true;
    const { queue } = queueOver(async (batch) => {
      if (isBroken) throw withCode(code);
      return batch.map(landed);
    });
    const results = await Promise.allSettled(['a', 'b'].map((id) => queue.take(delivery(id))));
    expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    expect(idOf(await queue.take(delivery('a')))).toBe('a accepted');
  });

  it('repeats a transaction that lost against another, and gives up in the end', async () => {
    let tries = 0;
    const losing = queueOver(async (batch) => {
      tries += 1;
      if (tries < 3) throw withCode('40P01');
      return batch.map(landed);
    });
    expect(idOf(await losing.queue.take(delivery('a')))).toBe('a accepted');
    expect(tries).toBe(3);
    const { queue } = queueOver(async () => {
      throw withCode('40001');
    });
    await expect(queue.take(delivery('a'))).rejects.toThrow('40001');
  });

  it('holds no more than it may: what is beyond is told to come back', async () => {
    const { queue } = queueOver(async (batch) => batch.map(landed));
    const taken = Array.from({ length: 2_100 }, (_, at) => queue.take(delivery(`d${at}`)));
    const results = await Promise.allSettled(taken);
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(100);
    expect(refused[0]).toMatchObject({ reason: { problem: 'TOO_MANY', headers: { 'retry-after': '2' } } });
  });
});
