import { describe, expect, it } from '@jest/globals';
import { splitPersonal } from '../../audit/personal.ts';
import { redactFacts, redactText } from '../../audit/redact.ts';

const SECRET = 'made-up-secret-0123456789';

describe('redactFacts', () => {
  it.each([
    { password: SECRET },
    { Passwd: SECRET },
    { apiKey: SECRET },
    { 'api-key': SECRET },
    { authorization: SECRET },
    { set_cookie: SECRET },
    { clientSecret: SECRET },
    { access_token: SECRET },
    { private_key: { d: SECRET } },
    { deep: { list: [{ password: SECRET }] } },
    { tokens: [SECRET, { x: SECRET }] },
    { oneTimePassword: SECRET },
    { note: `Authorization: Bearer ${SECRET}` },
    { note: `basic ${SECRET}` },
    { note: `whsec_${SECRET.replaceAll('-', '')}` },
    { note: `see https://eve:${SECRET}@example.test/x` },
    { note: `ghp_${SECRET}` },
    { note: `xoxb-${SECRET}` },
    { note: `eyJhbGciOiJub25lIn0.${SECRET}.${SECRET}` },
    { note: `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----` },
    { [`Bearer ${SECRET}`]: 1 },
    { list: [`Bearer ${SECRET}`] },
  ])('lets no secret through: %j', (facts) => {
    const text = JSON.stringify(redactFacts(facts));
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(SECRET.replaceAll('-', ''));
  });

  it('leaves what people need to read', () => {
    const facts = {
      verb: 'user.disable',
      digest: 'a'.repeat(64),
      token: 'tok_01M7YXS88DNJN4M9MR3RZ6Q9S5',
      entity: 'user:eve@example.test',
      url: 'https://example.test/basic/bearer',
      tokenCount: 3,
      passwordChanged: true,
      why: null,
    };
    expect(redactFacts(facts)).toEqual(facts);
  });

  it('bounds what hostile input can store', () => {
    let deep: Record<string, unknown> = {};
    for (let level = 0; level < 10_000; level++) deep = { deep };
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`m${at}`, at]));
    const text = JSON.stringify(redactFacts({ deep, wide, long: 'x'.repeat(1_000_000), list: Array.from({ length: 5_000 }, () => 'y') }));
    expect(text.length).toBeLessThan(10_000);
    expect(text).toContain('"cut":4900');
  });

  it('takes linear time on texts made to be slow', () => {
    const slow = ['eyJ', 'bearer ', '://a:', '-----BEGIN ', 'sk-'].map((part) => part.repeat(1_000)).join('');
    expect(redactText(slow).length).toBeLessThanOrEqual(slow.length);
  });

  it('makes facts of anything', () => {
    const given = { when: new Date(0), big: 1n, nan: Number.NaN, fn: () => 1, none: undefined, symbol: Symbol('x'), ['__proto__']: 'kept' };
    const facts = redactFacts(given);
    expect(Object.entries(facts)).toEqual([
      ['when', '1970-01-01T00:00:00.000Z'],
      ['big', '1'],
      ['nan', null],
      ['symbol', null],
      ['__proto__', 'kept'],
    ]);
  });
});

describe('splitPersonal', () => {
  it('keeps names, addresses and what people wrote out of what is chained for ever', () => {
    const { chained, personal } = splitPersonal({
      verb: 'x',
      entity: 'user:eve',
      login: 'eve',
      reason: 'seen',
      peer: '192.0.2.1',
      key: 'k',
    });
    expect(chained).toEqual({ verb: 'x', key: 'k' });
    expect(personal).toEqual({ entity: 'user:eve', login: 'eve', reason: 'seen', peer: '192.0.2.1' });
    expect(splitPersonal({ verb: 'x' }).personal).toBeNull();
  });
});
