// docs/reference/conformance.md
import { code, madeFrom, table } from './markdown.mjs';

const countOf = ({ tests }) => Object.values(tests).reduce((sum, names) => sum + names.length, 0);
const placesOf = ({ tests }) =>
  Object.entries(tests)
    .map(([place, names]) => `${code(place)} (${names.length})`)
    .join(', ');
const rowsOf = (groups) => groups.map((group) => [`${countOf(group)}`, group.why, saysOf(group.says), placesOf(group)]);
const saysOf = (says) => (/^[A-Z_]+$/.test(says) ? code(says) : says);
const sum = (groups) => groups.reduce((total, group) => total + countOf(group), 0);

/** The suite's numbers are held by test/language/conformance.test.ts. */
const CORE = 1088;

export function conformancePage({ expressions, machine }) {
  return `# How expressions differ from CEL

${madeFrom('test/cases/conformance/left-out.yaml')}

CEL's own [conformance tests](https://github.com/google/cel-spec) run in our suite (\`npm test -- test/language/conformance\`), from the copy in \`@bufbuild/cel-spec\`: 2,344 tests.
Of them ${CORE.toLocaleString('en')} are core. The others are about what playbooks do not have: protobuf's messages (654), extensions of CEL (588), and types that a checker finds without a value (14).

They run twice.

- **As an author's expression**, through the same \`evaluate\` that runs use: ${CORE - sum(expressions)} give what the specification says, ${sum(expressions)} are left out, for the reasons below. Nearly all of these are
  refused when the playbook is checked; none gives a wrong value silently but for the rows that say *another value*.
- **In the machine beneath**, with our arithmetic, bounds and fences but before the rules of playbooks: ${CORE - sum(machine)} give what the specification says.

The test holds both lists to be exact, each test by its name: what begins to pass may not stay on the list, and what fails without standing there fails the suite.

## Left out of expressions

${table(['tests', 'why', 'what the author gets', 'where'], rowsOf(expressions))}

## Where the machine differs

${table(
  ['tests', 'why', 'where'],
  rowsOf(machine).map(([count, why, , where]) => [count, why, where]),
)}

And one addition: \`+ - * / %\` take a whole number and a fraction together, since every number of JSON is a fraction to CEL (\`inputs.count + 1\`).
`;
}
