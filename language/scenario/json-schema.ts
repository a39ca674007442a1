// The schema of scenarios for editors and the reference page, from the same descriptions that the checks use.
import { z } from 'zod';
import { OUTCOMES } from '../outcomes.ts';
import type { Json } from '../plan.ts';
import { VERBS } from '../verbs.ts';
import { details, MOMENTS, scenario } from './schema.ts';

type JsonObject = Readonly<Record<string, Json>>;

const OPTIONS = { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' } as const;

/** JSON Schema 2020-12, self-contained. It does not know the steps of the playbook. */
export function scenarioJsonSchema(): JsonObject {
  const { $schema: _, ...root } = plain(scenario);
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...root, $defs: { Expectation: expectation(), Verb: verb } };
}

const verb: JsonObject = {
  description: 'A verb.',
  oneOf: Object.entries(VERBS).map(([name, one]) => ({ const: name, title: one.title, description: one.description })),
};

/** One key is the step, whatever it is called; the others are these. */
function expectation(): Json {
  const { properties = {} } = plain(details);
  return {
    description: 'A step, how it ended or what happened to it, and what else is to be said of it.',
    anyOf: [
      { type: 'string', description: 'A step that ended well and was not skipped.' },
      {
        type: 'object',
        properties,
        minProperties: 1,
        additionalProperties: { enum: [...OUTCOMES, ...MOMENTS], description: 'How the step ended, or what happened to it.' },
      },
    ],
  };
}

function plain(schema: z.ZodType): JsonObject {
  // zod types its answer loosely; it is plain JSON by construction.
  const { $defs: _, ...made } = JSON.parse(JSON.stringify(z.toJSONSchema(schema, OPTIONS))) as JsonObject;
  // An object schema stays an object.
  return link(made, '') as JsonObject;
}

/** Our named parts for what zod was told as a list or as text, and any value where it writes JSON out. */
function link(value: Json, name: string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => link(item, ''));
  if (typeof value !== 'object' || value === null) return value;
  const { part, ...record } = value as JsonObject; // narrowed; Array.isArray does not take readonly arrays away
  if (typeof record.$ref === 'string') return {};
  if (name === 'verb') return { description: record.description ?? '', $ref: '#/$defs/Verb' };
  const made = Object.fromEntries(Object.entries(record).map(([key, member]) => [key, link(member, key)]));
  if (part === 'Expectations') return { ...made, items: { $ref: '#/$defs/Expectation' } };
  if (part === 'Answers') return { ...made, properties: answersByVerb(made.additionalProperties ?? {}) };
  return made;
}

/** An entry for each verb, with its outputs; a step's own entry is told apart by nothing. */
function answersByVerb(answer: Json): Json {
  // Of the schema above: an object with properties.
  const { properties = {}, ...rest } = answer as JsonObject;
  return Object.fromEntries(
    Object.entries(VERBS).map(([name, { title, outputs }]) => {
      const own = Object.entries(outputs).map(([output, { description }]) => [output, { description }]);
      return [name, { ...rest, description: title, properties: { ...(properties as JsonObject), ...Object.fromEntries(own) } }];
    }),
  );
}
