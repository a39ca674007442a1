// docs/reference/playbook.md, from the same JSON Schema that editors use.
import { code, madeFrom, table } from './markdown.mjs';

/** `reserved`: words that cannot be names; `results`: what every step's result has. */
export function playbookPage(source, { reserved, results }) {
  const schema = described(source);
  const steps = Object.entries(schema.$defs).filter(([name]) => name.startsWith('Step_'));
  // What stands on every kind is said once.
  const shared = Object.keys(steps[0][1].properties).filter((name) => steps.every(([, step]) => name in step.properties));
  const kind = ([name, step]) => {
    const own = Object.keys(step.properties).filter((key) => !shared.includes(key));
    const word = name.slice('Step_'.length);
    return [
      `### ${word}`,
      `${step.description} [More, with an example](steps/${word}.md).`,
      table(['key', 'value', 'meaning'], rowsOf(step, own)),
    ].join('\n\n');
  };
  const triggers = ['Trigger_alert', 'Trigger_schedule', 'Trigger_manual'].flatMap((name) => rowsOf(schema.$defs[name]));
  return `# Playbooks

${madeFrom('language/schema/ and language/steps/')}

One file, \`playbooks/<name>/playbook.yaml\`. An unknown key is an error. Editors check and complete it with
\`# yaml-language-server: $schema=../../docs/reference/playbook.schema.json\` in its first line. See also [expressions](expressions.md), [alerts](alert.md), [verbs](verbs.md),
[outcomes](outcomes.md), [scenarios](scenarios.md) and [what validate says](diagnostics.md).

${table(['key', 'value', 'meaning'], rowsOf(schema))}

## Triggers

Under \`triggers\`, each of these three kinds. [Schedules](../schedules.md) says what happens to starts that overlap or were missed.

${table(['key', 'value', 'meaning'], triggers)}

## Names

Steps, inputs, variables, outputs and fields of a form are called by a small letter, then letters, digits and \`_\`, at most 40 in all; playbooks, events and outcomes by small letters, digits and \`-\`.
These words cannot be names, since expressions keep them: ${reserved.map(code).join(' ')}. A step cannot be called \`step\` (those without a name are \`step-1\`, \`step-2\` …), an output not
${results.map(code).join(' ')}, and the variable of a \`for_each\` not like a root of expressions (\`inputs\`, \`steps\`, \`run\`, \`vars\`, \`alert\`) or a loop's variable around it.

## Steps

A step does exactly one thing. These keys may stand on any of them:

${table(['key', 'value', 'meaning'], rowsOf(steps[0][1], shared))}

${steps.map(kind).join('\n\n')}
`;
}

/** A named part (`$ref`) says what it is where it is defined; a row of a table says it again. */
export function described(schema, parts = schema.$defs) {
  if (Array.isArray(schema)) return schema.map((one) => described(one, parts));
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, one]) => [name, described(one, parts)]));
  const part = typeof schema.$ref === 'string' ? parts[schema.$ref.slice('#/$defs/'.length)] : undefined;
  return part?.description === undefined ? inner : { description: part.description, ...inner };
}

export function rowsOf(schema, keys = Object.keys(schema.properties ?? {}), prefix = '', needed = 'needed') {
  const required = new Set(schema.required ?? []);
  return keys.flatMap((key) => {
    const one = schema.properties[key];
    const path = `${prefix}${key}`;
    const row = [code(path), `${formOf(one)}${required.has(key) ? `, **${needed}**` : ''}`, one.description ?? ''];
    return [row, ...(prefix.split('.').length > 2 ? [] : innerRows(one, path))];
  });
}

/** The members of an object, of each form that may stand instead of it, and of what stands under names that authors give. */
const innerRows = (one, path) =>
  [one, ...(one.anyOf ?? [])].flatMap((form, _, forms) => {
    const isOneOfMany = forms.filter(({ properties }) => properties !== undefined).length > 1;
    if (form.properties !== undefined) return rowsOf(form, undefined, `${path}.`, isOneOfMany ? 'needed in this form' : 'needed');
    const named = form.additionalProperties;
    return named?.properties === undefined ? [] : rowsOf(named, undefined, `${path}.<name>.`);
  });

function formOf(one) {
  if (one.$ref !== undefined) return one.$ref.slice('#/$defs/'.length).toLowerCase();
  if (one.const !== undefined) return code(one.const);
  if (one.enum !== undefined) return one.enum.map(code).join(' ');
  if (one.anyOf !== undefined) return [...new Set(one.anyOf.map(formOf))].join(' or ');
  if (one.type === 'array') return one.items?.$ref || one.items?.type ? `list of ${formOf(one.items)}` : 'list';
  if (one.type === 'object') return 'map';
  return one.type === undefined ? 'any value' : one.type === 'string' ? 'text' : one.type;
}
