// docs/reference/scenarios.md, from the same JSON Schema that editors use, with an example that a test runs.
import { readFileSync } from 'node:fs';
import { madeFrom, table } from './markdown.mjs';
import { rowsOf } from './playbook-page.mjs';

const HEAD = ['key', 'value', 'meaning'];
const STARTS = ['alert', 'inputs', 'schedule'];
const ENDS = ['outcome', 'undone', 'held', 'never'];

/** Keys of an object; what is within a `with` or a list of effects is said once, below. */
const rows = (schema, keys) => rowsOf(schema, keys).filter(([key]) => !/[.]/.test(key));

export function scenariosPage(schema) {
  const { properties } = schema;
  const [, expectation] = schema.$defs.Expectation.anyOf;
  const [anyAnswer] = [properties.answers.additionalProperties];
  return `# Scenarios

${madeFrom('language/scenario/')}

A scenario is one made-up case for a playbook: what arrives, what the products answer, who decides what and when, and what must have happened: on whom, with what, in which order. Scenarios stand in
\`playbooks/<playbook>/scenarios/*.yaml\`. \`cordon test\` runs them all in simulated time, without a server and without any product: eight hours of silence take no time.

\`\`\`yaml
${readFileSync('docs/examples/scenario/scenarios/example.yaml', 'utf8').trimEnd()}
\`\`\`

The file is as strict as a playbook: unknown names, wrong types, steps that do not exist and parameters that a verb does not take are errors with line and column.
Editors check and complete it with \`# yaml-language-server: $schema=…/docs/reference/scenario.schema.json\` in its first line (\`cordon schema --scenarios\` prints it; [more](../editor.md)).

## What arrives

${table(HEAD, rows(schema, STARTS))}

## \`answers\`: what the products do

${properties.answers.description} An entry holds the verb's outputs, and any of:

${table(HEAD, rows(anyAnswer))}

What is not said is answered as usual: reputation is clean, users are enabled, hosts are online, effects work, tickets open.

What was done stays done: an account that is disabled a second time is \`already\`, a look-up after it says so, and an undo makes it as it was. A thing is known by its id, its address and, of a host, its name.
${properties.already.description.replace('What is so', '`already` says what is so')}

\`\`\`yaml
already:
  - { verb: user.disable, on: user-007 }
\`\`\`

## \`people\`: who decides what, and when

Each entry has one of \`approve\`, \`deny\`, \`answer\`, \`signal\`, \`cancel\`:

${table(HEAD, rows(properties.people.items))}

\`\`\`yaml
people:
  - { approve: contain, after: 2m, by: Ann }
  - { answer: details, with: { how: phishing, people: 3 } } # a form
  - { answer: review, with: { eve@example.com: remove, "*": keep } } # rows
  - { signal: reimaged, at: 1d }
  - { cancel: run, at: 2d }
\`\`\`

Who is not in the list is silent: approvals expire, and questions get the answer that stands under \`else\`. An entry that nobody was asked for is a fault of the scenario, so that a renamed step is noticed.

An event is posted to the run, once, as in production: with \`at\` at that time, also before the wait begins; else as soon as the wait begins, or \`after\` that. Of several waits for events of one name
the one that began first has it; for three waits write three entries.

## Loops

A step within a loop is named as ever, and means every turn: \`{ answer: review, with: keep }\` answers each of its questions. One turn alone is \`step#turn\`, from 0:
\`answers: { "purge_one#2": { outcome: failed } }\`, \`expect: [{ "purge_one#2": failed }]\`.

## \`expect\`: what must have happened

${properties.expect.description}

\`\`\`yaml
expect:
  - reputation                                              # it ended well
  - isolate: skipped
  - { disable: changed, on: user-007 }                      # on whom
  - { ticket: changed, with: { title: "*Eve Adams*", severity: high } }
  - contain: asked                                          # who is asked about what
    to: { role: responder, count: 1 }
    covers: [{ step: disable, on: user-007 }, { step: isolate, on: wks-007 }]
\`\`\`

\`what\` is an outcome (\`read\`, \`changed\`, \`already\`, \`would\`, \`answered\`, \`done\`, \`skipped\`, \`unverified\`, \`failed\`, \`unknown\`, \`denied\`, \`expired\`, \`cancelled\`) or a moment:
\`asked\`, \`reminded\`, \`escalated\`, \`approved\`, \`retried\`, \`undone\`, \`not-undone\`, \`waits\`, \`ignored\` (a decision that came when there was nothing to decide any more).
A group, parallel or if ends as \`done\`. A group whose approval was denied or expired ends as \`denied\`. Beside it may stand:

${table(HEAD, rows(expectation))}

**Say on whom for everything that touches a person, a device or a mail.** A line without \`on\` is content with any target: a playbook that disables the wrong account passes it. Where every line of a
step says \`on\`, the step may act on nothing else; in a loop write a line for each item, or name the turn: \`{ "disable#0": changed, on: user-007 }\`.

What is not as expected is told with file, line and column of the expectation, and with what came nearest to it:

\`\`\`text
scenarios/stolen.yaml:14:5 expected: disable changed on user-007; it was on Ben Baker (user-008)
\`\`\`

## How it ends

${table(HEAD, rows(schema, ENDS))}

In \`undone\`, \`held\` and \`covers\` an effect is the name of its step, for whatever it acted on, or \`{ step: disable, on: user-007 }\`, with \`with\` where that matters. In \`never\` it may be a verb, too:
\`{ verb: host.isolate, on: dc-01 }\`.

## Coverage

After the scenarios \`cordon test\` names what none of them reaches. A step is reached when it ran in one scenario; a way is reached when one scenario took it:

| where | the ways |
| --- | --- |
| \`when\` | it runs, it is skipped |
| \`if\`, \`switch\` | each side, also an \`else\` that is not written |
| \`ask\` | each choice; a form that is filled in; each choice of a row |
| \`approve\` | it is given, it is refused or expires; with \`unless\`: it is spared |
| \`on_error\`, \`on_denied\` that are written | it fails, it is denied |
| \`for_each\` | an empty list, one item, several |
| \`repeat\` | it ends by its condition, it ends because its time or its turns are over |
| \`wait\` for an event | it comes, it does not |
| an effect that is reversible or destructive | a scenario says on whom it is done (\`on\`) |

It is a list to think about; \`--coverage-min 100\` makes it a failure. The shipped playbooks are held to 100.

## Policy

Where \`cordon.yaml\` names a policy, or \`--policy\` does, every effect of a scenario is judged by it, with the inventory that goes with it: it can ask more people than the playbook does, or refuse.
What needs a calendar (allowed hours, a freeze between two days) is left out, since a scenario has none; limits count the effects of the scenario itself. Without a policy the playbook's own wishes count.

## The same in production

The scenarios of the shipped playbooks also run on a real Temporal server with the practice range (\`test/runs/both-ways.run.test.ts\`), under the trial form's policy in both, and what is told of
them must be the same:

- of every \`do\`, as often as it was done: the verb, its parameters without \`body\` and \`text\`, and its outcome; for those in the playbook's top list also their order;
- the outcome of every step outside loops, of whatever kind;
- which steps people were asked about (not who they were, nor the words); the outcome of the run; which steps are still held, and which were taken back, the last first.

What is said of time is not compared: waits are shortened there, people answer at once or let their time run out, and how often a \`repeat\` turns is the clock's. Nor are reminders, escalations, titles and
what an approval covers. What products answer is put before the practice range's own answers, and scenarios that begin with a schedule are started by hand. Small playbooks beside them
(\`test/runs/both-ways/plays.ts\`) are compared with all their texts: errors and who approved, time-outs, undo of what works, fails and cannot be read back, events, turns of loops, slow products.
`;
}
