// `!`, `&&`, `||` and the question of `? :` take true or false. Of anything else they fail in every run: in other languages `!host` asks whether it is there.
import type { Expression, Truth } from '../cel.ts';
import type { Use } from '../steps/read-steps.ts';
import type { Names } from './expression.ts';
import { isThing, kindOfRead, thingOfRead } from './kinds.ts';

export function checkTruths(names: Names, use: Use, { truths }: Expression): void {
  for (const truth of truths) {
    const { operator, side } = truth;
    const kind = kindOf(names, truth);
    if (kind === undefined || kind === 'boolean') continue;
    const written = 'read' in side ? ['', side.read.root, ...side.read.path].join('.').slice(1) : undefined;
    const offset = use.offset + ('read' in side ? side.read.offset : truth.offset);
    const message = `\`${operator}\` takes true or false, and ${written === undefined ? 'this' : `\`${written}\``} is ${kind}`;
    names.report('EXPRESSION_TYPE', use.path, message, { offset, hint: hintFor(truth, kind, written ?? '…') });
  }
}

function kindOf(names: Names, { side }: Truth): string | undefined {
  if ('read' in side && side.read.asked !== 'no') return undefined;
  if ('read' in side) return kindOfRead(names, side.read) ?? thingOfRead(names, side.read);
  return 'text' in side ? 'text' : side.kind;
}

/** What asks whether there is something: for `!`, whether there is nothing. */
function hintFor({ operator, side }: Truth, kind: string, written: string): string {
  const isNot = operator === '!';
  const is = isNot ? '==' : '!=';
  if (kind === 'list') return `ask how many there are: size(${written}) ${isNot ? '==' : '>'} 0`;
  const isInput = 'read' in side && side.read.root === 'inputs';
  if (isThing(kind) || isInput) return `ask whether it is there: ${written} ${is} null`;
  if (kind === 'text') return `compare it with something: ${written} ${is} ''`;
  return `compare it with something: ${written} ${is} …`;
}
