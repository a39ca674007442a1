// Small playbooks with a scenario each, for what no shipped one has: they are told with all their texts, so that what they read of results counts.
import { namesOf } from '../../../engine/simulation/outline.ts';
import { readPlaybook } from '../../../language/parse.ts';
import type { Plan } from '../../../language/plan.ts';
import { readScenario, type Scenario } from '../../../language/scenario.ts';

export interface Play {
  readonly name: string;
  readonly plan: Plan;
  readonly scenario: Scenario;
}

const head = (name: string) => `playbook: ${name}
title: Made up
description: Made up.
owner: tests
inputs:
  user: { type: user }
  host: { type: host }
triggers: [{ manual: {} }]
steps:
`;
/** People and computers that no shipped scenario is dealt. */
const start = (name: string, at: number) => `scenario: ${name}
inputs: { user: user-0${at + 10}, host: wks-0${at + 10} }
`;
/** A message; what follows `$` in it is an expression. */
const tell = (id: string, text: string, more = '') =>
  `{ id: ${id}, do: notify.message, with: { to: "#soc", text: "${text.replaceAll(/\$\(((?:[^()]|\([^()]*\))*)\)/g, (_, cel) => `\${{ ${cel} }}`)}" }${more} }`;

/** Nobody approves, a product refuses: what follows goes out by itself. */
const handlers = [
  `  - id: one
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: until_released
    approve: { by: { role: responder }, within: 20s }
    on_denied:
      - ${tell('nobody', 'not done: $(steps.one.outcome) $(steps.one.error.code)')}
      - { id: ticket, do: ticket.open, with: { title: "Nobody approved" } }
  - id: several
    approve: { by: { role: responder }, within: 20s }
    group:
      - id: inside
        do: host.isolate
        with: { host: "\${{ inputs.host }}" }
        hold: until_released
    on_denied:
      - ${tell('nobody_again', 'not done: $(steps.several.outcome) $(steps.several.error.code)')}
  - id: granted
    approve: { by: { role: responder }, within: 20s }
    group:
      - id: refused
        do: session.revoke
        with: { user: "\${{ inputs.user }}" }
        on_error:
          - ${tell('inner', 'the sessions are open: $(steps.refused.outcome)')}
`,
  `people: [{ approve: granted, by: Ann }]
answers: { refused: { outcome: failed } }
expect: [{ one: expired }, nobody, ticket, { several: denied }, nobody_again, { granted: done }]
`,
];

/** Three seconds are enough for nobody; whoever comes later comes too late. */
const timeouts = [
  `  - id: one
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: until_released
    approve: { by: { role: responder }, within: 1h }
    timeout: 3s
    on_error:
      - ${tell('late', 'not done: $(steps.one.outcome) $(steps.one.error.code)')}
  - id: nothing
    undo: one
  - id: in_time
    do: host.isolate
    with: { host: "\${{ inputs.host }}" }
    hold: until_released
    approve: { by: { role: responder }, within: 1h }
    timeout: 2m
  - ${tell('end', '$(steps.nothing.outcome) $(steps.in_time.outcome)')}
`,
  `people: [{ approve: one, at: 1m, by: Ann }, { approve: in_time, after: 0s, by: Ann }]
expect: [{ one: failed }, late, { nothing: done }, { in_time: changed }]
`,
];

const undos = [
  `  - id: one
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: until_released
  - id: back
    undo: one
  - ${tell('given_back', 'given back: $(steps.back.outcome)', ', when: "steps.back.outcome == \'changed\'"')}
  - ${tell('not_given_back', 'never', ', when: "steps.back.outcome == \'done\'"')}
  - id: again
    undo: one
  - id: stuck
    do: host.isolate
    with: { host: "\${{ inputs.host }}" }
    hold: until_released
  - id: incomplete
    undo: stuck
    on_error:
      - ${tell('owed', '$(steps.incomplete.outcome) $(steps.incomplete.error.code)')}
  - ${tell('end', '$(steps.back.outcome) $(steps.again.outcome)')}
`,
  `answers: { stuck: { undo: fails } }
expect: [{ back: changed }, given_back, { again: done }, { incomplete: failed }, owed, end]
undone: [one]
held: [stuck]
`,
];

