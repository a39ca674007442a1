import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import type { Alert } from '../../alerts/alert.ts';
import { normalisePlain } from '../../alerts/plain.ts';
import { type SampleName, sampleAlert } from '../../alerts/samples.ts';
import { readPlaybook } from '../../language/parse.ts';
import type { Plan } from '../../language/plan.ts';
import { type Candidate, decideTriggers, isManual, manualInputs } from '../../triggers/decide.ts';

const NOW = 1_772_600_000_000;
const HOUR = 3_600_000;

function planOf(text: string): Plan {
  const { plan, diagnostics } = readPlaybook(text, 'p.yaml');
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  return plan;
}
const candidateOf = (plan: Plan): Candidate => ({ playbook: plan.playbook, digest: `digest of ${plan.playbook}`, mode: 'act', plan });
const shipped = ['contain-compromised-account', 'malware-on-host', 'report-phishing'].map((name) =>
  candidateOf(planOf(readFileSync(new URL(`../../playbooks/${name}/playbook.yaml`, import.meta.url), 'utf8'))),
);

function alertOf(sample: SampleName, more: Partial<Alert> = {}): Alert {
  const normalised = normalisePlain(sampleAlert(sample, 'a-1', '2026-03-04T05:06:07Z'), 'plain');
  const [alert] = normalised.ok ? normalised.alerts : [];
  if (!alert) throw new Error('the sample is not an alert');
  return { ...alert, ...more };
}

const made = (trigger: string, inputs = '{ user: { type: user } }'): Candidate =>
  candidateOf(planOf(`playbook: made\ntitle: t\nowner: o\ninputs: ${inputs}\ntriggers:\n  - ${trigger}\nsteps: [{ undo: all }]\n`));
const PLAIN = 'alert: { source: plain, min_severity: medium }\n    with: { user: "${{ alert.users[0] }}" }';

