// docs/reference/connectors.md
import { z } from 'zod';
import { code, madeFrom, table } from './markdown.mjs';

const DELIVERIES = {
  readable:
    'The present state is read before and after. Done twice is found to be done already; a crash in between is found and recorded as ours.',
  keyed: 'The product removes duplicates by our key.',
  once: 'Neither. Never sent a second time by itself: after a crash the outcome is `unknown` and a person decides.',
  repeatable: 'A message: a repeat after a crash is sent again and marked as one.',
};

export function connectorsPage(connectors, anchorOf) {
  const actions = (connector) =>
    connector.actions.map((action) => [
      `[${code(action.verb)}](verbs.md#${anchorOf(action.verb)})`,
      action.risk,
      action.delivery ?? '',
      action.permissions,
      action.docs.startsWith('http') ? `[documentation](${action.docs})` : action.docs,
    ]);
  const section = (connector) =>
    [
      `## ${connector.title}`,
      `\`type: ${connector.type}\`${connector.simulated ? ' · **simulated**: a product of the practice range' : ''}`,
      table(['setting', 'kind', 'default', 'meaning'], settingsOf(connector.config)),
      table(['verb', 'risk', 'delivery', 'least rights at the product', ''], actions(connector)),
    ].join('\n\n');
  const [real, simulated] = [connectors.filter((one) => !one.simulated), connectors.filter((one) => one.simulated)];
  return `# Connectors

${madeFrom('connectors/')}

A connector is one product that Cordon may read from and act on. It is named under \`connectors:\` in \`cordon.yaml\` with an \`id\` of yours, its \`type\`, and its settings.
Secrets are always references: \`env:NAME\` or \`file:path\`, from the folder of \`cordon.yaml\` where the path does not begin with \`/\`. A file that is replaced counts at the next request, a variable after a
restart. Private and loopback addresses are refused until \`outgoing:\` in \`cordon.yaml\` names them ([settings](settings.md#cordonyaml)). \`npx cordon connectors\` says for each how it answers, and as whom.

${table(
  ['delivery', 'what a repeat does'],
  Object.entries(DELIVERIES).map(([delivery, meaning]) => [delivery, meaning]),
)}

${[...real, ...simulated].map(section).join('\n\n')}
`;
}

/** One row for each setting; settings of variants (\`via: ssh\`) stand under their variant's name. */
function settingsOf(config) {
  const schema = z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' });
  const variants = schema.oneOf ?? schema.anyOf ?? [schema];
  const rows = new Map();
  for (const variant of variants) for (const row of objectRows(variant, '')) rows.set(`${row[0]}${variants.length > 1 ? row[1] : ''}`, row);
  return [...rows.values()];
}

function objectRows(schema, prefix) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const path = `${prefix}${name}`;
    if (one.type === 'object' && one.properties) return objectRows(one, `${path}.`);
    return [[code(path), kindOf(one), defaultOf(one, required.has(name)), one.description ?? MEANINGS[name] ?? '']];
  });
}

/** What many connectors have, and say once in connectors/config.ts. */
const MEANINGS = {
  timeoutMs: 'How long one request may take, ms.',
  via: 'How it is reached.',
  family: 'Family of the table.',
  table: 'The table that holds the set.',
  hosts: 'Names of hosts and their addresses.',
  host: 'Name or address of the server.',
  port: 'Its port.',
  user: 'The account there.',
  password: "The account's password, as env:NAME or file:path.",
};

const defaultOf = (one, isRequired) => (one.default === undefined ? (isRequired ? '**needed**' : '') : code(JSON.stringify(one.default)));

function kindOf(one) {
  if (one.const !== undefined) return code(one.const);
  if (one.enum !== undefined) return one.enum.map(code).join(' ');
  if (one.type === 'array') return `list of ${one.items?.type ?? 'values'}`;
  if (one.type === 'object') return 'map';
  return one.type ?? 'value';
}
