// cordon policy check and test: what a file says about itself, and what its cases find. Both need no server.
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cordon, folderWith } from './run.ts';

let folder: ReturnType<typeof folderWith> | undefined;
afterEach(() => folder?.remove());
const inFolder = async (files: Record<string, string>, ...args: string[]) => {
  folder = folderWith(files);
  const ran = await cordon(folder.path, 'policy', ...args);
  return { ...ran, path: folder.path };
};

const POLICY = `rules:
  - { name: dc, reason: It takes all with it., match: { verbs: [host.isolate], tags: [domain-controller] }, then: deny }
  - { name: office, reason: Somebody must be there., match: { outside: office }, then: { ask: { role: admin } } }
  - { name: unused, reason: No case reaches it., match: { names: [nobody] }, then: deny }
limits: [{ name: few, reason: Enough., at_most: 3, within: 1h, then: deny }]
hours: { office: { zone: Europe/Berlin, days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00" } }
`;
const entities = 'hosts: [{ name: dc-01, aliases: [dc-01.example.test], tags: [domain-controller] }]\n';

describe('cordon policy test', () => {
  it('is green for the policy that is shipped', async () => {
    // As its first lines say it: the inventory is the one beside it.
    const { code, out } = await cordon(process.cwd(), 'policy', 'test', 'worker/trial/policy.yaml');
    expect(out).toContain('targets are looked up in worker/trial/entities.yaml\n');
    expect(out).toContain('13 passed, 0 failed\n');
    expect(out).not.toContain('no case reaches');
    expect(code).toBe(0);
  });

  it('shows what was decided beside what was expected, with the place of the case and the rules that no case reaches', async () => {
    const cases = `cases:
  - { case: The controller stays, effect: { verb: host.isolate, target: DC-01.example.test }, expect: deny, rule: dc }
  - { case: At night too, effect: { verb: host.isolate, target: wks-1, at: "2026-11-20T23:00:00+01:00" }, expect: allow }
  - { case: By one admin, effect: { verb: host.isolate, target: wks-1, at: "2026-11-20T23:00:00+01:00" }, expect: { ask: { role: admin } } }
  - { case: The fourth waits, effect: { verb: host.isolate, target: wks-1, used: { few: 3 } }, expect: ask, rule: few }
`;
    const files = {
      'policy.yaml': POLICY,
      'policy.tests.yaml': cases,
      'entities.yaml': entities,
      'cordon.yaml': 'policy: policy.yaml\nentities: entities.yaml\n',
    };
    const { code, out, path } = await inFolder(files, 'test', '--junit', 'out/policy.xml');
    expect(code).toBe(1);
    expect(out).toContain(`  ✓ The controller stays
  ✗ At night too
      policy.tests.yaml:3
      - expected  allow
      + decided   ask: Somebody must be there.
        spoke: office
  ✓ By one admin
  ✗ The fourth waits
      policy.tests.yaml:5
      - expected  ask by few
      + decided   deny by few: Enough. (3 already)
        spoke: few
2 passed, 2 failed
no case reaches: unused
`);
    expect(readFileSync(`${path}/out/policy.xml`, 'utf8')).toContain('tests="4" failures="2"');
  });

  it('takes the inventory of cordon.yaml for its own policy, the one beside it for another, and says where there is none', async () => {
    const cases = 'cases: [{ case: c, effect: { verb: host.isolate, target: dc-01.example.test }, expect: deny }]';
    const files = { 'other/policy.yaml': POLICY, 'other/policy.tests.yaml': cases, 'policy.yaml': POLICY, 'policy.tests.yaml': cases };
    const config = { 'cordon.yaml': 'policy: policy.yaml\nentities: known.yaml\n', 'known.yaml': entities };
    expect(await inFolder({ ...files, ...config, 'entities.yaml': 'hosts: []\n' }, 'test')).toMatchObject({ code: 0 });
    folder?.remove();
    const there = await inFolder(
      { ...files, ...config, 'other/entities.yaml': entities, 'known.yaml': 'hosts: []\n' },
      'test',
      'other/policy.yaml',
    );
    expect(there).toMatchObject({ code: 0, out: expect.stringContaining('looked up in other/entities.yaml') });
    folder?.remove();
    const none = await inFolder(files, 'test');
    expect(none).toMatchObject({ code: 1, out: expect.stringMatching(/^no inventory: .*--entities/) });
    folder?.remove();
    expect(JSON.parse((await inFolder(files, 'test', '--json')).out)).toMatchObject({ ok: false, entities: null });
  });

  it('answers with --json, and says where a case itself is wrong', async () => {
    const good = 'cases: [{ case: c, effect: { verb: host.isolate, target: wks-1 }, expect: allow }]';
    const ran = await inFolder({ 'policy.yaml': POLICY, 'policy.tests.yaml': good }, 'test', '--json');
    expect(JSON.parse(ran.out)).toMatchObject({ ok: true, passed: 1, failed: 0, untested: ['dc', 'office', 'unused', 'few'] });
    folder?.remove();
    const wrong = `cases:
  - { case: c, effect: { verb: host.isolat, used: { fw: 1 }, at: today }, expect: alow }
  - { case: d, effect: { verb: host.isolat, used: { fw: 1 }, at: today }, expect: deny }
`;
    const { code, out } = await inFolder({ 'policy.yaml': POLICY, 'policy.tests.yaml': wrong }, 'test');
    expect(code).toBe(1);
    expect(out).toMatch(/policy\.tests\.yaml:3:32 .*VERB_UNKNOWN.*\n.*\n.*\n +=.*did you mean `host\.isolate`/);
    expect(out).toMatch(/policy\.tests\.yaml:3:53 .*NAME_UNKNOWN/);
    expect(out).toContain('`today` is no instant');
    expect(out).toMatch(/policy\.tests\.yaml:2:\d+ .*VALUE_TYPE/);
    expect(out).toContain('did you mean `allow`?');
  });

  it('without cases is wrong use, not a success', async () => {
    const { code, err } = await inFolder({ 'policy.yaml': POLICY }, 'test');
    expect(code).toBe(2);
    expect(err).toContain('policy.tests.yaml is not there');
  });
});

describe('cordon policy check', () => {
  it('says what is wrong, and exits with 1', async () => {
    const { code, out } = await inFolder({ 'policy.yaml': 'rules: [{ name: x, reason: y, then: denied }]\nlimit: []\n' }, 'check');
    expect(code).toBe(1);
    expect(out).toContain('policy.yaml:1:37');
    expect(out).toContain('did you mean `limits`');
    expect(out).toContain('it cannot be used');
  });

  it('says that a good one can be used', async () => {
    expect(await inFolder({ 'policy.yaml': POLICY }, 'check', '--json')).toMatchObject({ code: 0 });
  });
});
