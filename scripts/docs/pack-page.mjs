// docs/playbooks.md, and in the README of each shipped playbook its graph and its verbs: all from the playbook itself.
import { code, madeFrom, table } from './markdown.mjs';

const BEGIN = '<!-- graph and verbs: made by npm run docs from playbook.yaml -->';
const END = '<!-- end of graph and verbs -->';

/** The README with its graph renewed; put at its end where it has none yet. */
export function withGraph(text, { mermaid, verbs, of, served, anchorOf }) {
  const [before, rest] = text.split(BEGIN);
  const after = rest === undefined ? '\n' : (rest.split(END)[1] ?? '\n');
  const rows = verbs.map((verb) => [
    `[${code(verb)}](../../docs/reference/verbs.md#${anchorOf(verb)})`,
    of[verb].risk,
    of[verb].inverse ?? '',
    (served[verb] ?? []).map(code).join(', '),
  ]);
  const made = `${BEGIN}\n\n\`\`\`mermaid\n${mermaid}\`\`\`\n\n${table(['verb', 'risk', 'how it is undone', 'served by'], rows)}\n\n${END}`;
  return `${before.trimEnd()}\n\n${made}${after}`;
}

export function packPage(plans, { verbsOf, of }) {
  const effects = (plan) => verbsOf(plan).filter((verb) => of[verb].risk === 'reversible' || of[verb].risk === 'destructive');
  const rows = plans.map((plan) => [
    `[${plan.title}](../playbooks/${plan.playbook}/README.md)`,
    plan.description,
    effects(plan).map(code).join(' '),
    [...(plan.labels.attack ?? []), ...(plan.labels.csf ?? [])].join(' '),
  ]);
  return `# The playbooks that come with Cordon

${madeFrom('playbooks/')}

${plans.length} playbooks to begin with, each with scenarios that reach every step and every way (\`npx cordon test\`). \`npx cordon new <name> --from <playbook>\` copies one under a name of
yours; \`npx cordon explain\` says one in plain English. Alerts choose them by what they name and by a word, \`category\`, that your rules put into the alert; put your own sources and words
into \`triggers\`.

${table(['playbook', 'what it does', 'effects', 'labels'], rows)}
`;
}
