// CEL's own conformance tests against our evaluation: as an author's expression meets it, and the machine beneath with its fences and bounds.
// What is left out stands in test/cases/conformance/left-out.yaml, with why; docs/reference/conformance.md is made from that list.
import { readFileSync } from 'node:fs';
import { type CelEnv, celEnv, isCelError, parse, plan } from '@bufbuild/cel';
import { describe, expect, it } from '@jest/globals';
import { parse as parseYaml } from 'yaml';
import { createBudget } from '../../language/cel/budget.ts';
import { fence } from '../../language/cel/fence.ts';
import { ownFunctions } from '../../language/cel/operators.ts';
import { outcomeOf } from './conformance/outcome.ts';
import { type ConformanceTest, readSuite } from './conformance/suite.ts';
import { celText, toCel, wireText } from './conformance/values.ts';

interface Group {
  readonly says: string;
  readonly why: string;
  readonly tests: Readonly<Record<string, readonly string[]>>;
}

const LIST = new URL('../cases/conformance/left-out.yaml', import.meta.url);
// The list is ours, and each of its names is held against the suite below.
const leftOut = parseYaml(readFileSync(LIST, 'utf8')) as Readonly<Record<'expressions' | 'machine', readonly Group[]>>;
const suite = readSuite();

const linesOf = (groups: readonly Group[]): readonly string[] =>
  groups.flatMap(({ says, tests }) => Object.entries(tests).flatMap(([place, names]) => names.map((name) => `${place}/${name}: ${says}`)));

const budget = createBudget();
const environments = new Map<string, CelEnv>();

function environmentFor(container: string): CelEnv {
  const known = environments.get(container);
  if (known) return known;
  const made = celEnv({ funcs: ownFunctions(budget), ...(container === '' ? {} : { namespace: container }) });
  environments.set(container, made);
  return made;
}

function runMachine(test: ConformanceTest): string {
  try {
    const parsed = parse(test.source);
    fence(parsed.expr);
    budget.reset();
    const result = plan(
      environmentFor(test.container),
      parsed,
    )(Object.fromEntries(Object.entries(test.bindings).map(([name, value]) => [name, toCel(value)])));
    return isCelError(result) ? 'error' : celText(result);
  } catch {
    return 'error';
  }
}

describe('the core of CEL', () => {
  it('has as many tests as the list was made for', () => {
    expect({ core: suite.core.length, ...suite.others }).toEqual({ core: 1088, extensions: 588, protobuf: 654, typesOnly: 14 });
  });

  it('an expression gives what the specification says, or is refused for a reason that is written down', () => {
    const found = suite.core.flatMap((test) => {
      const outcome = outcomeOf(test);
      return outcome === 'same' ? [] : [`${test.name}: ${typeof outcome === 'string' ? outcome : outcome.code}`];
    });
    expect(found.toSorted()).toEqual(linesOf(leftOut.expressions).toSorted());
  });

  it('fences, bounds and our arithmetic change nothing else', () => {
    const found = suite.core.flatMap((test) => {
      const wanted = test.value === undefined ? 'error' : wireText(test.value);
      return runMachine(test) === wanted ? [] : [`${test.name}: differs`];
    });
    expect(found.toSorted()).toEqual(linesOf(leftOut.machine).toSorted());
  });
});
