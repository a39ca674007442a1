import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { cordon, folderWith } from './run.ts';

const PLAYBOOK = `
playbook: contain
title: Contain an account
description: For tests.
owner: tests
inputs:
  user: { type: user }
triggers:
  - alert: { source: plain, min_severity: high }
    when: size(alert.users) == 1
    with: { user: "\${{ alert.users[0] }}" }
  - manual: {}
steps:
  - id: disable
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    approve: { by: { role: responder }, within: 15m }
    hold: until_released
    on_denied: continue
  - id: verdict
    ask: { to: { role: analyst }, title: Is it true?, choices: ["yes", "no"], within: 8h, else: "yes" }
  - when: steps.verdict.answer == 'no'
    undo: all
`;

const alert = '{ severity: high, users: [{ id: user-007, name: Eve Adams }] }';
const GOOD = `
scenario: A false positive is undone
alert: ${alert}
people:
  - { approve: disable, after: 2m, by: Ann }
  - { answer: verdict, with: "no", at: 1h, by: Ben }
expect:
  - { disable: changed, at: 2m }
  - { disable: undone, at: 1h }
outcome: completed
held: []
`;
const BAD = `
scenario: It is thought to stay
alert: ${alert}
people: [{ approve: disable }, { answer: verdict, with: "no" }]
expect:
  - { disable: changed, at: 5m }
held: [disable]
never: [user.disable]
`;

const good = folderWith({ 'playbooks/contain/playbook.yaml': PLAYBOOK, 'playbooks/contain/scenarios/good.yaml': GOOD });
const bad = folderWith({
  'playbooks/contain/playbook.yaml': PLAYBOOK,
  'playbooks/contain/scenarios/good.yaml': GOOD,
  'playbooks/contain/scenarios/bad.yaml': BAD,
});
const broken = folderWith({
  'playbooks/contain/playbook.yaml': PLAYBOOK.replace('user.disable', 'user.disble'),
  'playbooks/contain/scenarios/good.yaml': GOOD,
});
const bare = folderWith({ 'playbooks/contain/playbook.yaml': PLAYBOOK });
afterAll(() => {
  for (const folder of [good, bad, broken, bare]) folder.remove();
});

describe('cordon validate', () => {
  it('says yes to what is right', async () => {
    expect(await cordon(good.path, 'validate')).toEqual({ code: 0, out: '0 errors, 0 warnings in 1 playbook and 1 scenario\n', err: '' });
  });

  it('shows each fault with its place and exits with 1', async () => {
    const { code, out } = await cordon(broken.path, 'validate');
    expect(code).toBe(1);
    expect(out).toContain('playbooks/contain/playbook.yaml:15:9 error');
    expect(out).toContain('did you mean `user.disable`?');
  });

  it('checks scenarios against the steps of their playbook', async () => {
    const folder = folderWith({ 'p/playbook.yaml': PLAYBOOK, 'p/scenarios/s.yaml': GOOD.replace('disable: undone', 'disble: undone') });
    const { code, out } = await cordon(folder.path, 'validate', 'p');
    folder.remove();
    expect(code).toBe(1);
    expect(out).toContain('p/scenarios/s.yaml:9:5 error VALUE_UNKNOWN `disble` is no step of the playbook');
  });

  it('asks the policy that cordon.yaml names, unless it is told not to', async () => {
    const policy =
      'rules:\n  - name: two\n    reason: Accounts are asked about\n    match: { verbs: [user.disable] }\n    then: { ask: { role: responder, count: 2 } }\n';
    const folder = folderWith({
      'playbooks/p/playbook.yaml': PLAYBOOK.replace(/ +approve:.*\n/, '').replace(/ +on_denied:.*\n/, ''),
      'playbooks/p/scenarios/s.yaml': GOOD,
      'cordon.yaml': 'policy: policy.yaml\n',
      'policy.yaml': policy,
    });
    const asked = await cordon(folder.path, 'validate');
    const named = await cordon(folder.path, 'validate', '--policy', 'policy.yaml');
    const unasked = await cordon(folder.path, 'validate', '--no-policy');
    const json = await cordon(folder.path, 'validate', '--json');
    folder.remove();
    expect(asked.out).toContain('the policy asks 2 responder before `user.disable` (rule `two`)');
    expect(asked.out).toContain('in 1 playbook and 1 scenario, by the policy policy.yaml');
    expect(named).toEqual(asked);
    expect(unasked).toEqual({ code: 0, out: '0 errors, 0 warnings in 1 playbook and 1 scenario\n', err: '' });
    expect(JSON.parse(json.out)).toMatchObject({ policy: 'policy.yaml' });
  });

  it('prints one JSON value for scripts', async () => {
    const { code, out } = await cordon(broken.path, 'validate', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ ok: false, playbooks: 1, diagnostics: [{ line: 15, column: 9, severity: 'error' }] });
  });

  it.each([['nowhere'], ['.']])('calls %s wrong use where there is no playbook', async (path) => {
    const folder = folderWith({ 'readme.txt': 'x' });
    const { code, err } = await cordon(folder.path, 'validate', path);
    folder.remove();
    expect(code).toBe(2);
    expect(err).toMatch(/PATH_NOT_FOUND|NO_PLAYBOOKS/);
  });
});

