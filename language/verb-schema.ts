// The parameters of each verb, for editors: where `do` is that verb, `with` takes these and nothing else.
import type { Json } from './plan.ts';
import { type Param, VERBS, type Verb } from './verbs.ts';

type JsonObject = Readonly<Record<string, Json>>;

/** The schema of the step kind `do` with the parameters of each verb in it. */
export function withParameters(step: JsonObject): JsonObject {
  const rules = Object.entries(VERBS).map(([name, verb]) => ({
    if: { properties: { do: { const: name, description: verb.description } }, required: ['do'] },
    then: withRule(verb),
  }));
  // Any name at all is right for no verb, and an editor would offer it.
  const base = { type: 'object', description: 'The parameters of the verb.' };
  // What zod made of an object has properties.
  const properties = step.properties as JsonObject;
  return { ...step, properties: { ...properties, with: base }, allOf: rules };
}

function withRule(verb: Verb): JsonObject {
  const required = Object.entries(verb.params).flatMap(([name, param]) => (param.optional ? [] : [name]));
  const parameters = {
    type: 'object',
    description: `The parameters of: ${verb.title}.`,
    properties: Object.fromEntries(Object.entries(verb.params).map(([name, param]) => [name, paramRule(param)])),
    required,
    additionalProperties: false,
    // Editors would offer `with` once for each verb where none stands yet.
    doNotSuggest: true,
  };
  return { properties: { with: parameters }, ...(required.length > 0 ? { required: ['with'] } : {}) };
}

/** A template stands for any value; text that holds one is text. */
const TEMPLATE = { type: 'string', pattern: '\\$\\{\\{' };

function paramRule(param: Param): JsonObject {
  const kind = param.list ? `list of ${param.type}` : param.type;
  return { description: `${param.description} (${kind}${param.optional ? ', may be left out' : ''})`, ...valueRule(param) };
}

function valueRule({ type, list, choices }: Param): JsonObject {
  if (choices) return { anyOf: [{ enum: choices }, TEMPLATE] };
  if (list) return { anyOf: [{ type: 'array' }, TEMPLATE] };
  switch (type) {
    case 'number':
      return { anyOf: [{ type: 'number' }, TEMPLATE] };
    case 'boolean':
      return { anyOf: [{ type: 'boolean' }, TEMPLATE] };
    case 'severity':
      return { anyOf: [{ enum: ['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal'] }, TEMPLATE] };
    case 'map':
    case 'people':
      return { anyOf: [{ type: 'object' }, TEMPLATE] };
    case 'text':
    case 'ip':
    case 'domain':
    case 'url':
    case 'duration':
      return { type: 'string' };
    // An entity: text is looked up exactly, a map names it by its members.
    default:
      return { anyOf: [{ type: 'string' }, { type: 'object' }] };
  }
}
