// The conformance tests of CEL as data: https://github.com/google/cel-spec, in the copy that @bufbuild/cel-spec carries.
import { tests } from '@bufbuild/cel-spec/testdata/conformance.js';
import type { SerializedIncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js';

/** A value as protobuf's JSON writes cel.expr.Value. */
export type WireValue = Readonly<Record<string, unknown>>;

export interface ConformanceTest {
  /** file/section/test */
  readonly name: string;
  readonly source: string;
  readonly bindings: Readonly<Record<string, WireValue>>;
  /** Where unqualified names are looked up first. */
  readonly container: string;
  /** Absent: it must end in an error. */
  readonly value?: WireValue;
}

/** Extensions of CEL that an implementation may leave out; macros2 is the one of loops over two variables. */
const EXTENSIONS: ReadonlySet<string> = new Set([
  'macros2',
  'bindings_ext',
  'block_ext',
  'encoders_ext',
  'math_ext',
  'optionals',
  'string_ext',
  'proto2_ext',
]);
/** A test that needs protobuf's messages: by its text, the names it is given, or its answer. */
const PROTOBUF = /google\.protobuf|TestAllTypes|cel\.expr\.conformance/;

export interface Suite {
  readonly core: readonly ConformanceTest[];
  /** How many are not core, by why. */
  readonly others: { readonly extensions: number; readonly protobuf: number; readonly typesOnly: number };
}

export function readSuite(): Suite {
  const found = (tests.suites ?? []).flatMap((file) => testsOf(file, [], file.name));
  const count = (why: Found['why']): number => found.filter((one) => one.why === why).length;
  return {
    core: found.filter((one) => one.why === 'core').map(({ test }) => test),
    others: { extensions: count('extension'), protobuf: count('protobuf'), typesOnly: count('types only') },
  };
}

interface Found {
  readonly why: 'core' | 'extension' | 'protobuf' | 'types only';
  readonly test: ConformanceTest;
}

function testsOf(suite: SerializedIncrementalTestSuite, path: readonly string[], file: string): readonly Found[] {
  const here = [...path, suite.name];
  const own = (suite.tests ?? []).map(({ original }) => ({ why: whyOf(original, file), test: makeTest(original, here) }));
  return [...own, ...(suite.suites ?? []).flatMap((inner) => testsOf(inner, here, file))];
}

function whyOf(original: Readonly<Record<string, unknown>>, file: string): Found['why'] {
  if (EXTENSIONS.has(file)) return 'extension';
  if (PROTOBUF.test(JSON.stringify(original))) return 'protobuf';
  // These ask for the type that a checker finds, and have no value.
  return original.checkOnly === true ? 'types only' : 'core';
}

function makeTest(original: Readonly<Record<string, unknown>> & { readonly expr: string }, path: readonly string[]): ConformanceTest {
  // Shapes of cel.expr.conformance.test.SimpleTest in protobuf's JSON.
  const typed = original.typedResult as { readonly result?: WireValue } | undefined;
  // A test that says nothing of its answer expects true.
  const hasAnswer = ['value', 'typedResult', 'evalError', 'anyEvalErrors'].some((key) => key in original);
  const value = (original.value ?? typed?.result ?? (hasAnswer ? undefined : { boolValue: true })) as WireValue | undefined;
  const bindings = (original.bindings ?? {}) as Readonly<Record<string, { readonly value?: WireValue }>>;
  return {
    name: [...path, String(original.name ?? original.expr)].join('/'),
    source: original.expr,
    bindings: Object.fromEntries(Object.entries(bindings).map(([name, bound]) => [name, bound.value ?? {}])),
    container: typeof original.container === 'string' ? original.container : '',
    ...(value === undefined ? {} : { value }),
  };
}
