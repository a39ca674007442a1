// A list of steps as text to steps of the plan, kind by kind, with every fault told. What was read is noted for the checks that follow.

import { calleeOf, NO_CALLEE } from '../callee.ts';
import { type ParsedExpression, parseExpression } from '../cel.ts';
import { everyStep } from '../checks/step-facts.ts';
import type { Library } from '../library.ts';
import { didYouMean } from '../nearest.ts';
import { own } from '../own.ts';
import type { Callee, Json, People, Step, Template } from '../plan.ts';
import type { Report, Reporter } from '../report.ts';
import { reportIssues } from '../schema/issues.ts';
import { EXAMPLES, STEP_SLIPS } from '../schema/slips.ts';
import { type Notes, readTemplate, type TemplateUse, type WrittenText } from '../template-value.ts';
import { VERBS } from '../verbs.ts';
import type { Path } from '../yaml-text.ts';
import { durationMs } from './duration-ms.ts';
import { KINDS } from './kinds.ts';
import type { BaseText, KindRow, ListPlace, Making, PeopleText } from './step-kind.ts';

const MAX_STEPS = 5000;
/** Steps within steps. */
const MAX_NESTING = 12;

/** An expression of a step, and where it stands. */
export interface Use {
  readonly source: string;
  readonly path: Path;
  /** Within the text at the path, from 0. */
  readonly offset: number;
  /** guard: `when` · condition: `if`, `switch` · until: after each turn · unless: of an approval · value: in a `${{ }}`. */
  readonly role: 'guard' | 'condition' | 'until' | 'unless' | 'value';
  /** Of a `${{ }}`: something stands beside it, so that its value becomes text. */
  readonly isWithinText?: boolean;
  /** Parsed once; several checks look at it. */
  readonly parsed: ParsedExpression;
}

export interface Written {
  readonly path: Path;
  readonly uses: readonly Use[];
  /** What stands outside of expressions where a template may stand. */
  readonly texts: readonly WrittenText[];
  /** As they are written, the wrong ones too. */
  readonly keys: readonly string[];
}

export interface StepsText {
  readonly report: Report;
  readonly hush: Reporter['hush'];
  readonly lineOf: (path: Path) => number;
  /** What the text says of each step. */
  readonly written: Map<Step, Written>;
  /** Named steps and where they stand. */
  readonly ids: Map<string, Path>;
  /** Ids of steps with a fault of their shape: what they leave behind is not known. */
  readonly broken: Set<string>;
  /** Where steps stand that could not be read at all. */
  readonly unread: Path[];
  count: number;
  /** Playbooks that may be called, and the name of this one. */
  readonly library?: Library;
  readonly playbook: string;
}

interface Around {
  readonly path: Path;
  /** Id of the step around them; absent at the top. */
  readonly parent?: string;
  readonly mark: string;
  readonly depth: number;
}

export function readSteps(context: StepsText, raw: Json | undefined, around: Around): readonly Step[] {
  if (!Array.isArray(raw)) return [];
  if (around.depth > MAX_NESTING) {
    context.report('STEP_NESTING', around.path, `steps are nested deeper than ${MAX_NESTING} levels`, { hint: 'split the playbook' });
    return [];
  }
  const prefix = around.parent === undefined ? 'step' : `${around.parent}${around.mark}`;
  return raw.flatMap((item: Json, index) =>
    readStep(context, item, { ...around, path: [...around.path, index] }, `${prefix}-${index + 1}`),
  );
}

