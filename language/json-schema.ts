// The playbook's schema for editors and the reference page, from the same descriptions that the checks use.
import { z } from 'zod';
import { FUNCTIONS } from './cel/functions/functions.ts';
import { argumentsOf, formOf } from './cel/functions/row.ts';
import type { Json } from './plan.ts';
import { alertTrigger, manualTrigger, playbook, scheduleTrigger } from './schema/playbook.ts';
import { KINDS } from './steps/kinds.ts';
import { withParameters } from './verb-schema.ts';
import { VERBS } from './verbs.ts';

type JsonObject = Record<string, Json>;

const OPTIONS = { target: 'draft-2020-12', io: 'input', unrepresentable: 'any' } as const;

/** JSON Schema 2020-12, self-contained. */
export function playbookJsonSchema(): Readonly<Record<string, Json>> {
  const definitions: JsonObject = {
    Step: { description: 'One step: it does exactly one thing.', anyOf: KINDS.map((kind) => ({ $ref: `#/$defs/Step_${kind.key}` })) },
    Steps: { type: 'array', minItems: 1, description: 'Steps, done in this order.', items: { $ref: '#/$defs/Step' } },
    Branch: { anyOf: [{ $ref: '#/$defs/Step' }, { $ref: '#/$defs/Steps' }] },
    Branches: {
      type: 'array',
      minItems: 2,
      description: 'The branches: each a step, or a list of steps done in order.',
      items: { $ref: '#/$defs/Branch' },
    },
    Triggers: {
      type: 'array',
      minItems: 1,
      description: 'What starts it.',
      items: { anyOf: [{ $ref: '#/$defs/Trigger_alert' }, { $ref: '#/$defs/Trigger_schedule' }, { $ref: '#/$defs/Trigger_manual' }] },
    },
    Verb: {
      description: 'A verb.',
      oneOf: Object.entries(VERBS).map(([name, verb]) => ({ const: name, title: verb.title, description: verb.description })),
    },
    Expression: { type: 'string', minLength: 1, defaultSnippets: functionSnippets() },
    Trigger_alert: convert(alertTrigger),
    Trigger_schedule: convert(scheduleTrigger),
    Trigger_manual: convert(manualTrigger),
  };
  for (const kind of KINDS) {
    const step = { title: `${kind.key}: …`, ...convert(kind.schema), description: kind.description };
    definitions[`Step_${kind.key}`] = kind.key === 'do' ? withParameters(step) : step;
  }
  const root = convert(playbook);
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...root, $defs: definitions };
}

/** zod's own output with our named parts put in for what zod was only told as "a list". */
function convert(schema: z.ZodType): JsonObject {
  // zod types its answer loosely; it is plain JSON by construction.
  const made = JSON.parse(JSON.stringify(z.toJSONSchema(schema, OPTIONS))) as JsonObject;
  const { $schema: _schema, $defs: _defs, id: _id, ...rest } = made;
  const linked = link(rest);
  // An object schema stays an object.
  return linked as JsonObject;
}

const NAMED: ReadonlySet<string> = new Set(['Steps', 'Branches', 'Triggers']);

function link(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => link(item));
  if (typeof value !== 'object' || value === null) return value;
  const record = value as JsonObject;
  // What the key says of itself stays beside the reference.
  if (record.part === 'Expression') return { description: record.description ?? '', $ref: '#/$defs/Expression' };
  // `part` is set in the schema's own meta, where recursion would begin.
  if (typeof record.part === 'string' && NAMED.has(record.part)) return { $ref: `#/$defs/${record.part}` };
  return Object.fromEntries(
    Object.entries(record).map(([name, member]) => [name, name === 'do' && isVerbText(member) ? { $ref: '#/$defs/Verb' } : link(member)]),
  );
}

const isVerbText = (member: Json): boolean =>
  typeof member === 'object' && member !== null && 'description' in member && String(member.description).startsWith('The verb,');

/** An editor offers the functions where an expression begins; what stands before a dot, and the arguments, are filled in one after the other. */
function functionSnippets(): readonly Json[] {
  return FUNCTIONS.map((row) => {
    const places = argumentsOf(row)
      .filter(({ optional }) => !optional)
      .map(({ name }, index) => `\${${index + 1}:${name}}`);
    const [first = '', ...rest] = places;
    const bodyText = row.on === 'dot' ? `${first}.${row.name}(${rest.join(', ')})` : `${row.name}(${places.join(', ')})`;
    return { label: formOf(row), description: row.doc, bodyText };
  });
}