describe('the shipped playbooks', () => {
  it.each([
    ['travel', ['start', 'no_match', 'no_match']],
    ['malware', ['no_match', 'start', 'no_match']],
    ['domain-controller', ['no_match', 'start', 'no_match']],
    ['phishing', ['no_match', 'no_match', 'start']],
  ] as const)('the sample %s starts only its own', (sample, kinds) => {
    expect(decideTriggers(alertOf(sample), shipped, NOW, []).map((decision) => decision.kind)).toEqual(kinds);
  });

  it.each([
    ['command-and-control', { domains: ['a.invalid', 'b.invalid'] }, { domains: ['c.invalid'] }],
    ['contain-compromised-account', {}, { hosts: [{ id: 'wks-002' }] }],
  ])('%s: a second alert about the same joins, and one that names something else to contain does not', (name, first, other) => {
    const candidate = candidateOf(planOf(readFileSync(new URL(`../../playbooks/${name}/playbook.yaml`, import.meta.url), 'utf8')));
    const decide = (more: Readonly<Record<string, unknown>>, open: Parameters<typeof decideTriggers>[3]) => {
      const data = name === 'command-and-control' ? { category: 'command-and-control' } : {};
      const body = { title: 'T', severity: 'high', users: [{ id: 'user-001' }], hosts: [{ id: 'wks-001' }], ips: ['203.0.113.7'], data };
      const read = normalisePlain({ id: 'a', ...body, ...more }, 'plain');
      const [decision] = read.ok && read.alerts[0] ? decideTriggers(read.alerts[0], [candidate], NOW, open) : [];
      return decision;
    };
    const start = decide(first, []);
    const dedupeKey = start?.kind === 'start' ? (start.dedupeKey ?? '') : '';
    const open = [{ runId: 'run_1', playbook: name, dedupeKey, untilMs: NOW + HOUR }];
    expect(decide(first, open)).toMatchObject({ kind: 'join', runId: 'run_1' });
    expect(decide({ ...first, ...other }, open)).toMatchObject({ kind: 'start' });
  });

  it('malware with very many or very long domains is answered all the same', () => {
    const candidate = candidateOf(
      planOf(readFileSync(new URL('../../playbooks/command-and-control/playbook.yaml', import.meta.url), 'utf8')),
    );
    const long = `${'a'.repeat(60)}.${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}`;
    const domains = ['one', 'two', 'three', 'four'].map((name) => `${name}.${long}.invalid`.slice(-250));
    const body = { id: 'a', title: 'T', severity: 'high', hosts: [{ id: 'wks-001' }], domains, data: { category: 'command-and-control' } };
    const read = normalisePlain(body, 'plain');
    expect(read.ok && read.alerts[0] && decideTriggers(read.alerts[0], [candidate], NOW, [])).toMatchObject([{ kind: 'start' }]);
  });

  it('the alert of each scenario starts its own playbook alone', () => {
    const folder = new URL('../../playbooks/', import.meta.url);
    const all = readdirSync(folder).map((name) => candidateOf(planOf(readFileSync(new URL(`${name}/playbook.yaml`, folder), 'utf8'))));
    const started: string[] = [];
    for (const { playbook } of all) {
      for (const file of readdirSync(new URL(`${playbook}/scenarios/`, folder))) {
        const scenario = parse(readFileSync(new URL(`${playbook}/scenarios/${file}`, folder), 'utf8'));
        if (typeof scenario.alert !== 'object' || scenario.outcome === 'not-started') continue;
        const normalised = normalisePlain({ id: 'a-1', ...scenario.alert }, 'plain');
        const alerts = normalised.ok ? normalised.alerts : [];
        const starts = alerts.flatMap((alert) => decideTriggers(alert, all, NOW, []).filter((one) => one.kind === 'start'));
        expect({ file, starts: starts.map((one) => one.playbook) }).toEqual({ file, starts: [playbook] });
        started.push(playbook);
      }
    }
    expect(new Set(started).size).toBeGreaterThanOrEqual(14);
  });

  it('the sample travel fills user, host and address, and says why', () => {
    const [decision] = decideTriggers(alertOf('travel'), shipped, NOW, []);
    expect(decision).toMatchObject({
      kind: 'start',
      inputs: { user: { id: 'user-007' }, host: { id: 'wks-007' }, ip: '203.0.113.50' },
      dedupeKey: 'user-007 wks-007',
      dedupeWithinMs: 4 * HOUR,
    });
    expect(decision?.reason).toMatch(/^matched: source plain, severity high >= high, when size\(alert\.users\) == 1/);
  });

  it('an alert below the severity, or of another source, says what it misses', () => {
    expect(decideTriggers(alertOf('travel', { severity: 'low', severity_id: 2 }), shipped, NOW, [])[0]?.reason).toBe(
      'not matched: severity low < high',
    );
    expect(decideTriggers(alertOf('travel', { source: 'okta' }), shipped, NOW, [])[0]?.reason).toBe(
      'not matched: source okta is not plain, alertmanager',
    );
    expect(decideTriggers(alertOf('malware'), shipped, NOW, [])[0]?.reason).toMatch(/^not matched: when size.* is false$/);
  });
});

describe('joining', () => {
  const candidate = made(`${PLAIN}\n    dedupe: { by: "\${{ inputs.user.id }}", within: 4h }`);
  const alert = alertOf('travel');
  const run = { runId: 'run_1', playbook: 'made', dedupeKey: 'user-007' };

  it('a second alert with the same key joins the open run, and can still start where that has ended', () => {
    expect(decideTriggers(alert, [candidate], NOW, [run])).toMatchObject([
      { kind: 'join', runId: 'run_1', dedupeKey: 'user-007', inputs: { user: { id: 'user-007' } } },
    ]);
  });

  it.each([
    ['the time is over', { ...run, untilMs: NOW }],
    ['it is another playbook', { ...run, playbook: 'other' }],
    ['it is another key', { ...run, dedupeKey: 'user-008' }],
  ])('it starts when %s', (_, open) => {
    expect(decideTriggers(alert, [candidate], NOW, [open])).toMatchObject([{ kind: 'start' }]);
  });

  it('a key that is too long keeps nothing from starting: whoever makes an alert long chooses that', () => {
    const long = made(`${PLAIN}\n    dedupe: { by: "\${{ '${'x'.repeat(1001)}' }}", within: 4h }`);
    const [decision] = decideTriggers(alert, [long], NOW, []);
    expect(decision).toMatchObject({ kind: 'start', reason: expect.stringContaining('longer than 1000 characters, so it joins nothing') });
    expect(decision).not.toHaveProperty('dedupeKey');
  });

  it('an empty key joins nobody', () => {
    const nameless = made(`${PLAIN}\n    dedupe: { by: "\${{ get(inputs.user, 'other', '') }}", within: 4h }`);
    const [decision] = decideTriggers(alert, [nameless], NOW, [{ ...run, dedupeKey: '' }]);
    expect(decision).toMatchObject({ kind: 'start' });
    expect(decision).not.toHaveProperty('dedupeKey');
    expect(decision?.reason).toContain('the dedupe key is empty');
  });
});

