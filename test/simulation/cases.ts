// A case of the simulation: playbooks, alerts, people, faults and kills, drawn from small numbers so that fast-check can make a failing one smaller.
import fc from 'fast-check';
import type { Fault } from './products.ts';

export const HOSTS = ['wks-001', 'wks-002', 'wks-006', 'dc-01'] as const;
export const USERS = ['user-001', 'user-002', 'user-007', 'user-010'] as const;

/** One step of a playbook. `mood`: what it does when it fails or is denied; `hold`: how long it holds. */
export interface StepShape {
  readonly kind:
    | 'isolate'
    | 'quarantine'
    | 'disable'
    | 'revoke'
    | 'ticket'
    | 'message'
    | 'look'
    | 'wait'
    | 'ask'
    | 'group'
    | 'both'
    | 'undo';
  readonly mood: number;
  readonly hold: number;
  readonly approve: boolean;
}

export interface PlaybookShape {
  readonly steps: readonly StepShape[];
  readonly onFailure: 'keep' | 'undo';
  readonly whenResolved: 'note' | 'ask' | 'undo';
  readonly dedupe: boolean;
}

export interface AlertShape {
  readonly atMs: number;
  readonly playbook: number;
  readonly host: number;
  readonly user: number;
  /** Sent a second time under the same id. */
  readonly again: boolean;
  /** The source says that it is over, so long afterwards; 0: never. */
  readonly resolvedAfterMs: number;
}

/** What one approval or question of a case meets, in the order in which they are opened. */
export const MANNERS = [
  ['ana:approve', 'ben:approve'],
  ['ana:approve'],
  ['ana:approve', 'ana:approve'],
  ['eve:approve', 'ana:approve'],
  ['cat:approve', 'ben:approve'],
  ['ana:deny'],
  ['ana:approve', 'ben:deny'],
  [],
] as const;

export interface Deed {
  readonly atMs: number;
  readonly what: 'cancel' | 'undo' | 'freeze' | 'foreign-release' | 'foreign-enable' | 'release' | 'evict' | 'temporal-down' | 'terminate';
  readonly which: number;
}

export interface Case {
  readonly playbooks: readonly PlaybookShape[];
  readonly alerts: readonly AlertShape[];
  readonly manners: readonly number[];
  readonly faults: readonly Fault[];
  readonly deeds: readonly Deed[];
  /** Numbers of statements of a worker's process at which it is killed, one after the other. */
  readonly kills: readonly number[];
  readonly luck: number;
}

const shape: fc.Arbitrary<StepShape> = fc.record({
  kind: fc.constantFrom(
    'isolate',
    'disable',
    'isolate',
    'disable',
    'quarantine',
    'revoke',
    'ticket',
    'message',
    'look',
    'wait',
    'ask',
    'group',
    'both',
    'undo',
  ),
  mood: fc.nat(5),
  hold: fc.nat(3),
  approve: fc.boolean(),
});

const HOWS: readonly Fault['how'][] = ['before', 'after', 'late', 'slow', 'hang', 'refused', 'denied', 403, 429, 500];

const fault: fc.Arbitrary<Fault> = fc.record({
  word: fc.constantFrom(
    ...['isolate', 'isolate', 'disable', 'disable', 'quarantine', 'release', 'enable', 'readmit', 'revoke', 'ticket', 'message', 'read'],
  ),
  nth: fc.integer({ min: 1, max: 4 }),
  how: fc.constantFrom(...HOWS),
  ms: fc.integer({ min: 100, max: 1_900 }),
});

