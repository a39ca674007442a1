// Whoever follows a hint must not be told to set what does not exist.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { hostRefused } from '../../connectors/guarded-lookup.ts';
import { configFile } from '../../worker/config-file.ts';
import { OTHER_VARIABLES, SETTINGS } from '../../worker/settings.ts';

const SHIPPED =
  /^(README|SECURITY|docs\/[a-z-]+\.md|(alerts|activities|audit|channels|cli|connectors|console|dispatch|language|policy|server|store|triggers|worker)\/)/;
const texts = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8' })
  .split('\0')
  .filter((path) => SHIPPED.test(path) && /\.(ts|tsx|md)$/.test(path))
  .map((path) => ({ path, text: readFileSync(path, 'utf8') }));

/** What is found of `named`, and not among `known`, with its file. */
const unknown = (named: RegExp, known: ReadonlySet<string>) =>
  texts.flatMap(({ path, text }) => [...text.matchAll(named)].flatMap(([, name = '']) => (known.has(name) ? [] : [`${path}: ${name}`])));

it('every variable that is named is one', () => {
  const known = new Set([...Object.values(SETTINGS).map(({ env }) => env), ...OTHER_VARIABLES]);
  expect(unknown(/\b(CORDON_[A-Z_]+[A-Z])\b/g, known)).toEqual([]);
});

it('every key of cordon.yaml that is named is one', () => {
  const known = new Set([...Object.values(SETTINGS).flatMap(({ key }) => key ?? []), ...Object.keys(configFile.shape)]);
  expect(unknown(/cordon\.yaml(?: \(|: )([a-z_]+)(?=[:.])/g, known)).toEqual([]);
  expect(unknown(/\b([a-z_]+): in cordon\.yaml/g, known)).toEqual([]);
  expect(unknown(/"([a-z_]+)" in the configuration/g, known)).toEqual([]);
});

it.each(['erp.example.org', '10.1.2.3', 'fd00::1'])('what the refusal of %s says to write is taken as it stands, and names it', (host) => {
  const written = /outgoing: \{.*?\}/.exec(hostRefused(host).message)?.[0] ?? '';
  const parsed = configFile.parse(parse(written));
  expect([...(parsed.outgoing?.networks ?? []), ...(parsed.outgoing?.private_hosts ?? [])]).toEqual([host]);
});
