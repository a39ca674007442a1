// What a simulation says where there is much to say: many alike things, and a run that goes round and round.
import { expect, it } from '@jest/globals';
import { countedNames, foldLines } from '../../cli/fold.ts';
import type { Line } from '../../engine/simulation/compare.ts';
import { cordon, folderWith } from './run.ts';

const HEAD = 'title: t\nowner: o\ntriggers: [{ manual: {} }]\n';
const MANY = `playbook: many\n${HEAD}inputs: { hosts: { type: host, list: true } }
steps:
  - id: all
    for_each: { host: "\${{ inputs.hosts }}" }
    max: 100
    steps:
      - { id: off, do: host.isolate, with: { host: "\${{ host }}" }, hold: until_released }
`;
const ENDLESS = `playbook: endless\n${HEAD}inputs: { host: { type: host } }
steps:
  - repeat: { until: steps.look.isolated, every: 1s, for: 30d }
    steps:
      - { id: look, do: host.lookup, with: { host: "\${{ inputs.host }}" } }
`;

it('tells the first of many alike things and counts the others; JSON has all', async () => {
  const hosts = Array.from({ length: 40 }, (_, index) => `wks-${index}`);
  const folder = folderWith({ 'p/playbook.yaml': MANY, 'hosts.json': JSON.stringify({ hosts }) });
  const { code, out } = await cordon(folder.path, 'simulate', 'p', '--inputs', 'hosts.json');
  const json = JSON.parse((await cordon(folder.path, 'simulate', 'p', '--inputs', 'hosts.json', '--json')).out);
  folder.remove();
  expect(code).toBe(0);
  expect(out.split('\n').filter((line) => line.includes('host.isolate on wks-'))).toHaveLength(5);
  expect(out).toMatch(/off +… 35 more like these, until here: changed host.isolate/);
  expect(out).toContain('still held: off (40 times)');
  expect(json.happenings).toHaveLength(41);
  expect(json.held).toHaveLength(40);
});

it('warns of a run that does not end by itself, and says where it goes round', async () => {
  const folder = folderWith({ 'p/playbook.yaml': ENDLESS, 'host.json': '{ "host": "wks-1" }' });
  const { code, out } = await cordon(folder.path, 'simulate', 'p', '--inputs', 'host.json');
  folder.remove();
  expect(code).toBe(1);
  expect(out).toMatch(
    /warning: does not end by itself: given up \S+ after its start\. It goes round through `look` \(line 9\), so far \d+ times/,
  );
  expect(out).not.toContain('ends as');
});

it('shows whatever was expected, and whatever there are few of', () => {
  const line = (step: string, expected = false): Line => ({
    kind: 'happened',
    happening: { atMs: 0, step, key: step, what: 'done' },
    expected,
  });
  const lines = [...Array.from({ length: 6 }, () => line('few')), ...Array.from({ length: 9 }, () => line('many', true))];
  expect(foldLines(lines)).toEqual(lines);
  expect(countedNames(['a', 'b', 'a'])).toBe('a (2 times), b');
});
