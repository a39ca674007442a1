// Plans and worlds for the engine's tests, with as little text as can be.

import { apply } from '../../engine/apply.ts';
import { begin } from '../../engine/begin.ts';
import type { Event, Outcome, StepResult } from '../../engine/command.ts';
import type { Given, Next, RunState } from '../../engine/engine.ts';
import { next } from '../../engine/next.ts';
import type {
  Approve,
  AskStep,
  CallStep,
  DoStep,
  ForEachStep,
  GroupStep,
  IfStep,
  ParallelStep,
  Plan,
  RepeatStep,
  SetStep,
  Step,
  StopStep,
  SwitchStep,
  UndoStep,
  WaitStep,
} from '../../language/plan.ts';

const base = (id: string) => ({ id, named: true, line: 1, onError: 'stop', onDenied: 'stop' }) as const;

export const lookUp = (id: string, more: Partial<DoStep> = {}): DoStep => ({
  ...base(id),
  kind: 'do',
  verb: 'ip.reputation',
  with: { ip: { lit: '203.0.113.50' } },
  ...more,
});

export const disable = (id: string, more: Partial<DoStep> = {}): DoStep => ({
  ...base(id),
  kind: 'do',
  verb: 'user.disable',
  with: { user: { cel: 'inputs.user' } },
  ...more,
});

export const tell = (id: string, more: Partial<DoStep> = {}): DoStep => ({
  ...base(id),
  kind: 'do',
  verb: 'notify.message',
  with: { to: { lit: '#soc' }, text: { lit: 'It has come to this.' } },
  ...more,
});

export const ask = (id: string, more: Partial<AskStep> = {}): AskStep => ({
  ...base(id),
  kind: 'ask',
  to: { role: 'analyst' },
  title: { lit: 'Is it true?' },
  choices: ['yes', 'no'],
  withinMs: 3_600_000,
  remindMs: [],
  else: 'no',
  ...more,
});

export const group = (id: string, steps: readonly Step[], more: Partial<GroupStep> = {}): GroupStep => ({
  ...base(id),
  kind: 'group',
  steps,
  ...more,
});

export const when = (
  id: string,
  condition: string,
  then: readonly Step[],
  otherwise: readonly Step[] = [],
  more: Partial<IfStep> = {},
): IfStep => ({
  ...base(id),
  kind: 'if',
  condition,
  then,
  else: otherwise,
  ...more,
});

export const parallel = (
  id: string,
  join: 'all' | 'any',
  branches: readonly (readonly Step[])[],
  more: Partial<ParallelStep> = {},
): ParallelStep => ({ ...base(id), kind: 'parallel', join, branches, ...more });

export const forEach = (id: string, of: ForEachStep['of'], steps: readonly Step[], more: Partial<ForEachStep> = {}): ForEachStep => ({
  ...base(id),
  kind: 'for_each',
  name: 'it',
  of,
  max: 10_000,
  atOnce: 1,
  steps,
  ...more,
});

export const repeat = (id: string, until: string, steps: readonly Step[], more: Partial<RepeatStep> = {}): RepeatStep => ({
  ...base(id),
  kind: 'repeat',
  until,
  everyMs: 60_000,
  forMs: 3_600_000,
  steps,
  ...more,
});

export const wait = (id: string, on: WaitStep['on'] = { forMs: 600_000 }, more: Partial<WaitStep> = {}): WaitStep => ({
  ...base(id),
  kind: 'wait',
  on,
  ...more,
});

export const call = (
  id: string,
  steps: readonly Step[],
  onFailure: Plan['onFailure'] = 'keep',
  more: Partial<CallStep> = {},
): CallStep => ({
  ...base(id),
  kind: 'call',
  playbook: 'called',
  with: {},
  callee: { inputs: {}, outputs: {}, vars: {}, onFailure, steps },
  ...more,
});

export const choose = (
  id: string,
  value: string,
  cases: Readonly<Record<string, readonly Step[]>>,
  otherwise: readonly Step[] = [],
  more: Partial<SwitchStep> = {},
): SwitchStep => ({
  ...base(id),
  kind: 'switch',
  value,
  cases: Object.entries(cases).map(([is, steps]) => ({ is, steps })),
  else: otherwise,
  ...more,
});

export const undo = (id: string, scope: UndoStep['scope'] = 'all', more: Partial<UndoStep> = {}): UndoStep => ({
  ...base(id),
  kind: 'undo',
  scope,
  ...more,
});

export const stop = (id: string, outcome = 'enough', more: Partial<StopStep> = {}): StopStep => ({
  ...base(id),
  kind: 'stop',
  outcome,
  ...more,
});

export const set = (id: string, vars: SetStep['vars'], more: Partial<SetStep> = {}): SetStep => ({
  ...base(id),
  kind: 'set',
  vars,
  ...more,
});

export const approval = (more: Partial<Approve> = {}): Approve => ({
  by: { role: 'responder', count: 1 },
  withinMs: 900_000,
  remindMs: [],
  ...more,
});

export const planOf = (steps: readonly Step[], more: Partial<Plan> = {}): Plan => ({
  format: 1,
  playbook: 'made-up',
  title: 'Made up',
  description: '',
  owner: 'tests',
  labels: {},
  inputs: { user: { type: 'user', list: false, optional: false }, ip: { type: 'ip', list: false, optional: true } },
  vars: {},
  triggers: [],
  onFailure: 'keep',
  steps,
  ...more,
});

export const GIVEN: Given = {
  inputs: { user: { id: 'user-007', name: 'Eve Adams' } },
  run: {
    id: 'run_1',
    playbook: 'made-up',
    severity: 'high',
    severity_id: 4,
    incident: 'inc_1',
    url: 'http://127.0.0.1/runs/run_1',
    started_at: '2026-01-01T00:00:00.000Z',
  },
};

export const start = (plan: Plan, given: Given = GIVEN): Next => next(plan, begin(plan, given));

/** The command's key, for every kind. */
export const keyOfCommand = (command: Next['commands'][number]): string => (command.kind === 'perform' ? command.item.key : command.key);

/** "perform a", "gate g", "cancel a" … in order. */
export const given = (step: Next): readonly string[] => step.commands.map((command) => `${command.kind} ${keyOfCommand(command)}`);

export const ended = (key: string, outcome: Outcome, more: Partial<StepResult> = {}): Event => ({
  kind: 'ended',
  key,
  result: { outcome, ...more },
});

/** Applies one event and goes on. */
export const hear = (plan: Plan, before: Next | RunState, event: Event): Next =>
  next(plan, apply('state' in before ? before.state : before, event));

/** Applies the events one after the other, going on after each. */
export const hearAll = (plan: Plan, before: Next, events: readonly Event[]): Next =>
  events.reduce((now, event) => hear(plan, now, event), before);

export const outcomes = (step: Next): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(step.state.results).map(([key, result]) => [key, result.outcome]));
