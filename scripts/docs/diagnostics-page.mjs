// docs/reference/diagnostics.md
import { code, madeFrom, table } from './markdown.mjs';

export function diagnosticsPage(codes) {
  return `# What \`cordon validate\` says

${madeFrom('language/diagnostics.ts')}

Each finding has file, line, column, a code and a hint: that of its place, or the one below. All faults of a file are told in one run; nothing makes it fail otherwise. Errors keep a playbook from being published; the version before it stays in force. Warnings do not.

${table(
  ['code', 'kind', 'what it means', 'what to do'],
  Object.entries(codes).map(([name, one]) => [code(name), one.severity, one.help, one.mend]),
)}
`;
}
