// docs/reference/policy.md, from the same JSON Schemas that editors use.
import { readFileSync } from 'node:fs';
import { madeFrom, table } from './markdown.mjs';
import { rowsOf } from './playbook-page.mjs';

const inner = (schema, key) => schema.properties[key].items ?? schema.properties[key].additionalProperties ?? schema.properties[key];
const HEAD = ['key', 'value', 'meaning'];

export function policyPage(policy, cases) {
  const part = (title, key, more = '') =>
    `## ${title}\n\n${inner(policy, key).description}${more}\n\n${table(HEAD, rowsOf(inner(policy, key)))}`;
  return `# Policy

${madeFrom('language/policy/')}

\`policy.yaml\`, named by \`policy:\` in \`cordon.yaml\`, says what a response may do. It is asked for each effect, in the very commit that records that the effect is about to begin, with
what is known then. **A playbook can only be stricter; nothing that an alert says, and nothing that reaches Temporal, can loosen it.** A file with a fault is not used: the last good one stays in force.
Editors check and complete it with \`# yaml-language-server: $schema=…/docs/reference/policy.schema.json\` in its first line.

\`cordon policy check\` says what is wrong with it, \`cordon policy test\` runs the cases beside it, \`cordon policy explain host.isolate dc-01\` says what would be decided now.
Each decision is kept with its effect: the rule, the reason, the digest of the file and the facts that it was made from.

${table(
  HEAD,
  Object.entries(policy.properties).map(([key, one]) => [`\`${key}\``, one.type === 'array' ? 'list' : 'map', one.description ?? '']),
)}

## Which decision holds

1. A rule or a full limit that says \`deny\`, and what is [forbidden](#forbidden), ends it.
2. Otherwise everything that asks is added up: the highest count, the highest role, and whatever the playbook itself asks for.
3. Otherwise it is allowed. Without any rule everything is: start with a [tier](#tiers).

An approval is held against this again at the effect. When a limit has become full since, it is asked for again and says so.

${part('Rules', 'rules')}

${part('Limits', 'limits', " The place is taken under the limit's lock in the commit that records the intent: two effects never pass the last place. When a limit is full people are paged, at most every five minutes.")}

${part('Hours', 'hours')}

${part('Freezes', 'freezes')}

## Tiers

${policy.properties.tiers.description}

${table(HEAD, rowsOf(policy.properties.tiers))}

## Forbidden

${policy.properties.forbidden.description}

${table(HEAD, rowsOf(policy.properties.forbidden))}

## Approvals

${table(HEAD, rowsOf(policy.properties.approvals))}

## Holds

${table(HEAD, rowsOf(policy.properties.holds))}

## Cases

\`policy.tests.yaml\` beside \`policy.yaml\`; [its schema](policy-tests.schema.json). The trial form's:

\`\`\`yaml
${readFileSync('worker/trial/policy.tests.yaml', 'utf8').trim()}
\`\`\`

${table(HEAD, rowsOf(inner(cases, 'cases')))}
`;
}