describe('a resolved alert', () => {
  const resolved = alertOf('travel', { status: 'resolved' });
  it.each(['note', 'ask', 'undo'] as const)('starts nothing, and is %s', (action) => {
    const candidate = made(`${PLAIN}\n    dedupe: { by: "\${{ inputs.user.id }}", within: 4h }\n    when_resolved: ${action}`);
    const open = [{ runId: 'run_1', playbook: 'made', dedupeKey: 'user-007', untilMs: NOW - 1 }];
    expect(decideTriggers(resolved, [candidate], NOW, open)).toMatchObject([
      { kind: 'resolved', action, dedupeKey: 'user-007', runIds: ['run_1'] },
    ]);
    expect(decideTriggers(resolved, [candidate], NOW, [])).toMatchObject([{ kind: 'resolved', action, runIds: [] }]);
  });
});

describe('what cannot be decided', () => {
  it('an input that the alert does not fill is an error, with the reason and without values', () => {
    const alert = alertOf('travel', { users: [{ id: '', name: '' }] });
    expect(decideTriggers(alert, [made(PLAIN)], NOW, [])).toMatchObject([
      { kind: 'error', code: 'TRIGGER_INPUTS', reason: expect.stringContaining('the input user is needed, and no user was given') },
    ]);
    expect(decideTriggers(alertOf('malware'), [made(PLAIN)], NOW, [])).toMatchObject([
      { kind: 'error', code: 'TRIGGER_EXPRESSION', reason: expect.stringContaining('the input user cannot be filled') },
    ]);
  });

  it('an expression that fails is an error of that playbook alone', () => {
    const broken = made(`alert: { source: plain }\n    when: alert.data.labels.team == 'soc'\n    with: { user: x }`);
    expect(decideTriggers(alertOf('travel'), [broken, made(PLAIN)], NOW, [])).toMatchObject([
      { kind: 'error', code: 'TRIGGER_EXPRESSION' },
      { kind: 'start' },
    ]);
  });

  it('another trigger of the same playbook that takes the alert counts', () => {
    const either = made(`alert: { source: plain }\n    when: alert.data.labels.team == 'soc'\n    with: { user: x }\n  - ${PLAIN}`);
    expect(decideTriggers(alertOf('travel'), [either], NOW, [])).toMatchObject([{ kind: 'start', inputs: { user: { id: 'user-007' } } }]);
  });

  it('whatever strangers write into an alert, each playbook gets one decision with a reason', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('${{ alert.title }}', '__proto__', ''));
    const alerts = fc.record({
      title: text,
      users: fc.array(fc.record({ id: text, name: text }, { requiredKeys: [] }), { maxLength: 3 }),
      hosts: fc.array(fc.record({ id: text }, { requiredKeys: [] }), { maxLength: 2 }),
      ips: fc.array(text, { maxLength: 3 }),
      data: fc.dictionary(text, fc.jsonValue(), { maxKeys: 3 }),
    });
    fc.assert(
      fc.property(alerts, (more) => {
        const decisions = decideTriggers({ ...alertOf('travel'), ...more }, [...shipped, made(PLAIN)], NOW, []);
        expect(decisions).toHaveLength(4);
        for (const decision of decisions) expect(decision.reason).not.toBe('');
      }),
      { numRuns: 200 },
    );
  });
});

describe('a start by hand', () => {
  it('checks what people give as it checks what alerts give', () => {
    const plan = shipped[0]?.plan as Plan; // three are read above
    expect(isManual(plan)).toBe(true);
    expect(manualInputs(plan, { user: { id: 'user-007' } })).toEqual({
      ok: true,
      inputs: { user: { id: 'user-007' }, host: null, ip: null },
    });
    expect(manualInputs(plan, { user: { id: 'user-007' }, ip: 'everything', usr: 1 })).toMatchObject({
      ok: false,
      faults: [{ input: 'usr' }, { input: 'ip' }],
    });
    expect(isManual(made(PLAIN).plan)).toBe(false);
  });
});
