import { describe, expect, it } from '@jest/globals';
import { playbookJsonSchema } from '../../language/json-schema.ts';
import { scenarioJsonSchema } from '../../language/scenario/json-schema.ts';
import { KINDS } from '../../language/steps/kinds.ts';

const schema: unknown = playbookJsonSchema();

function* objects(value: unknown): Generator<object> {
  if (typeof value !== 'object' || value === null) return;
  yield value;
  for (const member of Object.values(value)) yield* objects(member);
}

describe('the schema for editors', () => {
  it('has every step kind, and every reference in it leads somewhere', () => {
    expect(schema).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { steps: { $ref: '#/$defs/Steps' }, triggers: { $ref: '#/$defs/Triggers' } },
    });
    const definitions = Object.keys(Reflect.get(Object(schema), '$defs'));
    for (const kind of KINDS) expect(definitions).toContain(`Step_${kind.key}`);
    const references = [...objects(schema)].flatMap((one) => ('$ref' in one ? [String(one.$ref)] : []));
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) expect(definitions).toContain(reference.replace('#/$defs/', ''));
  });

  it.each([
    ['playbooks', schema],
    ['scenarios', scenarioJsonSchema()],
  ])('describes every key of %s, since the descriptions are the hover text', (_, whole) => {
    const silent: string[] = [];
    for (const one of objects(whole)) {
      const properties: unknown = 'properties' in one ? one.properties : undefined;
      for (const [name, member] of Object.entries(properties ?? {}))
        if (!('description' in Object(member)) && !('$ref' in Object(member))) silent.push(name);
    }
    expect(silent).toEqual([]);
  });

  it('offers the verbs where a verb stands', () => {
    expect(schema).toMatchObject({
      $defs: {
        Step_do: { properties: { do: { $ref: '#/$defs/Verb' } }, required: expect.arrayContaining(['do']) },
        Verb: { oneOf: expect.arrayContaining([expect.objectContaining({ const: 'user.disable' })]) },
      },
    });
  });
});