function readStep(context: StepsText, raw: Json, around: Around, ownId: string): readonly Step[] {
  context.count += 1;
  if (context.count > MAX_STEPS) {
    if (context.count === MAX_STEPS + 1) context.report('STEP_TOO_MANY', around.path, `the playbook has more than ${MAX_STEPS} steps`);
    return [];
  }
  if (!isRecord(raw)) {
    const kind = KINDS.find(({ key }) => key === raw);
    const hint = kind && (own(EXAMPLES, kind.key) ?? (kind.key === 'undo' ? 'such as undo: all' : undefined));
    context.report('VALUE_TYPE', around.path, 'a step must be a map', {
      hint: hint?.replace('such as ', 'such as: - ') ?? 'such as: - do: user.lookup',
    });
    return [];
  }
  const kind = pickKind(context, raw, around.path);
  if (!kind) return unreadable(context, raw, around.path);
  // What stands beside the kind it is taken for was told of.
  const others = KINDS.filter(({ key }) => key !== kind.key && Object.hasOwn(raw, key)).map(({ key }) => key);
  for (const key of others) context.hush([...around.path, key]);
  const text = others.length === 0 ? raw : Object.fromEntries(Object.entries(raw).filter(([key]) => !others.includes(key)));
  const { issues, standIns = [], build, base } = kind.read(text);
  if (issues.length > 0)
    reportIssues(context.report, issues, text, around.path, {
      keys: Object.keys(kind.schema.shape),
      schema: kind.schema,
      instead: slipsOf(raw),
    });
  reportUseless(context, raw, kind, around.path);
  const id = takeId(context, raw, around.path, ownId);
  const lists = new Map([...kind.lists(raw), ...followUps(raw)].map((list) => [list.name, readList(context, list, around, id)]));
  if (!build || !base) return unreadable(context, raw, around.path);
  if (issues.length > 0 || others.length > 0) context.broken.add(id);
  for (const path of standIns) context.hush([...around.path, ...path]);
  const uses: Use[] = [];
  const texts: WrittenText[] = [];
  const making = makingOf(context, { path: around.path, id, named: raw.id !== undefined, base, lists, uses, texts });
  const step = build(making);
  context.written.set(step, { path: around.path, uses, texts, keys: Object.keys(raw) });
  return [step];
}

/** What reads its results is not told that there is no such step. */
function unreadable(context: StepsText, raw: Readonly<Record<string, Json>>, path: Path): readonly Step[] {
  if (typeof raw.id === 'string') context.broken.add(raw.id);
  context.unread.push(path);
  return [];
}

/** Keys that a `do` alone can use; passed over in silence they would be a promise that nobody keeps. */
function reportUseless(context: StepsText, raw: Readonly<Record<string, Json>>, kind: KindRow, path: Path): void {
  if (kind.key === 'do') return;
  for (const key of ['timeout', 'retry']) {
    if (!Object.hasOwn(raw, key)) continue;
    const hint = key === 'timeout' && kind.key === 'ask' ? '`within` says how long it may take' : 'give it to the `do` steps inside';
    context.report('KEY_USELESS', [...path, key], `\`${key}\` means something on \`do\` only`, { part: 'key', hint });
  }
}

/** A parameter beside `do`: it stands under `with`. */
function slipsOf(raw: Readonly<Record<string, Json>>): Readonly<Record<string, string>> {
  const verb = typeof raw.do === 'string' ? own(VERBS, raw.do) : undefined;
  const params = Object.keys(verb?.params ?? {}).map((name) => [name, `a parameter stands under \`with\`: with: { ${name}: … }`] as const);
  return { ...STEP_SLIPS, ...Object.fromEntries(params) };
}

function pickKind(context: StepsText, raw: Readonly<Record<string, Json>>, path: Path): KindRow | undefined {
  const kinds = KINDS.filter((kind) => Object.hasOwn(raw, kind.key));
  const [first, second] = kinds;
  if (first && !second) return first;
  const known = KINDS.map((kind) => kind.key).join(', ');
  if (first && second) {
    context.report('STEP_KIND', [...path, second.key], `the step says \`${first.key}\` and \`${second.key}\`; a step does one thing`, {
      part: 'key',
      hint: kinds.some(({ key }) => key === 'for_each' || key === 'repeat')
        ? 'what is done in each turn stands under `steps`'
        : 'make two steps of it, or guard the step with `when`',
    });
    return kinds.find((kind) => kind.key === 'do') ?? first;
  }
  const nearHint = Object.keys(raw)
    .map((key) => own(STEP_SLIPS, key))
    .find((hint) => hint !== undefined);
  context.report('STEP_KIND', path, 'the step does not say what to do', { hint: nearHint ?? `one of ${known}` });
  return undefined;
}

function takeId(context: StepsText, raw: Readonly<Record<string, Json>>, path: Path, ownId: string): string {
  if (typeof raw.id !== 'string') return ownId;
  const first = context.ids.get(raw.id);
  if (first)
    context.report(
      'STEP_DUPLICATE',
      [...path, 'id'],
      `the id \`${raw.id.slice(0, 60)}\` is taken by the step on line ${context.lineOf(first)}`,
    );
  else context.ids.set(raw.id, path);
  return raw.id;
}

function followUps(raw: Readonly<Record<string, Json>>): readonly ListPlace[] {
  return ['on_error', 'on_denied'].flatMap((key) => {
    const value = raw[key];
    return Array.isArray(value) ? [{ name: key, path: [key], raw: value, mark: key === 'on_error' ? '-error' : '-denied' }] : [];
  });
}

