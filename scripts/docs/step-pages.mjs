// docs/reference/steps/<kind>.md: what the schema says of a kind, an example that a test runs, and how it ends (docs/examples/<kind>/).
import { readFileSync } from 'node:fs';
import { madeFrom, table } from './markdown.mjs';
import { described, rowsOf } from './playbook-page.mjs';

/** In the order in which they are learnt. A test holds them equal to the language's. */
export const STEP_KINDS = ['do', 'ask', 'group', 'if', 'switch', 'parallel', 'for_each', 'repeat', 'wait', 'call', 'set', 'undo', 'stop'];

const read = (path) => readFileSync(`docs/examples/${path}`, 'utf8').trimEnd();
const yaml = (text) => `\`\`\`yaml\n${text}\n\`\`\``;

export function stepPage(kind, source) {
  const schema = described(source);
  const steps = Object.entries(schema.$defs).filter(([name]) => name.startsWith('Step_'));
  const step = schema.$defs[`Step_${kind}`];
  const shared = Object.keys(steps[0][1].properties).filter((name) => steps.every(([, one]) => name in one.properties));
  const usable = shared.filter((name) => kind === 'do' || (name !== 'timeout' && name !== 'retry'));
  const own = Object.keys(step.properties).filter((key) => !shared.includes(key));
  const text = read(`${kind}/playbook.yaml`);
  return `# ${kind}

${madeFrom(`language/steps/ and docs/examples/${kind}/`)}

${step.description}

${table(['key', 'value', 'meaning'], rowsOf(step, own))}

Beside these, the keys that [any step](../playbook.md#steps) may have: ${usable.map((key) => `\`${key}\``).join(', ')}.

## Example

${yaml(text.slice(text.indexOf('inputs:')))}

A [scenario](../scenarios.md) of it, which passes:

${yaml(read(`${kind}/scenarios/example.yaml`))}

## How it goes

${read(`${kind}/notes.md`).replace('CALLED', () => read('contain-account/playbook.yaml'))}
`;
}
