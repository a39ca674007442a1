// The shape of a scenario's file. Its descriptions are what editors show and what docs/reference/scenarios.md says.
import { z } from 'zod';
import { DO_OUTCOMES } from '../outcomes.ts';
import type { Json } from '../plan.ts';
import { isTime } from './times.ts';

/** What can be said of a step in `expect`, beside its outcome. */
export const MOMENTS = ['asked', 'reminded', 'escalated', 'approved', 'retried', 'undone', 'not-undone', 'ignored', 'waits'] as const;
/** What people do in a scenario. */
export const ACTS = ['approve', 'deny', 'answer', 'signal', 'cancel'] as const;

const NO_TIME = 'must have a time such as 0s, 30s, 5m, 2h, 1h30m or 7d';
const time = (description: string) => z.string().refine(isTime, NO_TIME).meta({ description }).optional();
const json = z.json() as z.ZodType<Json>; // zod's own JSON type is mutable; the values are the same
const map = z.record(z.string(), json);

const isEmpty = (value: Json): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
/** An empty map in it, at any depth: everything fits that. */
const fitsAnything = (value: Json): boolean =>
  isEmpty(value) || (typeof value === 'object' && value !== null && Object.values(value).some(fitsAnything));
const sayingMap = map.refine(
  (value) => !fitsAnything(value),
  'holds an empty map, which anything fits: say what is in it, or take it away',
);

const on = z
  .union([z.string().min(1), sayingMap])
  .optional()
  .meta({
    description:
      'What it acts on, exactly: the id, name or address of the thing, or a map with some of its members. Who says it of a step says it whole: that step may act on nothing else.',
  });
const parameters = sayingMap.optional().meta({
  description:
    'Some of the other parameters that the verb is given. Of a map those members that are written, of a list every item; in a text `*` stands for anything, also for nothing. null: it is not given.',
});

const effect = z
  .strictObject({ step: z.string().min(1).meta({ description: 'The step.' }), on, with: parameters })
  .meta({ description: 'An effect, by its step.' });
const unwanted = z
  .strictObject({
    step: z.string().min(1).optional().meta({ description: 'A step.' }),
    verb: z.string().min(1).optional().meta({ description: 'A verb, whichever step does it.' }),
    on,
    with: parameters,
  })
  .refine((one) => (one.step === undefined) !== (one.verb === undefined), 'must have `step` or `verb`')
  .meta({ description: 'An effect, by its step or its verb.' });

const state = z
  .strictObject({
    verb: z.string().min(1).meta({ description: 'The effect.' }),
    on: z
      .union([z.string().min(1), map])
      .meta({ description: 'What it is in force on: the id or address of the thing, or a map with these.' }),
  })
  .meta({ description: 'An effect that is in force.' });

const listOfEffects = z.array(z.union([z.string().min(1), effect])).max(500);
const effects = (description: string) => listOfEffects.optional().meta({ description });
const NOTHING = 'is empty, and so says nothing: name something, or take it away';

const people = z
  .strictObject({
    role: z.string().min(1).optional().meta({ description: 'Everybody with this role.' }),
    group: z.string().min(1).optional().meta({ description: 'Everybody in this group.' }),
    oncall: z.string().min(1).optional().meta({ description: 'Whoever is on call there.' }),
    person: z.string().min(1).optional().meta({ description: 'One person, by name or address.' }),
    count: z.int().min(1).optional().meta({ description: 'How many of them an approval needs.' }),
  })
  .refine((one) => Object.keys(one).length > 0, 'must have one of role, group, oncall, person, count');

/** What may stand beside `step: what` in `expect`. */
export const details = z.strictObject({
  at: time('The simulated time since the start of the run.'),
  on,
  with: parameters,
  to: people
    .optional()
    .meta({ description: 'With `asked` and `escalated`: who is asked, as the playbook says it: { role: responder, count: 2 }.' }),
  title: z
    .string()
    .min(1)
    .refine((text) => !/^\*+$/.test(text), 'fits any title: say some of its words, or take it away')
    .optional()
    .meta({ description: 'With `asked`: what the question says. `*` stands for anything.' }),
  covers: listOfEffects.min(1, NOTHING).optional().meta({
    description: 'With `asked`, of what holds several effects: exactly those that its approval is about.',
  }),
});

const answer = z
  .object({
    outcome: z.enum(DO_OUTCOMES).optional().meta({
      description:
        'How it ends: `changed`, `already` (found by reading, so nobody is asked), `would`, `unverified` (the effect could not be read back), `unknown` (lost between effect and answer), `failed`, `denied` (policy says no) … Left out: `read` for reads, else `changed`.',
    }),
    fails: z.int().min(1).max(100).optional().meta({
      description: 'This many attempts fail before one works. As many as the step has attempts (`retry`, else 4): the step fails.',
    }),
    takes: time(
      'How long until it has taken effect: `3s`. Left out: no time. Nobody waits for more than 5s to read an effect back: then it ends as `unverified`, and takes effect when its time has come. A look-up fails after 10s for each attempt. A `timeout` of the step that is shorter ends it before.',
    ),
    away: time(
      'Its product does not answer for so long, which is known: what contains waits for it (`waits`), and is done when it is back; after 15m it fails. One decision over several effects waits a minute for what cannot be seen, then asks about the rest. Anything else fails at once.',
    ),
    error: z.string().min(1).max(500).optional().meta({ description: 'Words for the failure.' }),
    undo: z.enum(['works', 'fails']).optional().meta({ description: '`fails`: the effect cannot be taken back.' }),
  })
  .catchall(json)
  .meta({ description: "The verb's outputs, and any of these. What is not said is answered as usual." });

