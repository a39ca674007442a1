// The small parts: Retry-After, secrets, references, parameters.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectorFailure, type Entity } from '../../connectors/connector.ts';
import { matchExactly } from '../../connectors/exact-match.ts';
import { durationSeconds, host, ip, message, url, user } from '../../connectors/params.ts';
import { parseRetryAfter } from '../../connectors/retry-after.ts';
import { Secret, secretResolver } from '../../connectors/secret.ts';
import { failureOf } from './runtime.ts';

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    ['5', 5_000],
    [' 5 ', 5_000],
    ['0', 0],
    ['-5', 0],
    ['1e9', 300_000],
    ['1000000000', 300_000],
    ['2.5', 2_500],
    ['Thu, 01 Jan 2026 00:00:09 GMT', 9_000],
    ['Thu, 01 Jan 2020 00:00:00 GMT', 0],
    ['Fri, 01 Jan 2027 00:00:00 GMT', 300_000],
    ['', undefined],
    ['soon', undefined],
    ['NaN', undefined],
    [undefined, undefined],
  ])('%p is %p ms', (header, expected) => {
    expect(parseRetryAfter(header, now)).toBe(expected);
  });
});

describe('secrets', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cordon-secret-'));
    writeFileSync(join(folder, 'token'), 'made-up-secret\n');
    writeFileSync(join(folder, 'empty'), '\n');
    writeFileSync(join(folder, 'large'), 'x'.repeat(70_000));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const resolve = (reference: string) => secretResolver({ env: { TOKEN: 'made-up-secret', EMPTY: '' }, folder })(reference);

  it('come from the environment and from files, without the last line break', async () => {
    expect((await resolve('env:TOKEN')).reveal()).toBe('made-up-secret');
    expect((await resolve('file:token')).reveal()).toBe('made-up-secret');
    expect((await resolve(`file:${folder}/token`)).reveal()).toBe('made-up-secret');
  });

  it.each([
    'env:MISSING',
    'env:EMPTY',
    'file:missing',
    'file:empty',
    'file:large',
    'file:.',
    'made-up-secret',
    'vault:x',
    'env:',
    'env:A-B',
    '',
  ])('%p is missing', async (reference) => {
    const failure = await failureOf(resolve(reference));
    expect([failure.kind, failure.code]).toEqual(['permanent', 'SECRET_MISSING']);
    expect(failure.message).not.toContain('made-up-secret');
  });

  it('that are rotated in their file are picked up, and one that is removed is missing', async () => {
    const rotating = secretResolver({ env: {}, folder });
    const read = async () => (await rotating('file:rotated')).reveal();
    writeFileSync(join(folder, 'rotated'), 'made-up-first');
    expect([await read(), await read()]).toEqual(['made-up-first', 'made-up-first']);
    writeFileSync(join(folder, 'rotated'), 'made-up-second');
    expect(await read()).toBe('made-up-second');
    rmSync(join(folder, 'rotated'));
    await expect(read()).rejects.toMatchObject({ code: 'SECRET_MISSING' });
  });

  it('cannot be printed by accident', () => {
    const secret = new Secret('made-up-secret');
    const printed = [
      String(secret),
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }, { showHidden: true, depth: 9 }),
      Object.values(secret).join(),
      JSON.stringify({ ...secret }),
    ];
    for (const each of printed) expect(each).not.toContain('made-up');
    expect(String(secret)).toBe('[secret]');
  });
});

describe('exact matches', () => {
  const thing = (id: string): Entity => ({ kind: 'user', id, name: id, aliases: [] });
  const lookups = (found: Readonly<Record<string, readonly string[]>>) => ({
    id: async (value: string) => (found[`id ${value}`] ?? []).map(thing),
    name: async (value: string) => (found[`name ${value}`] ?? []).map(thing),
    email: async (value: string) => (found[`email ${value}`] ?? []).map(thing),
  });
  const ids = async (ref: object, found: Readonly<Record<string, readonly string[]>>) =>
    (await matchExactly('user', ref, lookups(found))).map((each) => each.id);

  it('members that agree leave one thing, even where a name alone would be several', async () => {
    expect(await ids({ id: 'a', name: 'Eve' }, { 'id a': ['1'], 'name Eve': ['1', '2'] })).toEqual(['1']);
  });
  it('members that contradict each other leave all, so that nobody picks one', async () => {
    expect(await ids({ id: 'a', email: 'b' }, { 'id a': ['1'], 'email b': ['2'] })).toEqual(['1', '2']);
  });
  it("another product's id is passed over", async () => {
    expect(await ids({ id: 'foreign', email: 'b' }, { 'email b': ['2'] })).toEqual(['2']);
  });
  it('several people of one name are several', async () => {
    expect(await ids({ name: 'Eve' }, { 'name Eve': ['1', '2'] })).toEqual(['1', '2']);
  });
  it.each([{}, { name: '' }, { ip: '10.0.0.1' }])('%p names nothing here and is refused', async (ref) => {
    await expect(ids(ref, {})).rejects.toEqual(expect.any(ConnectorFailure));
  });
});

describe('parameters', () => {
  it.each([
    {},
    { id: '' },
    { name: 'a\0b' },
    { email: 'a\r\nb' },
    { id: 'x'.repeat(501) },
    { id: null },
    { id: ['a'] },
    '  ',
    'a\0b',
    null,
    [],
  ])('%p is no user', (value) => {
    expect(user.safeParse(value).success).toBe(false);
    expect(host.safeParse(value).success).toBe(false);
  });
  it('text names whatever has exactly this among its names', () => {
    expect(user.parse(' eve@example.test ')).toEqual({ id: 'eve@example.test', name: 'eve@example.test', email: 'eve@example.test' });
    expect(host.parse('10.0.0.7')).toEqual({ id: '10.0.0.7', name: '10.0.0.7', ip: '10.0.0.7' });
  });
  it('an address is one address, in one spelling', () => {
    expect(ip.parse('2001:DB8:0::1')).toBe('2001:db8::1');
    for (const each of ['10.0.0.0/8', '*', '', '0x7f.1', 'any', '1.2.3.4, 5.6.7.8', 'fe80::1%eth0'])
      expect(ip.safeParse(each).success).toBe(false);
  });
  it('a URL is an http(s) URL', () => {
    for (const each of ['javascript:alert(1)', 'file:///etc/passwd', 'x', '']) expect(url.safeParse(each).success).toBe(false);
    expect(url.safeParse('https://a.example/x?y').success).toBe(true);
  });
  it('a message that names nothing is none', () => {
    expect(message.safeParse({}).success).toBe(false);
    expect(message.safeParse({ id: '' }).success).toBe(false);
  });
  it('durations', () => {
    expect(['14d', '1h30m', '500ms', '1w'].map(durationSeconds)).toEqual([1_209_600, 5_400, 0.5, 604_800]);
  });
});
