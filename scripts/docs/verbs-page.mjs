// docs/reference/verbs.md
import { code, madeFrom, table } from './markdown.mjs';

const RISKS = {
  read: 'changes nothing',
  additive: 'adds information (a ticket, a message), contains nothing',
  reversible: 'has an inverse; held in the ledger until it is released',
  destructive: 'cannot be taken back',
};

/** `servers`: verb -> connector types that serve it. */
export function verbsPage(verbs, servers) {
  const params = (record) =>
    Object.entries(record).map(([name, one]) => [
      code(name),
      `${one.type}${one.list ? ', a list' : ''}${one.optional ? ', optional' : ''}`,
      one.description,
    ]);
  const section = ([name, verb]) =>
    [
      `## ${name}`,
      `**${verb.title}.** ${verb.description}`,
      `Risk: **${verb.risk}**.${verb.inverse ? ` Undo: ${verb.inverse}.` : ''} Served by: ${(servers[name] ?? []).map(code).join(', ') || 'no connector yet'}.`,
      table(['parameter', 'type', 'meaning'], params(verb.params)),
      table(['result', 'type', 'meaning'], params(verb.outputs)),
    ].join('\n\n');
  return `# Verbs

${madeFrom('language/verbs.ts and connectors/')}

What a \`do\` step may say. A playbook names what is to be done; which product does it is decided by where the target lives, or by \`via: <connector>\`.
Results are read as \`steps.<id>.<result>\`, beside \`outcome\` and \`error\` ([outcomes](outcomes.md)).

${table(
  ['risk', 'meaning'],
  Object.entries(RISKS).map(([risk, meaning]) => [risk, meaning]),
)}

${Object.entries(verbs).map(section).join('\n\n')}
`;
}