const events = [
  `  - id: came
    wait: { event: seen, within: 5m }
  - id: missed
    wait: { event: never, within: 5m }
    on_denied:
      - ${tell('silence', '$(steps.came.answer.by) $(steps.missed.outcome) $(steps.missed.error.code)')}
  - id: verdict
    ask: { to: { role: analyst }, title: Is it true?, choices: [true-positive, mistake], within: 1h, else: mistake }
  - id: rest
    wait: 1m
  - ${tell('end', '$(steps.verdict.answer) $(steps.rest.outcome)')}
`,
  `people: [{ signal: came, with: { by: Ann }, at: 1s, by: Ann }, { answer: verdict, with: true-positive, by: Ben }]
expect: [{ came: answered }, { missed: expired }, silence, { verdict: answered }, end]
`,
];

/** One of three turns gets the event; one waits for nothing that comes. */
const turns = [
  `  - id: each
    for_each: { n: "\${{ [1, 2, 3] }}" }
    max: 3
    at_once: 3
    steps:
      - id: heard
        wait: { event: seen, within: 5m }
        on_denied: continue
  - ${tell('end', 'heard $(steps.each.counts.answered), not $(steps.each.counts.expired)')}
`,
  `people: [{ signal: heard, at: 1s, by: Ann }]
expect: [{ each: done }, end]
`,
];

/** People are spared, the product refuses: a change that follows asks only where policy does, and nobody else. */
const spared = [
  `  - id: one
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: until_released
    approve: { by: { role: responder }, within: 20s, unless: "inputs.user != null" }
    on_error:
      - ${tell('refused', 'not done: $(steps.one.outcome)')}
      - id: instead
        do: session.revoke
        with: { user: "\${{ inputs.user }}" }
  - ${tell('end', "$(get(steps, 'instead.outcome', '-'))")}
`,
  `answers: { one: { outcome: failed } }
expect: [{ one: failed }, refused, { instead: changed }, end]
`,
];

const twice = [
  `  - id: one
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: until_released
  - id: other
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: until_released
  - id: back
    undo: other
  - id: all
    undo: all
  - ${tell('end', '$(steps.one.outcome) $(steps.other.outcome) $(steps.back.outcome) $(steps.all.outcome)')}
`,
  `expect: [{ one: changed }, { other: already }, end]
`,
];

/** Longer than a run waits: not verified, and taken back only where it is in force by then. Policy refuses, so nobody is asked. Two say yes. */
const slow = [
  `  - id: late
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: until_released
    on_error:
      - ${tell('unseen', '$(steps.late.outcome) $(steps.late.error.code)')}
  - id: never
    do: host.isolate
    with: { host: "\${{ inputs.host }}" }
    hold: until_released
    on_error: continue
  - id: gone
    undo: never
  - id: verdict
    ask: { to: { role: analyst }, title: Is it true?, choices: ["yes", "no"], within: 1h, else: "no" }
  - id: rest
    wait: 1m
  - id: refused
    approve: { by: { role: responder }, within: 20s }
    on_denied: continue
    group:
      - id: sessions
        do: session.revoke
        with: { user: "\${{ inputs.user }}" }
  - id: two
    approve: { by: { role: responder, count: 2 }, within: 20s }
    group:
      - id: ticket
        do: ticket.open
        with: { title: Two have said yes }
  - id: back
    undo: late
  - ${tell('end', '$(steps.gone.outcome) $(steps.never.outcome) $(steps.refused.outcome) by $(steps.two.by), $(steps.back.outcome)')}
`,
  `answers: { late: { takes: 2m }, never: { outcome: unverified }, sessions: { outcome: denied } }
people:
  - { answer: verdict, with: "yes", at: 10m, by: Ben }
  - { approve: two, by: Ann }
  - { approve: two, after: 1s, by: Cleo }
expect: [{ late: unverified }, unseen, { never: unverified }, { gone: done }, { refused: denied }, { two: done }, { back: changed }, end]
undone: [late]
held: []
`,
];

export const plays: readonly Play[] = Object.entries({ handlers, spared, timeouts, undos, events, turns, twice, slow }).map(
  ([name, [steps, rest]], at) => {
    const read = readPlaybook(`${head(name)}${steps}`, name);
    if (!read.plan) throw new Error(`${name}: ${JSON.stringify(read.diagnostics)}`);
    const { scenario, diagnostics } = readScenario(`${start(name, at)}${rest}`, name, namesOf(read.plan));
    if (!scenario) throw new Error(`${name}: ${JSON.stringify(diagnostics)}`);
    return { name, plan: read.plan, scenario };
  },
);
