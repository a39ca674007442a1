// Texts that were meant as templates: `inputs.user` without `${{ }}`, or in the marks of another language. The engine would take them as they are written.
import { ALERT_MEMBERS } from '../alert-members.ts';
import { parseExpression, type Read } from '../cel.ts';
import { own } from '../own.ts';
import type { Step } from '../plan.ts';
import type { Reporter } from '../report.ts';
import type { Written } from '../steps/read-steps.ts';
import type { WrittenText } from '../template-value.ts';
import { VERBS } from '../verbs.ts';
import type { Path } from '../yaml-text.ts';
import { type Names, RUN_MEMBERS } from './expression.ts';
import { followUpsOf, listsOf } from './step-facts.ts';

type Texts = Names & Pick<Reporter, 'hush'>;

export function checkTexts(names: Texts, written: ReadonlyMap<Step, Written>, steps: readonly Step[], loops: readonly string[] = []): void {
  for (const step of steps) {
    const { path = [], texts = [] } = written.get(step) ?? {};
    for (const one of texts) checkText(names, one, loops);
    if (step.kind === 'do') checkTargetName(names, step, path, loops);
    const inside = step.kind === 'for_each' ? [...loops, step.name] : loops;
    for (const list of listsOf(step)) checkTexts(names, written, list, inside);
    for (const list of followUpsOf(step)) checkTexts(names, written, list, loops);
  }
}

export function checkText(names: Texts, { text, path, isPlain }: WrittenText, loops: readonly string[] = []): void {
  const found = references(names, text, loops);
  const [first] = found;
  const foreign = found.find((one) => one.opens !== '');
  const inText = found.find((one) => one.isDeclared);
  if (foreign) {
    const { opens, source, at } = foreign;
    names.report('TEMPLATE_FOREIGN', path, `\`${opens}\` is another language's template, and this would stay in the text as it is`, {
      offset: at,
      hint: `write ${wrap(source)}${QUOTES}`,
    });
  } else if (first && isExpression(text, loops)) {
    names.report('TEMPLATE_FORGOTTEN', path, `this is the text \`${text.trim().slice(0, 60)}\` itself, not what it stands for`, {
      hint: `write "${wrap(text.trim())}"`,
    });
  } else if (inText) {
    names.report('TEMPLATE_IN_TEXT', path, `\`${inText.source}\` stays in the text as it is written`, {
      offset: inText.at,
      hint: `for its value write ${wrap(inText.source)}${QUOTES}`,
    });
  }
  // That it is no address, no list and so on follows from that.
  if (first && isPlain) names.hush(path);
}

const wrap = (source: string): string => `\${{ ${source} }}`;
const QUOTES = ', and the whole text in quotes';

/** The one thing that a step acts on, called by the bare name of an input or of the loop's variable. */
function checkTargetName(names: Texts, step: Step & { readonly kind: 'do' }, path: Path, loops: readonly string[]): void {
  const target = own(VERBS, step.verb)?.target;
  const value = target === undefined ? undefined : step.with[target];
  if (target === undefined || !value || !('lit' in value) || typeof value.lit !== 'string') return;
  const name = value.lit.trim();
  const isLoop = loops.includes(name);
  if (!isLoop && own(names.inputs, name)?.type !== own(VERBS, step.verb)?.params[target]?.type) return;
  const at = [...path, 'with', target];
  names.report('TEMPLATE_FORGOTTEN', at, `this is the text \`${name}\` itself, not what it stands for`, {
    hint: `write "${wrap(isLoop ? name : `inputs.${name}`)}"`,
  });
  names.hush(at);
}

interface Reference {
  /** As it would be written in an expression. */
  readonly source: string;
  /** From 0, in the text. */
  readonly at: number;
  /** The mark of another language before it; empty where there is none. */
  readonly opens: string;
  /** There is such an input, step or variable. */
  readonly isDeclared: boolean;
}

const NAMED = /(?<![\w.@/:-])\.?([A-Za-z_]\w{0,60})((?:\.\w{1,60}|\[[^\]\s]{1,40}\])*)/g;
/** What other languages write around a name. A single brace, bracket or sign counts only where it is closed again right behind the name. */
const OPENS = /(?:\{\{\{?|[$#%]\{|\$\(|<%=?|\[\[|\{%)[-=]?\s*$/;
const OPENS_CLOSELY = /[{<%$]$/;
const CLOSES_CLOSELY: Readonly<Record<string, RegExp>> = { '{': /^\}/, '<': /^>/, '%': /^%/, $: /^(?![\w(])/ };

function references(names: Names, text: string, loops: readonly string[]): readonly Reference[] {
  const found: Reference[] = [];
  for (const match of text.matchAll(NAMED)) {
    const { 0: whole, 1: root = '', 2: path = '', index } = match;
    const before = text.slice(Math.max(0, index - 6), index);
    const opens = OPENS.exec(before)?.[0].trim() ?? closely(before, text.slice(index + whole.length, index + whole.length + 2));
    const bare = opens === '' || opens.length === 1 ? undefined : rootOf(names, root);
    const isReference = isKnownRoot(root, path, loops, opens !== '');
    if (!isReference && bare === undefined) continue;
    found.push({ source: isReference ? root + path : `${bare}${path}`, at: index, opens, isDeclared: isDeclared(names, root, path) });
  }
  return found;
}

function closely(before: string, after: string): string {
  const mark = OPENS_CLOSELY.exec(before)?.[0] ?? '';
  return CLOSES_CLOSELY[mark]?.test(after) === true ? mark : '';
}

/** `{{ user }}`: the name of something, without its root. */
function rootOf(names: Names, name: string): string | undefined {
  if (Object.hasOwn(names.inputs, name)) return `inputs.${name}`;
  if (names.steps.has(name)) return `steps.${name}`;
  return names.vars.has(name) ? `vars.${name}` : undefined;
}

function isKnownRoot(root: string, path: string, loops: readonly string[], isWrapped: boolean): boolean {
  const member = /^\.(\w+)/.exec(path)?.[1] ?? '';
  if (loops.includes(root)) return isWrapped || path !== '';
  if (root === 'inputs' || root === 'steps' || root === 'vars') return path !== '';
  // `run.app` and `alert.io` are names of hosts.
  if (root === 'run') return RUN_MEMBERS.includes(member) || (isWrapped && path !== '');
  return root === 'alert' && (ALERT_MEMBERS.includes(member) || (isWrapped && path !== ''));
}

function isDeclared(names: Names, root: string, path: string): boolean {
  const name = /^\.(\w+)/.exec(path)?.[1] ?? '';
  if (root === 'inputs') return Object.hasOwn(names.inputs, name);
  if (root === 'steps') return names.steps.has(name) && path.length > name.length + 1;
  return root === 'vars' && names.vars.has(name);
}

/** The whole text can be read as an expression that reads something: nobody's prose. */
function isExpression(text: string, loops: readonly string[]): boolean {
  const parsed = parseExpression(text);
  const isRead = ({ root, path: [first] }: Read): boolean => first !== undefined && isKnownRoot(root, `.${first}`, loops, false);
  return parsed.ok && parsed.expression.reads.some(isRead);
}