function readList(context: StepsText, list: ListPlace, around: Around, parent: string): readonly Step[] {
  const path = [...around.path, ...list.path];
  const inside = { path, parent, mark: list.mark, depth: around.depth + 1 };
  if (Array.isArray(list.raw)) return readSteps(context, list.raw, inside);
  // A branch that is one step stands for a list of it.
  return readStep(context, list.raw, { ...inside, path }, `${parent}${list.mark}-1`);
}

export const toUse = (place: TemplateUse, role: Use['role']): Use => ({ ...place, role, parsed: parseExpression(place.source) });

/** Keeps what is in templates for the checks that follow. */
export const keepIn = (uses: Use[], texts: WrittenText[]): Notes => ({
  expression: (use) => {
    uses.push(toUse(use, 'value'));
  },
  text: (text) => {
    texts.push(text);
  },
});

interface Material {
  readonly path: Path;
  readonly id: string;
  readonly named: boolean;
  readonly base: BaseText;
  readonly lists: ReadonlyMap<string, readonly Step[]>;
  readonly uses: Use[];
  readonly texts: WrittenText[];
}

function makingOf(context: StepsText, material: Material): Making {
  const { path, uses, texts, lists } = material;
  const note = keepIn(uses, texts);
  const template = (value: unknown, ...under: Path): Template => readTemplate(context.report, value, [...path, ...under], note);
  const expression = (source: string, role: Use['role'], ...under: Path): string => {
    uses.push(toUse({ source, path: [...path, ...under], offset: 0 }, role));
    return source;
  };
  return {
    base: makeBase(context, material, expression),
    list: (name) => lists.get(name) ?? [],
    template,
    templates: (record, ...under) =>
      Object.fromEntries(Object.entries(record).map(([name, value]) => [name, template(value, ...under, name)])),
    expression,
    callee: (name) => findCallee(context, name, material.id, path),
    people: (who, ...under) => makePeople(who, (person) => template(person, ...under, 'person')),
  };
}

function findCallee(context: StepsText, name: string, call: string, path: Path): Callee {
  const at = [...path, 'call'];
  const found = context.library?.find(name, context.playbook) ?? { kind: 'unknown', known: [] };
  switch (found.kind) {
    case 'plan': {
      const callee = calleeOf(found.plan, call);
      context.count += [...everyStep(callee.steps)].length;
      if (context.count > MAX_STEPS)
        context.report('STEP_TOO_MANY', at, `with what it calls, the playbook has more than ${MAX_STEPS} steps`);
      if (found.plan.triggers.every((trigger) => trigger.kind === 'alert'))
        context.report('CALL_ALERT', at, `\`${name}\` starts by alerts alone, and its steps may read one`);
      return callee;
    }
    case 'recursive':
      context.report('CALL_RECURSES', at, `\`${name}\` comes back to its caller: ${found.way.join(' → ')}`);
      context.broken.add(call);
      return NO_CALLEE;
    case 'broken':
      context.report('CALL_BROKEN', at, `\`${name}\` has faults of its own, the first at ${found.first}`);
      context.broken.add(call);
      return NO_CALLEE;
    case 'unknown': {
      const hint = () => didYouMean(name, found.known);
      context.report('CALL_UNKNOWN', at, `there is no playbook \`${name}\``, { hint });
      context.broken.add(call);
      return NO_CALLEE;
    }
  }
}

function makeBase(
  context: StepsText,
  material: Material,
  expression: (source: string, role: Use['role'], ...under: Path) => string,
): Making['base'] {
  const { base, lists } = material;
  return {
    id: material.id,
    named: material.named,
    line: context.lineOf(material.path),
    ...(base.when === undefined ? {} : { when: expression(base.when, 'guard', 'when') }),
    // Read from YAML, so plain JSON.
    ...(base.default === undefined ? {} : { default: base.default as Readonly<Record<string, Json>> }),
    onError: Array.isArray(base.on_error) ? (lists.get('on_error') ?? []) : base.on_error,
    onDenied: Array.isArray(base.on_denied) ? (lists.get('on_denied') ?? []) : base.on_denied,
    ...(base.timeout === undefined ? {} : { timeoutMs: durationMs(base.timeout) }),
    ...(base.note === undefined ? {} : { note: base.note }),
  };
}

function makePeople(who: PeopleText, person: (text: string) => Template): People {
  if (who.role !== undefined) return { role: who.role };
  if (who.group !== undefined) return { group: who.group };
  if (who.oncall !== undefined) return { oncall: who.oncall };
  return { person: person(who.person ?? '') };
}

function isRecord(value: Json): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
