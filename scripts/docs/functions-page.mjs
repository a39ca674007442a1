// docs/reference/expressions.md
import { code, madeFrom, table } from './markdown.mjs';

/** `formOf` writes a row as an author would. */
export function functionsPage(functions, formOf) {
  const groups = [...new Set(functions.map((one) => one.group))];
  const rows = (group) =>
    functions.filter((one) => one.group === group).map((one) => [code(formOf(one)), one.gives, one.doc, exampleOf(one.example)]);
  return `# Expressions

${madeFrom('language/cel/functions/')}

Expressions are [CEL](https://cel.dev). They stand whole in \`when\` and \`unless\`, and inside \`\${{ }}\` everywhere else. A value that is one \`\${{ }}\` keeps its type;
embedded in text it becomes text. What was rendered is never read as a template again.

${table(
  ['root', 'what it is'],
  [
    [code('inputs'), 'The inputs, as the trigger, a manual start or a call filled them.'],
    [code('steps'), 'Results of the steps so far: the outputs of the verb, and `outcome`, `error`, `answer`, `by`, `at`.'],
    [code('run'), 'The run: `id`, `playbook`, `severity`, `severity_id`, `incident`, `url`, `started_at`.'],
    [code('vars'), 'Variables; `set` changes them.'],
    [code('alert'), '[The alert](alert.md). In triggers always; in steps only where every trigger is an alert.'],
  ],
)}

There are no secrets, no clock, no randomness and no environment in expressions. Severity is a word, with \`severity_id\` (OCSF's number) beside it: compare the number.
Operators: \`== != < <= > >= && || ! + - * / % in ? :\` and \`.member\`, \`[index]\`.

**Division.** Two whole numbers are divided without the rest, as CEL says: \`2 / 3\` is 0, and so is \`size(steps.hits.rows) / size(inputs.users)\` of 2 and 3. \`size(…)\`, \`int(…)\` and numbers without
a point are whole; numbers from inputs, alerts and results are not, so \`inputs.n / 2\` with 3 is 1.5. For a share write \`double(size(a)) / size(b)\`, for a whole number \`int(inputs.n / 2)\`.

## Functions

An argument is named; where its name does not say its kind, the kind stands behind it; \`?\` may be left out. Each example is run by a test and gives what stands behind it.

${groups.map((group) => `### ${group[0].toUpperCase()}${group.slice(1)}\n\n${table(['function', 'gives', 'what it is', 'example'], rows(group))}`).join('\n\n')}

## Bounds

An expression ends always, and soon. What passes a bound is an error with its code, never a guess.

${table(['bound', 'code'], BOUNDS)}

CEL's own conformance tests run in our suite: [what differs](conformance.md).
`;
}

const exampleOf = ([source, value]) => `${code(source)} → ${code(JSON.stringify(value))}`;

/** Held by test/language/bounds.test.ts, each at the bound and one above. */
const BOUNDS = [
  ['4,096 characters of source', code('EXPRESSION_TOO_LONG')],
  ['300 parts (after loops are written out)', code('EXPRESSION_TOO_LARGE')],
  ['a loop within a loop, not a third', code('EXPRESSION_TOO_NESTED')],
  ['512 characters of a pattern, written out', code('EXPRESSION_PATTERN')],
  ['200,000 steps: rounds of loops, members looked at, and 16 characters of text each', code('EXPRESSION_BUDGET')],
  [
    '1,048,576 characters of a text, 100,000 members of a list that it builds; 100,000 characters of text under a pattern',
    code('EXPRESSION_SIZE'),
  ],
  ['1,048,576 bytes of the result', code('EXPRESSION_SIZE')],
  ['100 levels of data', `${code('EXPRESSION_DATA')}, of a result ${code('EXPRESSION_RESULT')}`],
  ['whole numbers up to 2^53 in a result; finite numbers', code('EXPRESSION_RESULT')],
];
