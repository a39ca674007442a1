// docs/reference/expressions.md
import { code, madeFrom, table } from './markdown.mjs';

export function functionsPage(functions) {
  return `# Expressions

${madeFrom('language/cel/functions.ts')}

Expressions are [CEL](https://cel.dev). They stand whole in \`when\` and \`unless\`, and inside \`\${{ }}\` everywhere else. A value that is one \`\${{ }}\` keeps its type;
embedded in text it becomes text. What was rendered is never read as a template again.

${table(
  ['root', 'what it is'],
  [
    [code('inputs'), 'The inputs, as the trigger, a manual start or a call filled them.'],
    [code('steps'), 'Results of the steps so far: the outputs of the verb, and `outcome`, `error`, `answer`, `by`, `at`.'],
    [code('run'), 'The run: `id`, `playbook`, `severity`, `severity_id`, `incident`, `url`, `started_at`.'],
    [code('vars'), 'Variables; `set` changes them.'],
    [code('alert'), 'The alert. In triggers always; in steps only where every trigger is an alert.'],
  ],
)}

There are no secrets, no clock, no randomness and no environment in expressions. Severity is a word, with \`severity_id\` (OCSF's number) beside it: compare the number.
Operators: \`== != < <= > >= && || ! + - * / % in ? :\` and \`.member\`, \`[index]\`.

${table(
  ['function', 'what it gives', 'example'],
  functions.map((one) => [code(one.form), one.doc, code(one.example)]),
)}
`;
}
