// docs/reference/access.md
import { code, madeFrom, table } from './markdown.mjs';

/** `scopesOf`: role -> all scopes that it has. */
export function accessPage(access, roles, scopesOf) {
  const guarded = Object.entries(access).filter(([, row]) => row !== 'public');
  const open = Object.entries(access).flatMap(([route, row]) => (row === 'public' ? [code(route)] : []));
  const section = (role) => {
    const rows = guarded
      .filter(([, row]) => row.role === role)
      .map(([route, row]) => [code(route), row.sessionOnly ? 'no' : code(row.scope)]);
    return `## ${role}\n\nA token of theirs may have: ${scopesOf(role).map(code).join(', ')}.\n\n${
      rows.length > 0 ? table(['route', 'with a token that has'], rows) : 'No route of its own.'
    }`;
  };
  return `# Who may use which route

${madeFrom('server/access.ts')}

Each role may do what the ones before it may: ${roles.join(' < ')}. What the roles are for, and how people and tokens are made, is in [people](../people.md). Where the last column says no, only people who have signed in may;
a token never does more than its person, and nothing that it was not made for. Every refusal has a [code](errors.md).

${roles.map(section).join('\n\n')}

## Open to everybody

${open.join(', ')}: signed by their source or product instead, without data, or for loopback and a token (\`/metrics\`).
`;
}
