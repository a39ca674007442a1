import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { hasCredential } from '../../server/credential.ts';
import { fullBucket, takeToken } from '../../server/rate-limit.ts';
import { isSigned, signPost } from '../../server/webhook-signature.ts';

/** Made up. */
const secret = `whsec_${Buffer.from('made-up-secret-for-tests-0000001').toString('base64')}`;
const now = new Date('2026-11-21T12:00:00.000Z');
const timestamp = String(now.getTime() / 1000);
const body = Buffer.from('{"id":"a"}');
const good = { id: 'msg_1', timestamp, signature: signPost('msg_1', timestamp, body, secret), body };
const base = good.signature.slice(3);

describe('the signature of a post', () => {
  it('is the one that the reference library makes', () => {
    expect(new Webhook(secret).sign('msg_1', now, body.toString())).toBe(good.signature);
    fc.assert(
      fc.property(fc.string(), fc.stringMatching(/^[a-z0-9_-]{1,40}$/), (text, id) => {
        const bytes = Buffer.from(text);
        // The library signs text, so text that survives UTF-8 only.
        if (bytes.toString() !== text) return true;
        return isSigned({ id, timestamp, signature: new Webhook(secret).sign(id, now, text), body: bytes }, [secret], now);
      }),
    );
  });

  it('may stand among others, old and new secret alike', () => {
    const other = signPost('msg_1', timestamp, body, `whsec_${Buffer.alloc(32, 7).toString('base64')}`);
    expect(isSigned({ ...good, signature: `v1a,xyz ${other} ${good.signature}` }, [secret], now)).toBe(true);
    expect(isSigned({ ...good, signature: other }, [`whsec_${Buffer.alloc(32, 7).toString('base64')}`, secret], now)).toBe(true);
  });

  it.each([
    ['upper-case version', `V1,${base}`],
    ['hex', `v1,${Buffer.from(base, 'base64').toString('hex')}`],
    ['url-safe base64', `v1,${Buffer.alloc(32, 255).toString('base64url')}`],
    ['no padding', `v1,${base.replace('=', '')}`],
    ['junk behind', `v1,${base}junk`],
    ['a third part', `v1,${base},junk`],
    ['truncated', `v1,${base.slice(0, 40)}`],
    ['blank within', `v1,${base.slice(0, 20)} ${base.slice(20)}`],
    ['changed last bits', `v1,${base.slice(0, 42)}${base[42] === 'A' ? 'B' : 'A'}=`],
    ['nothing', ''],
    ['ten others and it', `${Array.from({ length: 10 }, () => 'v1,x').join(' ')} ${good.signature}`],
  ])('is refused: %s', (_what, signature) => {
    expect(isSigned({ ...good, signature }, [secret], now)).toBe(false);
  });

  it.each([
    `${timestamp}abc`,
    ` ${timestamp}`,
    `+${timestamp}`,
    `${timestamp}.0`,
    `0${timestamp}`,
    `${timestamp}000`,
    '1e9',
    '',
    `${timestamp}\n`,
  ])('is refused with the timestamp %j', (wrong) => {
    expect(isSigned({ ...good, timestamp: wrong, signature: signPost('msg_1', wrong, body, secret) }, [secret], now)).toBe(false);
  });

  it.each(['a.b', `msg.${timestamp}`, '', 'a b', 'a\u0000', 'x'.repeat(201), 'ü'])('is refused with the id %j', (id) => {
    expect(isSigned({ ...good, id, signature: signPost(id, timestamp, body, secret) }, [secret], now)).toBe(false);
  });

  it('is over the bytes: a replacement character is not what it replaces', () => {
    const replaced = Buffer.from('{"id":"\ufffd"}');
    const raw = Buffer.concat([Buffer.from('{"id":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    const signature = signPost('msg_1', timestamp, replaced, secret);
    expect(isSigned({ ...good, body: raw, signature }, [secret], now)).toBe(false);
    expect(isSigned({ ...good, body: Buffer.from('{ "id": "a" }') }, [secret], now)).toBe(false);
  });

  it('never fits a secret that is too short, too long or not canonical', () => {
    for (const bytes of [1, 16, 23, 65, 200])
      expect(() => signPost('msg_1', timestamp, body, `whsec_${Buffer.alloc(bytes).toString('base64')}`)).toThrow();
    expect(isSigned(good, ['', 'whsec_', secret.slice(6), `${secret}=`], now)).toBe(false);
  });
});

describe('a credential', () => {
  const token = 'made-up-secret-0123456789';
  it.each([
    [`Bearer ${token}`, true],
    [`bearer ${token}`, true],
    [`Basic ${Buffer.from(`x:${token}`).toString('base64')}`, true],
    [`Basic ${Buffer.from(`${token}:x`).toString('base64')}`, false],
    [`Bearer ${token.slice(0, -1)}`, false],
    [`Bearer ${token} `, false],
    [token, false],
    [undefined, false],
    ['', false],
  ])('%s: %s', (authorization, fits) => {
    expect(hasCredential(authorization, [token])).toBe(fits);
  });

  it('never fits an empty or a short secret', () => {
    expect(hasCredential('Bearer short', ['short'])).toBe(false);
    expect(hasCredential(undefined, [''])).toBe(false);
  });
});

describe('a rate', () => {
  it('lets a burst through, then so many a second, and says when to come back', () => {
    const rate = { perSecond: 2, burst: 3 };
    let bucket = fullBucket(rate, 0);
    const tries = [0, 0, 0, 0, 500, 400, 1_000].map((atMs) => {
      const taken = takeToken(bucket, rate, atMs);
      bucket = taken.bucket;
      return taken.ok ? 'taken' : taken.waitSeconds;
    });
    expect(tries).toEqual(['taken', 'taken', 'taken', 0.5, 'taken', 0.5, 'taken']);
  });
});