const act = z
  .strictObject({
    approve: z
      .string()
      .optional()
      .meta({ description: 'Says yes to the approval of this step or group. Two different `by` count as two people.' }),
    deny: z.string().optional().meta({ description: 'Says no to the approval of this step or group.' }),
    answer: z.string().optional().meta({ description: 'Answers the question of this step, with what stands under `with`.' }),
    signal: z.string().optional().meta({
      description: 'Posts the event that this `wait` waits for, once. It is kept until a wait for it begins, and used by the first.',
    }),
    cancel: z.literal('run').optional().meta({ description: 'Cancels the run.' }),
    with: z.union([z.string(), map]).optional().meta({
      description:
        'A choice; a form\'s values; rows by their name, address or id, with "*" for all others, or one choice for all; what is posted with an event.',
    }),
    at: time('When, since the start of the run.'),
    after: time('When, since they were asked. Without `at` and `after`: at once.'),
    by: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: "The person's name. A question to one person is answered by that person alone." }),
  })
  .refine((one) => ACTS.filter((key) => key in one).length === 1, 'must have one of approve, deny, answer, signal, cancel')
  .refine(
    (one) => one.signal !== undefined || (one.answer === undefined) === (one.with === undefined),
    'must have `with` beside `answer`, and only there or beside `signal`',
  )
  .refine((one) => one.at === undefined || one.after === undefined, 'must have `at` or `after`, not both')
  .meta({ description: 'One thing that a person does.' });

export const scenario = z
  .strictObject({
    scenario: z.string().min(1).max(200).meta({ description: 'What it shows, in one sentence.' }),
    alert: z.union([z.string(), map]).optional().meta({
      description:
        "A plain alert (`id` and `title` may be left out; `source` names another source than `plain`), or the name of a sample: travel, malware, phishing, domain-controller. The playbook's own triggers decide whether it starts and fill the inputs.",
    }),
    inputs: map.optional().meta({
      description:
        'Instead of an alert: a manual start with these inputs. Text where a user or host is wanted becomes `{ id, name }` of that text (and `email`, where it is an address), as where no product knows more; `{ id: user-007, name: Eve Adams, email: … }` says more.',
    }),
    schedule: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, 'must be a time of the schedule’s own clock such as 2026-01-01T08:00')
      .optional()
      .meta({
        description:
          'Instead of an alert: the time at which a schedule starts it, by the clock of its own time zone: `2026-01-01T08:00`. A time at which none comes round is a fault.',
      }),
    answers: z
      .record(z.string(), answer)
      .default({})
      .meta({ part: 'Answers', description: "What products do, by step id or by verb; a step's own entry wins over its verb's." }),
    already: z.array(state).max(500).optional().meta({
      description:
        'What is so at the start: the effect that would have made it so, and on whom. Such an effect ends as `already`, nobody is asked about it, and it is not undone.',
    }),
    people: z.array(act).max(500).optional().meta({ description: 'Who decides what, and when. Who is not in the list is silent.' }),
    expect: z
      .array(z.union([z.string().min(1), map]))
      .min(1, NOTHING)
      .max(1000)
      .optional()
      .meta({
        part: 'Expectations',
        description:
          'What is found in this order; other things may happen in between. `step` (it ended well and was not skipped), `step: what`, or with more about it: `{ step: what, on: user-007, at: 2m }`.',
      }),
    outcome: z.string().optional().meta({
      description:
        'How the run ends: `completed`, `failed`, `denied`, `cancelled`, the word of a `stop`, or `not-started` where no trigger matches.',
    }),
    undone: effects('Exactly the effects that were taken back, by their steps. []: none.'),
    held: effects('Exactly the effects that are still in place at the end, by their steps. []: nothing stays contained.'),
    never: z
      .array(z.union([z.string().min(1), unwanted]))
      .min(1, NOTHING)
      .max(500)
      .optional()
      .meta({ description: 'What must not have been sent to any product: verbs or steps, each perhaps with what it must not act on.' }),
  })
  .refine(
    (one) => [one.alert, one.inputs, one.schedule].filter((start) => start !== undefined).length === 1,
    'must have one of `alert`, `inputs` and `schedule`',
  )
  .refine(
    (one) => (one.expect ?? one.never ?? one.outcome ?? one.undone ?? one.held) !== undefined,
    'expects nothing: add `expect`, `outcome`, `undone`, `held` or `never`',
  )
  .meta({
    title: 'Cordon scenario',
    description:
      'One made-up case for a playbook: what arrives, what products answer, who decides what and when, and what must have happened.',
  });

export type ScenarioText = z.output<typeof scenario>;
export type EffectText = string | z.output<typeof effect> | z.output<typeof unwanted>;
export type DetailsText = z.output<typeof details>;