export const cases: fc.Arbitrary<Case> = fc.record({
  playbooks: fc.array(
    fc.record({
      steps: fc.array(shape, { minLength: 1, maxLength: 4 }),
      onFailure: fc.constantFrom('keep', 'undo'),
      whenResolved: fc.constantFrom('note', 'ask', 'undo'),
      dedupe: fc.boolean(),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  alerts: fc.array(
    fc.record({
      atMs: fc.nat(20_000),
      playbook: fc.nat(1),
      host: fc.nat(HOSTS.length - 1),
      user: fc.nat(USERS.length - 1),
      again: fc.boolean(),
      resolvedAfterMs: fc.constantFrom(0, 0, 0, 40_000),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  manners: fc.array(fc.nat(MANNERS.length - 1), { minLength: 1, maxLength: 4 }),
  faults: fc.array(fault, { maxLength: 3 }),
  deeds: fc.array(
    fc.record({
      atMs: fc.nat(90_000),
      what: fc.constantFrom(
        'cancel',
        'undo',
        'freeze',
        'foreign-release',
        'foreign-enable',
        'release',
        'evict',
        'temporal-down',
        'terminate',
      ),
      which: fc.nat(3),
    }),
    { maxLength: 3 },
  ),
  kills: fc.array(fc.integer({ min: 5, max: 140 }), { maxLength: 2 }),
  luck: fc.nat(1_000_000),
});

const HOLDS = [
  'hold: until_released',
  'hold: { for: 3m, then: release }',
  'hold: { for: 2m, then: ask }',
  'hold: { for: 10m, then: release }',
];
const MOODS = ['', 'on_error: continue', 'on_denied: continue', 'on_error: undo', 'on_error: continue\non_denied: continue', ''];
const APPROVE = 'approve: { by: { role: responder }, within: 90s }';

/** As its author would have written it. */
export function playbookText(name: string, play: PlaybookShape): string {
  const undoable = play.steps.some(({ kind }) => REVERSIBLE.has(kind));
  const asked = play.steps.findIndex((step) => step.kind === 'ask');
  const steps = play.steps.map((step, index) =>
    stepText(undoable ? step : harmless(step), `s${index + 1}`, asked >= 0 && asked < index ? `s${asked + 1}` : undefined),
  );
  return `playbook: ${name}
title: Made up ${name}
owner: tests
inputs: { host: { type: host }, user: { type: user } }
on_failure: ${undoable ? play.onFailure : 'keep'}
triggers:
  - alert: { source: plain }
    when: get(alert.data, 'play', '') == '${name}'
    with: { host: "\${{ alert.hosts[0] }}", user: "\${{ alert.users[0] }}" }${play.dedupe ? '\n    dedupe: { by: "${{ id_of(inputs.host) }}", within: 1h }' : ''}${play.dedupe ? `\n    when_resolved: ${undoable ? play.whenResolved : 'note'}` : ''}
  - manual: {}
steps:
${steps.map((text) => indented(text, '  ')).join('\n')}
`;
}

const REVERSIBLE: ReadonlySet<string> = new Set(['isolate', 'quarantine', 'disable', 'group', 'both']);

/** In a playbook that can undo nothing an undo is refused. */
const harmless = (step: StepShape): StepShape => ({
  ...step,
  kind: step.kind === 'undo' ? 'wait' : step.kind,
  mood: step.mood === 3 ? 0 : step.mood,
});

function stepText(step: StepShape, id: string, verdict: string | undefined): string {
  const hold = HOLDS[step.hold] ?? '';
  const mood = MOODS[step.mood] ?? '';
  const approve = step.approve ? APPROVE : '';
  const host = 'with: { host: "${{ inputs.host }}" }';
  const user = 'with: { user: "${{ inputs.user }}" }';
  const item = (lines: readonly string[]) =>
    `- ${lines
      .filter((line) => line !== '')
      .join('\n')
      .replaceAll('\n', '\n  ')}`;
  const inner = [item([`id: ${id}a`, 'do: host.isolate', host, hold]), item([`id: ${id}b`, 'do: user.disable', user, hold])];
  const list = (name: string) => `${name}:\n${inner.map((text) => indented(text, '  ')).join('\n')}`;
  switch (step.kind) {
    case 'isolate':
      return item([`id: ${id}`, 'do: host.isolate', host, hold, approve, mood]);
    case 'quarantine':
      return item([`id: ${id}`, 'do: host.quarantine', host, hold, approve, mood]);
    case 'disable':
      return item([`id: ${id}`, 'do: user.disable', user, hold, approve, mood]);
    case 'revoke':
      return item([`id: ${id}`, 'do: session.revoke', user, approve, mood]);
    case 'ticket':
      return item([`id: ${id}`, 'do: ticket.open', 'with: { title: made up }', mood]);
    case 'message':
      return item([`id: ${id}`, 'do: notify.message', 'with: { to: "#soc", text: made up }', 'on_error: continue']);
    case 'look':
      return item([`id: ${id}`, 'do: host.lookup', host, 'on_error: continue']);
    case 'wait':
      return item([`id: ${id}`, `wait: ${step.hold * 20 + 5}s`]);
    case 'ask':
      return item([`id: ${id}`, 'ask: { to: { role: analyst }, title: Is it true?, choices: [right, wrong], within: 60s, else: right }']);
    case 'group':
      return item([`id: ${id}`, APPROVE, mood, list('group')]);
    case 'both':
      return item([`id: ${id}`, mood, list('parallel')]);
    case 'undo':
      return verdict === undefined
        ? item([`id: ${id}`, 'undo: all'])
        : item([`id: ${id}`, `when: steps.${verdict}.answer == 'wrong'`, 'undo: all']);
  }
}

const indented = (text: string, by: string): string =>
  text
    .split('\n')
    .map((line) => `${by}${line}`)
    .join('\n');

/** Asks nobody and touches nothing that any fault is about: it must not be slower for what else goes on. */
export const BYSTANDER = `playbook: bystander
title: Looks up an address
owner: tests
inputs: { ip: { type: ip } }
triggers:
  - alert: { source: plain }
    when: get(alert.data, 'play', '') == 'bystander'
    with: { ip: "\${{ alert.ips[0] }}" }
steps:
  - id: look
    do: ip.reputation
    with: { ip: "\${{ inputs.ip }}" }
`;

export const POLICY = `rules:
  - name: protect-domain-controllers
    reason: made up
    match: { verbs: [host.isolate], tags: [domain-controller] }
    then: deny
  - name: critical-needs-two
    reason: made up
    match: { risks: [reversible, destructive], criticality: [critical] }
    then: { ask: { role: responder, count: 2 } }
  - name: containment-needs-a-person
    reason: made up
    match: { risks: [reversible, destructive], tags: [staff, workstation] }
    then: { ask: { role: responder } }
limits:
  - name: isolations-an-hour
    reason: made up
    match: { verbs: [host.isolate] }
    at_most: 3
    within: 1h
    then: deny
approvals: { within: 90s, use_by: 1h }
`;

/** wks-006 and user-010 are in no inventory: what is done to them asks nobody, unless the playbook does. */
export const ENTITIES = `hosts:
  - { name: dc-01, tags: [domain-controller], criticality: critical }
  - { name: wks-001, tags: [workstation], criticality: low }
  - { name: wks-002, tags: [workstation], criticality: critical }
people:
  - { name: Made up one, aliases: [user-001], tags: [staff], criticality: medium }
  - { name: Made up two, aliases: [user-002], tags: [staff], criticality: critical }
  - { name: Eve Adams, aliases: [user-007], tags: [staff], criticality: medium }
`;

/** How many people must have agreed, by what the case knows of the target; undefined: nobody may do it. */
export function neededFor(word: string, target: string): number | undefined {
  if (word === 'isolate' && target === 'dc-01') return undefined;
  if (target === 'dc-01' || target === 'wks-002' || target === 'user-002') return 2;
  return target === 'wks-001' || target === 'user-001' || target === 'user-007' ? 1 : 0;
}

/** Of how many decisions a case's people are asked, a manner for each. */
export const PEOPLE = {
  ana: { role: 'responder', login: 'ana' },
  ben: { role: 'responder', login: 'ben' },
  cat: { role: 'analyst', login: 'cat' },
  /** user-007 herself. */
  eve: { role: 'responder', login: 'user-007' },
} as const;