describe('cordon test', () => {
  it('passes scenarios that hold and names what none of them reaches', async () => {
    const { code, out } = await cordon(good.path, 'test');
    expect(code).toBe(0);
    expect(out).toContain('✓ A false positive is undone  1h simulated');
    expect(out).toContain('reached: 3 of 3 steps');
    expect(out).toContain('line 14: disable is never denied');
    expect(out).toContain('0 of 1 targets');
    expect(out).toContain('line 14: disable may act on anything: no scenario says `on`');
    expect(out).toContain('1 passed, 0 failed in 1 playbook');
  });

  it('shows what happened beside what was expected, and exits with 1', async () => {
    const { code, out } = await cordon(bad.path, 'test');
    expect(code).toBe(1);
    expect(out).toContain('✗ It is thought to stay');
    expect(out).toMatch(/✗ +5m +disable +changed at 5m: missing; it happened at 0s/);
    expect(out).toMatch(/ +0s +disable +approved by a person/);
    expect(out).toContain('disable is not still held at the end');
    expect(out).toContain('user.disable was sent by step disable on Eve Adams (user-007), and user.disable must never be');
    expect(out).toContain('1 passed, 1 failed in 1 playbook');
  });

  it('runs one scenario by its file', async () => {
    const { code, out } = await cordon(bad.path, 'test', 'playbooks/contain/scenarios/good.yaml');
    expect(code).toBe(0);
    expect(out).toContain('1 passed, 0 failed');
  });

  it('prints one JSON value with everything that happened', async () => {
    const { code, out } = await cordon(bad.path, 'test', '--json');
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      passed: 1,
      failed: 1,
      playbooks: [
        {
          scenarios: [
            { ok: false, missing: [{ step: 'disable' }] },
            { ok: true, outcome: 'completed' },
          ],
        },
      ],
    });
  });

  it('says on whom it was instead, with the place of the expectation: on the terminal, as JSON and as JUnit', async () => {
    const wrong = GOOD.replace('disable: changed', 'disable: changed, on: user-008').replace(
      'held: []',
      'held: [{ step: disable, on: user-008 }]',
    );
    const folder = folderWith({ 'p/playbook.yaml': PLAYBOOK, 'p/scenarios/wrong.yaml': wrong });
    const { code, out } = await cordon(folder.path, 'test', 'p', '--junit', 'j.xml');
    const json = JSON.parse((await cordon(folder.path, 'test', 'p', '--json')).out);
    const xml = readFileSync(join(folder.path, 'j.xml'), 'utf8');
    folder.remove();
    expect(code).toBe(1);
    const told = 'p/scenarios/wrong.yaml:8:5 expected: disable changed on user-008 at 2m; it was on Eve Adams (user-007)';
    expect(out).toContain(`✗ ${told}`);
    expect(xml).toContain(told);
    expect(out).toContain('p/scenarios/wrong.yaml:11:8 disable on user-008 is not still held at the end');
    expect(json.playbooks[0].scenarios[0]).toMatchObject({
      missing: [{ step: 'disable', what: 'changed', on: 'user-008', line: 8, column: 5 }],
      faults: [
        { message: expect.stringContaining('it was on Eve Adams (user-007)'), line: 8, column: 5 },
        { line: 11, column: 8 },
      ],
      undone: [{ step: 'disable', verb: 'user.disable', params: { user: { id: 'user-007', name: 'Eve Adams' } } }],
    });
  });

  it.each([
    ['without scenarios', bare.path, 'has no scenarios'],
    ['that is broken', broken.path, 'did you mean `user.disable`?'],
  ])('fails for a playbook %s', async (_, path, words) => {
    const { code, out } = await cordon(path, 'test');
    expect(code).toBe(1);
    expect(out).toContain(words);
  });

  it('lets a scenario expect that nothing starts, and says why when it did not expect it', async () => {
    const low = alert.replace('high', 'low');
    const meant = `scenario: Too low\nalert: ${low}\noutcome: not-started\n`;
    const folder = folderWith({
      'p/playbook.yaml': PLAYBOOK,
      'p/scenarios/a.yaml': meant,
      'p/scenarios/b.yaml': GOOD.replace('severity: high', 'severity: low'),
    });
    const { code, out } = await cordon(folder.path, 'test', 'p');
    folder.remove();
    expect(code).toBe(1);
    expect(out).toContain('✓ Too low');
    expect(out).toContain('the playbook does not start: not matched: severity low < high');
  });

  it('fails where the scenarios reach less than is asked for, and names what', async () => {
    const { code, out } = await cordon(good.path, 'test', '--coverage-min', '100');
    expect(code).toBe(1);
    expect(out).toContain('✗ contain: its scenarios reach less than 100 %');
    const held = GOOD.replace('disable: changed', 'disable: changed, on: user-007');
    const told = folderWith({ 'p/playbook.yaml': PLAYBOOK, 'p/scenarios/good.yaml': held });
    expect((await cordon(told.path, 'test', 'p', '--coverage-min', '30')).code).toBe(0);
    told.remove();
    expect((await cordon(good.path, 'test', '--coverage-min', '101')).code).toBe(2);
  });

  it('writes JUnit XML that says which scenario failed and why', async () => {
    const { code } = await cordon(bad.path, 'test', '--junit', 'reports/junit.xml', '--coverage-min', '100');
    expect(code).toBe(1);
    const xml = readFileSync(join(bad.path, 'reports/junit.xml'), 'utf8');
    expect(xml).toContain('<testsuites name="cordon test" tests="3" failures="2">');
    expect(xml).toContain('<testcase classname="contain" name="A false positive is undone" file="playbooks/contain/scenarios/good.yaml"/>');
    expect(xml).toMatch(/name="It is thought to stay"[^>]*>\s*<failure message="[^"]*user\.disable was sent by step disable/);
    expect(xml).toMatch(/name="scenarios reach 100 % of steps, branches and targets"[^>]*>\s*<failure/);
  });

  it('names a playbook that cannot be read in the JUnit XML, as text', async () => {
    const folder = folderWith({ 'p/playbook.yaml': PLAYBOOK.replace('user.disable', '"</failure><x>"') });
    await cordon(folder.path, 'test', 'p', '--junit', 'j.xml');
    const xml = readFileSync(join(folder.path, 'j.xml'), 'utf8');
    folder.remove();
    expect(xml).toContain('name="can be tested"');
    expect(xml).not.toContain('<x>');
  });

  it('sends no control character of a scenario to the terminal', async () => {
    const evil = GOOD.replace('A false positive is undone', '"\\e[2J\\e[31mpwned"');
    const folder = folderWith({ 'p/playbook.yaml': PLAYBOOK, 'p/scenarios/a.yaml': evil });
    const { out } = await cordon(folder.path, 'test', 'p');
    folder.remove();
    expect(out).toContain('pwned');
    expect(out).not.toContain('\u001b');
  });
});

