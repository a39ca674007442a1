import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonical, cleanText } from '../../audit/canonical.ts';
import { CHAIN_START, type ChainContent, chainHash, chainText, isPlainName, personalDigest } from '../../audit/chain.ts';
import type { ChainedEvent, Fact } from '../../audit/event.ts';
import { type Head, verifyChain } from '../../audit/verify.ts';

const sha256 = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

const content: ChainContent = {
  stream: 'run_01ARYZ6S410000000000000000',
  seq: 1,
  at: '2026-03-04T05:06:07.089Z',
  code: 'effect.intent',
  actor: 'cordon',
  body: { verb: 'user.disable', count: 1 },
  personalDigest: null,
};

/** A good chain of `count` events of one stream. */
function chainOf(stream: string, count: number): ChainedEvent[] {
  const events: ChainedEvent[] = [];
  for (let seq = 1; seq <= count; seq++) {
    const prev = events.at(-1)?.hash ?? CHAIN_START;
    const event = { ...content, stream, seq, body: { seq }, personal: null };
    events.push({ ...event, prev, hash: chainHash(prev, event, sha256) });
  }
  return events;
}
const headOf = (events: readonly ChainedEvent[]) => new Map(events.map((event): [string, Head] => [event.stream, event]));

describe('the bytes of version 1', () => {
  it('are these for ever: logs of released versions must still verify', () => {
    expect(chainText(CHAIN_START, content)).toBe(
      `cordon-audit/1\nrun_01ARYZ6S410000000000000000\n1\n${CHAIN_START}\n2026-03-04T05:06:07.089Z\neffect.intent\ncordon\n-\n{"count":1,"verb":"user.disable"}`,
    );
    expect(chainHash(CHAIN_START, content, sha256)).toBe('9ebb3b282a445ec526a357ea97ec5ffe34b295cf319b69404256a43ed5700be1');
    expect(personalDigest({ entity: 'user:eve', salt: 'x' }, sha256)).toBe(
      '81a1061b4cc101528424dc152ead366203815f4491dc593e24cea247cd93e1cb',
    );
  });

  it('are those of one record only: no name can hold a line break', () => {
    expect(['run_1', 'admin', 'source:okta', 'per_1'].every(isPlainName)).toBe(true);
    expect(['', 'a b', 'a\nb', 'a\u2028b', 'ü', 'x'.repeat(201)].some(isPlainName)).toBe(false);
  });
});

