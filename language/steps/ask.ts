import { z } from 'zod';
import type { AskStep } from '../plan.ts';
import { duration, people, text } from '../schema/values.ts';
import { durationMs } from './duration-ms.ts';
import { base, stepKind } from './step-kind.ts';

export const askKind = stepKind({
  key: 'ask',
  description: 'A question to people. The answer is `steps.<id>.answer`.',
  schema: z.strictObject({
    ...base,
    ask: z
      .strictObject({
        to: people,
        title: text('The question.', 300),
        choices: z
          .array(text('A choice.', 60))
          .min(2, 'must have two choices or more')
          .max(20)
          .meta({ description: 'What can be answered.' }),
        within: duration('How long the answer may take.'),
        remind: z
          .array(duration('After this long, once.'))
          .max(10)
          .default([])
          .meta({ description: 'When people are reminded, counted from the question.' }),
        else: text('What silence means; one of the choices.', 60),
      })
      .meta({ description: 'A question to people.' }),
  }),
  build: ({ ask }, making): AskStep => ({
    kind: 'ask',
    ...making.base,
    to: making.people(ask.to, 'ask', 'to'),
    title: making.template(ask.title, 'ask', 'title'),
    choices: ask.choices,
    withinMs: durationMs(ask.within),
    remindMs: ask.remind.map(durationMs),
    else: ask.else,
  }),
});