describe('cordon simulate', () => {
  it('shows what would happen while people are silent', async () => {
    const folder = folderWith({ 'p/playbook.yaml': PLAYBOOK, 'alert.json': '{"severity":"high","users":[{"id":"user-007"}]}' });
    const { code, out } = await cordon(folder.path, 'simulate', 'p', '--alert', 'alert.json');
    const approved = await cordon(folder.path, 'simulate', 'p', '--alert', 'alert.json', '--approve');
    folder.remove();
    expect(code).toBe(0);
    expect(out).toContain('matched: source plain, severity high >= high');
    expect(out).toMatch(/15m +disable +expired/);
    expect(out).toContain('still held: nothing');
    expect(approved.out).toMatch(/0s +disable +changed user.disable on user-007 by person 1/);
    expect(approved.out).toContain('still held: disable on user-007');
  });

  it('asks the policy that it is given, and says which rule spoke', async () => {
    const folder = folderWith({
      'p/playbook.yaml': PLAYBOOK,
      'entities.yaml': 'people: [{ name: user-007, tags: [break-glass] }, { name: user-008, criticality: critical }]\n',
      'cordon.yaml': 'policy: policy.yaml\nentities: entities.yaml\n',
      'policy.yaml': [
        'rules:',
        '  - { name: glass, reason: It must work., match: { verbs: [user.disable], tags: [break-glass] }, then: deny }',
        '  - { name: two, reason: Two look., match: { criticality: [critical] }, then: { ask: { role: responder, count: 2 } } }',
        '',
      ].join('\n'),
    });
    for (const user of ['user-007', 'user-008', 'user-009']) writeFileSync(join(folder.path, user), `{"user":{"id":"${user}"}}`);
    const simulated = async (user: string, ...more: string[]) =>
      (await cordon(folder.path, 'simulate', 'p', '--inputs', user, '--approve', ...more)).out;
    const [refused, asked, free, without] = [
      await simulated('user-007'),
      await simulated('user-008'),
      await simulated('user-009'),
      await simulated('user-007', '--no-policy'),
    ];
    const json = JSON.parse(await simulated('user-007', '--json'));
    folder.remove();
    expect(refused).toMatch(/disable +denied user\.disable on user-007 \(POLICY_DENIED: refused by glass: It must work\.\)/);
    expect(refused).toMatch(/refuses +disable user\.disable user-007 +glass: It must work\./);
    expect(asked).toMatch(/disable +changed user\.disable on user-008 by person 2/);
    expect(asked).toMatch(/asks +disable user\.disable user-008 +two: Two look\./);
    expect(free).toMatch(/changed user\.disable on user-009 by person 1\n/);
    expect(free).toContain('policy policy.yaml: has nothing against it');
    expect(without).toContain('policy: none was asked');
    expect(without).toMatch(/changed user\.disable on user-007 by person 1/);
    expect(json.happenings).toContainEqual(
      expect.objectContaining({ step: 'disable', policy: { effect: 'deny', rule: 'glass', reason: 'It must work.' } }),
    );
  });

  it('tests scenarios against a policy: one that refuses an effect makes what counted on it fail', async () => {
    const refuse = 'rules: [{ name: never, reason: Not here., match: { verbs: [user.disable] }, then: deny }]\n';
    const folder = folderWith({ 'p/playbook.yaml': PLAYBOOK, 'p/scenarios/good.yaml': GOOD, 'policy.yaml': refuse });
    const [without, under] = [await cordon(folder.path, 'test', 'p'), await cordon(folder.path, 'test', 'p', '--policy', 'policy.yaml')];
    folder.remove();
    expect([without.code, under.code]).toEqual([0, 1]);
    expect(under.out).toContain('refused by never: Not here.');
  });

  it('says why an alert does not start it, and exits with 1', async () => {
    const { code, out } = await cordon(good.path, 'simulate', 'playbooks/contain', '--sample', 'malware');
    expect(code).toBe(1);
    expect(out).toContain('contain does not start: not matched: when size(alert.users) == 1 is false');
  });

  it.each([
    [['--sample', 'nobody'], 'there is no sample nobody'],
    [[], 'give one of --alert, --sample and --inputs'],
    [['--alert', 'nowhere.json'], 'cannot be read'],
    [['--alert', 'playbooks/contain/scenarios/good.yaml', '--sample', 'travel'], 'give one of'],
  ])('calls %j wrong use', async (more, words) => {
    const { code, err } = await cordon(good.path, 'simulate', 'playbooks/contain', ...more);
    expect(code).toBe(2);
    expect(err).toContain(words);
  });
});