describe('canonical', () => {
  it('is the same for equal facts, whatever the order of their members', () => {
    expect(canonical({ b: 1, a: { d: [1, null], c: 'x' } })).toBe('{"a":{"c":"x","d":[1,null]},"b":1}');
    expect(canonical({ a: { c: 'x', d: [1, null] }, b: 1, gone: undefined })).toBe('{"a":{"c":"x","d":[1,null]},"b":1}');
  });

  it('is one line of JSON that says the same when it is read and written again, for any facts', () => {
    const facts = fc.jsonValue({ maxDepth: 4, noUnicodeString: false });
    fc.assert(
      fc.property(facts, (value) => {
        const text = canonical(value as Fact); // jsonValue makes nothing else
        for (const forbidden of ['\n', '\r', '\u0000']) expect(text).not.toContain(forbidden);
        expect(canonical(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 1_000 },
    );
    expect(canonical({ '\u0000': 1, '\u0001': 2, '\ud800': 3 })).toBe('{"\\u0001":2,"\ufffd":3}');
  });

  it('replaces what no database can hold', () => {
    expect(cleanText('a\u0000b\ud800c\udc00d\ud83d\ude00')).toBe('a\ufffdb\ufffdc\ufffdd\ud83d\ude00');
    expect(canonical({ 'a\u0000': '\udfff' })).toBe('{"a\ufffd":"\ufffd"}');
    expect(canonical([Number.NaN, Number.NEGATIVE_INFINITY, -0])).toBe('[null,null,0]');
  });
});

describe('verifyChain', () => {
  const good = [...chainOf('run_a', 3), ...chainOf('run_b', 4)];
  const heads = headOf(good);
  const at = (index: number): ChainedEvent => {
    const event = good[index];
    if (!event) throw new Error('no such event');
    return event;
  };
  const changed = (index: number, change: Partial<ChainedEvent>) =>
    good.map((event, place) => (place === index ? { ...event, ...change } : event));

  it('is content with chains as they were written, one after the other or mixed', () => {
    expect(verifyChain(good, sha256, heads)).toEqual({ ok: true, count: 7 });
    const mixed = [at(3), at(0), at(4), at(1), at(5), at(6), at(2)];
    expect(verifyChain(mixed, sha256, heads)).toEqual({ ok: true, count: 7 });
    expect(verifyChain([], sha256, new Map())).toEqual({ ok: true, count: 0 });
  });

  it.each<[string, Partial<ChainedEvent>]>([
    ['body', { body: { seq: 'forged' } }],
    ['code', { code: 'effect.outcome' }],
    ['actor', { actor: 'per_1' }],
    ['time', { at: '2026-03-04T05:06:07.088Z' }],
    ['personal digest', { personalDigest: 'x' }],
    ['hash', { hash: CHAIN_START }],
    ['stream of another', { stream: 'run_a', seq: 4 }],
  ])('finds an altered %s', (_, change) => {
    const verdict = verifyChain(changed(5, change), sha256, heads);
    expect(verdict).toMatchObject({ ok: false, bad: { reason: 'altered' } });
  });

  it('finds a record that was altered and hashed anew: the next one does not follow it', () => {
    const forged = { ...at(4), body: { seq: 'forged' } };
    const hash = chainHash(forged.prev, forged, sha256);
    expect(verifyChain(changed(4, { ...forged, hash }), sha256, heads)).toEqual({
      ok: false,
      bad: { stream: 'run_b', seq: 3, reason: 'unlinked' },
    });
  });

  it('finds deleted, swapped, repeated and cut records, and names the first', () => {
    const without = (index: number) => good.filter((_, place) => place !== index);
    expect(verifyChain(without(4), sha256, heads)).toEqual({ ok: false, bad: { stream: 'run_b', seq: 2, reason: 'missing' } });
    expect(verifyChain(without(6), sha256, heads)).toEqual({ ok: false, bad: { stream: 'run_b', seq: 4, reason: 'truncated' } });
    expect(verifyChain(good.slice(0, 3), sha256, heads)).toEqual({ ok: false, bad: { stream: 'run_b', seq: 1, reason: 'truncated' } });
    expect(verifyChain([at(0), at(1), at(1), at(2)], sha256)).toEqual({
      ok: false,
      bad: { stream: 'run_a', seq: 2, reason: 'out-of-order' },
    });
    expect(verifyChain([at(0), at(2), at(1)], sha256)).toEqual({ ok: false, bad: { stream: 'run_a', seq: 2, reason: 'missing' } });
  });

  it('finds heads that are gone, behind, or of another chain', () => {
    expect(verifyChain(good, sha256, headOf(good.slice(0, 3)))).toMatchObject({ ok: false, bad: { stream: 'run_b', reason: 'no-head' } });
    expect(verifyChain(good, sha256, headOf(good.slice(0, 6)))).toEqual({ ok: false, bad: { stream: 'run_b', seq: 4, reason: 'no-head' } });
    expect(verifyChain(good, sha256, new Map([...heads, ['run_b', { seq: 4, hash: 'x' }]]))).toMatchObject({
      ok: false,
      bad: { reason: 'altered' },
    });
  });

  it('finds any one deletion or exchange within any chain', () => {
    const place = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat(), fc.nat());
    fc.assert(
      fc.property(place, ([length, one, two]) => {
        const events = chainOf('run_x', length);
        const [first, second] = [one % length, two % length];
        const cut = events.filter((_, index) => index !== first);
        expect(verifyChain(cut, sha256, headOf(events)).ok).toBe(false);
        if (first === second) return;
        // They take each other's place, numbers and links included.
        const swapped = events.map((event, index) => {
          const other = events[index === first ? second : index === second ? first : index] ?? event;
          return { ...other, seq: event.seq, prev: event.prev, hash: event.hash };
        });
        expect(verifyChain(swapped, sha256, headOf(events)).ok).toBe(false);
      }),
    );
  });

  it('takes erased personal data, but no other', () => {
    const personal = { entity: 'user:eve', salt: 'x' };
    const event = { ...content, personal, personalDigest: personalDigest(personal, sha256) };
    const chained: ChainedEvent = { ...event, prev: CHAIN_START, hash: chainHash(CHAIN_START, event, sha256) };
    expect(verifyChain([chained], sha256)).toEqual({ ok: true, count: 1 });
    expect(verifyChain([{ ...chained, personal: null }], sha256)).toEqual({ ok: true, count: 1 });
    const exchanged = { ...chained, personal: { entity: 'user:mallory', salt: 'x' } };
    expect(verifyChain([exchanged], sha256)).toMatchObject({ ok: false, bad: { seq: 1, reason: 'personal-altered' } });
  });
});
