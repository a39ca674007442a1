// What holds of the audit log on either database: A89 of every attack on a log is to alter, delete, reorder or cut it.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { chainHash } from '../../audit/chain.ts';
import { verifyChain } from '../../audit/verify.ts';
import { appendAudit, appendAuditMany, type NewAuditEvent } from '../../store/audit.ts';
import { type Checkpoint, checkpoint } from '../../store/checkpoint.ts';
import { exportAudit } from '../../store/export-audit.ts';
import { sha256 } from '../../store/sha256.ts';
import type { Store } from '../../store/store.ts';
import { verifyAudit } from '../../store/verify-audit.ts';

const NOW = new Date('2026-03-04T05:06:07.089Z');
const KEY = 'made-up-secret';
const sign = (digest: string) => createHmac('sha256', KEY).update(digest).digest('hex');
const verify = (digest: string, signature: string) => sign(digest) === signature;

const intent = (verb: string, more: Record<string, unknown> = {}): NewAuditEvent => ({
  at: NOW,
  code: 'effect.intent',
  actor: 'cordon',
  body: { verb, key: 'contain', digest: 'd'.repeat(64), ...more },
});

export function auditFacts(given: () => Store): void {
  const db = () => given().db;
  const empty = () => sql`truncate audit_events, audit_heads, audit_checkpoints`.execute(db());
  const append = (stream: string, count: number) =>
    appendAudit(
      db(),
      stream,
      Array.from({ length: count }, (_, at) => intent('user.disable', { at, entity: 'user:made-up' })),
    );
  const report = (anchors: readonly string[] = []) => verifyAudit(db(), verify, { anchors });
  const anchored = async (at = NOW): Promise<Checkpoint> => {
    const made = await checkpoint(db(), sign, at);
    if (!made) throw new Error('nothing was anchored');
    return made;
  };

  describe('audit', () => {
    it('numbers the events of a stream from 1, and chains what the database hashed as we would', async () => {
      await empty();
      expect(await append('run_a', 2)).toBe(2);
      expect(await append('run_a', 1)).toBe(3);
      const lines = await collect(exportAudit(db(), { stream: 'run_a' }));
      const events = lines.map((line) => JSON.parse(line));
      expect(events.map((event) => event.seq)).toEqual([1, 2, 3]);
      for (const event of events) expect(chainHash(event.prev, event, sha256)).toBe(event.hash);
      expect(verifyChain(events, sha256)).toEqual({ ok: true, count: 3 });
      expect(await report()).toMatchObject({ ok: true, streams: 1, events: 3, unanchored: { events: 3 } });
    });

    it('survives every odd value on its way through the database and back', async () => {
      await empty();
      const odd = {
        zero: 'a\u0000b',
        half: 'x\ud800y',
        line: 'one\ntwo\u2028three',
        fraction: 1.1e-7,
        large: 1e300,
        tiny: 5e-324,
        negative: -0,
        endless: Number.POSITIVE_INFINITY,
        big: 9_007_199_254_740_993n,
        '': 'no name',
        '\u0000': 'one name',
        '\ud800': 'and the same',
        '\u0001': 'sorts before them',
        ['__proto__']: { polluted: true },
        'z"\\': [[], {}, [null, true, { é: 'ü' }]],
        when: NOW,
        reason: 'personal \u0000 text',
      };
      await appendAudit(db(), 'odd', [intent('x', odd)]);
      expect(await report()).toMatchObject({ ok: true, events: 1 });
    });

    it('keeps what is personal apart, so that it can be erased and the chain still holds', async () => {
      await empty();
      await appendAudit(db(), 'run_p', [intent('user.disable', { entity: 'user:eve', reason: 'seen in Lisbon' }), intent('x')]);
      const { rows } = await sql<{ chained: string }>`select string_agg(body::text || hash, '') as chained from audit_events`.execute(db());
      expect(rows[0]?.chained).not.toMatch(/eve|Lisbon/);
      await sql`update audit_events set personal = null`.execute(db());
      expect(await report()).toMatchObject({ ok: true, events: 2 });
    });

    it('tells exchanged personal data from erased', async () => {
      await empty();
      await append('run_p', 2);
      await sql`update audit_events set personal = jsonb_set(personal, '{entity}', '"user:somebody-else"') where seq = 2`.execute(db());
      expect((await report()).bad).toEqual({ stream: 'run_p', seq: 2, reason: 'personal-altered' });
    });

    it('never stores a secret that was handed to it', async () => {
      await empty();
      const body = {
        password: 'made-up-secret',
        says: 'Authorization: Bearer made-up-secret-token',
        nested: { apiKey: 'made-up-secret' },
        token: 'tok_01M7YXS88DNJN4M9MR3RZ6Q9S5',
      };
      await appendAudit(db(), 'admin', [{ at: NOW, code: 'token.created', actor: 'per_1', body }]);
      const { rows } = await sql<{ all: string }>`select body::text || personal::text as all from audit_events`.execute(db());
      expect(rows[0]?.all).not.toContain('made-up-secret');
      expect(rows[0]?.all).toContain('tok_01M7YXS88DNJN4M9MR3RZ6Q9S5');
    });

    it.each([
      [
        'an altered body',
        sql`update audit_events set body = '{"verb": "x"}' where stream = 'run_b' and seq = 3`,
        { seq: 3, reason: 'altered' },
      ],
      [
        'an instant moved by a microsecond',
        sql`update audit_events set at = at + interval '1 microsecond' where stream = 'run_b' and seq = 2`,
        { seq: 2, reason: 'altered' },
      ],
      ['another actor', sql`update audit_events set actor = 'per_other' where stream = 'run_b' and seq = 1`, { seq: 1, reason: 'altered' }],
      ['a deleted record', sql`delete from audit_events where stream = 'run_b' and seq = 3`, { seq: 3, reason: 'missing' }],
      ['a deleted first record', sql`delete from audit_events where stream = 'run_b' and seq = 1`, { seq: 1, reason: 'missing' }],
      ['a cut tail', sql`delete from audit_events where stream = 'run_b' and seq >= 4`, { seq: 4, reason: 'truncated' }],
      ['a deleted head', sql`delete from audit_heads where stream = 'run_b'`, { seq: 1, reason: 'no-head' }],
      [
        'a head set back',
        sql`update audit_heads set seq = 3, hash = (select hash from audit_events where stream = 'run_b' and seq = 3) where stream = 'run_b'`,
        { seq: 4, reason: 'no-head' },
      ],
      [
        'a closed gap',
        sql`delete from audit_events where stream = 'run_b' and seq = 2; update audit_events set seq = seq - 1 where stream = 'run_b' and seq > 2`,
        { seq: 2, reason: 'altered' },
      ],
    ])('finds %s, and names the first bad record', async (_, attack, expected) => {
      await empty();
      await append('run_a', 5);
      await append('run_b', 5);
      await append('run_c', 5);
      await attack.execute(db());
      const found = await report();
      expect(found.ok).toBe(false);
      expect(found.bad).toEqual({ stream: 'run_b', ...expected });
    });

    it('finds two records that changed places', async () => {
      await empty();
      await append('run_b', 4);
      await sql`update audit_events set seq = -seq where seq in (2, 3)`.execute(db());
      await sql`update audit_events set seq = 5 + seq where seq < 0`.execute(db());
      expect((await report()).bad).toEqual({ stream: 'run_b', seq: 2, reason: 'altered' });
    });

    it('finds a chain that was rewritten with good hashes, by its checkpoint', async () => {
      await empty();
      await append('run_b', 3);
      await anchored();
      await sql`delete from audit_events where stream = 'run_b'`.execute(db());
      await sql`delete from audit_heads where stream = 'run_b'`.execute(db());
      await append('run_b', 3);
      expect((await report()).bad).toEqual({ stream: 'run_b', seq: 3, reason: 'not-as-anchored' });
    });

    it('finds a stream that was removed as a whole, by its checkpoint', async () => {
      await empty();
      await append('run_a', 1);
      await append('run_b', 3);
      await anchored();
      await sql`delete from audit_events where stream = 'run_b'`.execute(db());
      await sql`delete from audit_heads where stream = 'run_b'`.execute(db());
      expect((await report()).bad).toEqual({ stream: 'run_b', seq: 3, reason: 'truncated' });
    });

    it('anchors only what has moved, and says what is not anchored yet', async () => {
      await empty();
      await append('run_a', 2);
      await append('run_b', 1);
      expect(await anchored()).toMatchObject({ count: 2, prev: '0'.repeat(64) });
      expect(await checkpoint(db(), sign, NOW)).toBeNull();
      await append('run_b', 2);
      expect(await report()).toMatchObject({
        ok: true,
        checkpoints: 1,
        unanchored: { events: 2, tails: [{ stream: 'run_b', from: 2, to: 3 }] },
      });
      expect(await anchored()).toMatchObject({ count: 1 });
      expect(await report()).toMatchObject({ ok: true, checkpoints: 2, unanchored: { events: 0, tails: [] } });
    });

    it.each([
      [
        'a forged signature',
        sql`update audit_checkpoints set signature = 'forged' where root = (select root from audit_checkpoints order by id limit 1)`,
        'signature',
      ],
      ['another time', sql`update audit_checkpoints set at = at - interval '1 hour'`, 'altered'],
      ['heads that were exchanged', sql`update audit_checkpoints set heads = '{"run_a": [1, "00"]}'`, 'altered'],
      ['a removed checkpoint', sql`delete from audit_checkpoints where id = (select min(id) from audit_checkpoints)`, 'unlinked'],
    ])('finds %s', async (_, attack, reason) => {
      await empty();
      await append('run_a', 1);
      await anchored();
      await append('run_a', 1);
      await anchored();
      await attack.execute(db());
      expect(await report()).toMatchObject({ ok: false, badCheckpoint: { reason } });
    });

    it('finds a log that was set back to an earlier state, checkpoints and all, by an anchor that was kept elsewhere', async () => {
      await empty();
      await append('run_a', 1);
      await anchored();
      await append('run_a', 1);
      const kept = await anchored();
      expect(await report([kept.digest])).toMatchObject({ ok: true });
      await sql`delete from audit_checkpoints where digest = ${kept.digest}`.execute(db());
      await sql`delete from audit_events where seq = 2`.execute(db());
      await sql`update audit_heads set seq = 1, hash = (select hash from audit_events where seq = 1)`.execute(db());
      expect(await report()).toMatchObject({ ok: true });
      expect(await report([kept.digest])).toMatchObject({ ok: false, badCheckpoint: { reason: 'anchor-missing' } });
    });

    it('undoes an append with the transaction around it', async () => {
      await empty();
      await append('run_a', 1);
      const failing = db()
        .transaction()
        .execute(async (trx) => {
          await appendAudit(trx, 'run_a', [intent('x')]);
          throw new Error('on purpose');
        });
      await expect(failing).rejects.toThrow('on purpose');
      expect(await append('run_a', 1)).toBe(2);
      expect(await report()).toMatchObject({ ok: true, events: 2 });
    });

    it('keeps 16 appends at once in one whole chain', async () => {
      await empty();
      const one = (at: number) =>
        db()
          .transaction()
          .execute((trx) => appendAudit(trx, 'run_a', [intent('x', { at }), intent('y', { at })]));
      const seqs = await Promise.all(Array.from({ length: 16 }, (_, at) => one(at)));
      expect([...seqs].sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, at) => 2 * at + 2));
      expect(await report()).toMatchObject({ ok: true, events: 32 });
    });

    it('appends to several streams in opposite orders at once without a deadlock', async () => {
      await empty();
      const events = (names: readonly string[]) => new Map(names.map((name) => [name, [intent('x')]] as const));
      const one = (names: readonly string[]) =>
        db()
          .transaction()
          .execute((trx) => appendAuditMany(trx, events(names)));
      await Promise.all(Array.from({ length: 16 }, (_, at) => one(at % 2 ? ['run_a', 'run_b'] : ['run_b', 'run_a'])));
      expect(await report()).toMatchObject({ ok: true, events: 32 });
    });

    it('verifies more records and streams than one page holds', async () => {
      await empty();
      for (const stream of ['intake', 'admin']) await append(stream, 2_500);
      for (let at = 0; at < 1_010; at++) await append(`run_${at}`, 1);
      expect(await anchored()).toMatchObject({ count: 1_000 });
      expect(await anchored()).toMatchObject({ count: 12 });
      expect(await report()).toMatchObject({ ok: true, streams: 1_012, events: 6_010, unanchored: { events: 0 } });
    });

    it('refuses what could be taken for another record: names with line breaks', async () => {
      await expect(appendAudit(db(), 'run_a\nx', [intent('x')])).rejects.toThrow('audit stream');
      await expect(appendAudit(db(), 'run_a', [{ ...intent('x'), actor: 'per_1\nrun.started' }])).rejects.toThrow('actor');
    });
  });
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}
