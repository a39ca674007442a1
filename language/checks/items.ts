// Items of lists whose members are known: rows of a question, what a loop has left, counts.
import type { Read } from '../cel.ts';
import { didYouMean } from '../nearest.ts';
import { OUTCOMES } from '../outcomes.ts';
import type { Step } from '../plan.ts';
import type { Names, Tell } from './expression.ts';

const ROW: readonly string[] = ['of', 'answer'];
const LEFT: readonly string[] = ['of', 'outcome', 'error'];

/** `steps.<id>.rows[].answer`: members of what a step leaves behind. */
export function checkItemRead(tell: Tell, step: Step, { path }: Read): void {
  const [id = '', member = '', third = '', fourth] = path;
  const known = membersOf(step, member);
  if (!known) return;
  const name = member === 'counts' ? third : third === '[]' ? fourth : undefined;
  if (name === undefined || name === '' || name === '[]' || known.includes(name)) return;
  const what = member === 'counts' ? `\`steps.${id}.counts\` has` : `an item of \`steps.${id}.${member}\` has`;
  tell('RESULT_UNKNOWN', `${what} no \`${name}\``, didYouMean(name, known) ?? `it has ${known.join(', ')}`);
}

function membersOf(step: Step, member: string): readonly string[] | undefined {
  if (member === 'rows' && step.kind === 'ask') return ROW;
  if (step.kind === 'for_each' && member === 'left') return LEFT;
  if (member !== 'counts') return undefined;
  return step.kind === 'for_each' ? ['items', ...OUTCOMES] : step.kind === 'repeat' ? ['turns'] : undefined;
}

/** A read of the variable of a `for_each` as one of the list that it goes through. */
export function ofList(names: Pick<Names, 'lists'>, read: Read): Read {
  const list = names.lists.get(read.root);
  return list ? { ...read, root: list.root, path: [...list.path, '[]', ...read.path] } : read;
}
