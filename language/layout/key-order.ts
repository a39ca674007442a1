// The order of keys as this language writes it: what it is called and when it is done, who must agree, what is done, then what follows.
import { playbook } from '../schema/playbook.ts';
import { KINDS } from '../steps/kinds.ts';
import { base } from '../steps/step-kind.ts';

const FOLLOW_UPS = ['on_denied', 'on_error'];
const HEAD = ['id', 'note', 'when'];
/** After what is done; before the steps where it holds some, so that they are not below a long list. */
const TAIL = ['approve', 'default', 'timeout', 'retry', ...FOLLOW_UPS];
/** Lists of steps, last. */
const LISTS = ['group', 'parallel', 'then', 'cases', 'steps', 'else'];
/** Of a step that holds none. */
const EFFECT = ['via', 'with', 'hold', 'approve', 'why'];

const TRIGGER = ['alert', 'schedule', 'manual', 'when', 'with', 'dedupe', 'exclusive', 'when_resolved'];
const DATA: ReadonlySet<unknown> = new Set(['with', 'default', 'set', 'vars', 'labels', 'inputs', 'outputs']);

type Path = readonly (string | number)[];

/**
 * The keys of the map at the path in their order; undefined where the order is the author's. `long`: those whose value is a list of lines; what follows a
 * failure stands above the steps as a word, and below them as a list.
 */
export function orderFor(path: Path, keys: readonly string[], long: ReadonlySet<string>): readonly string[] | undefined {
  const wanted = wantedOrder(path, keys);
  if (!wanted) return undefined;
  const rank = (key: string): number => {
    const place = wanted.includes(key) ? wanted.indexOf(key) : wanted.length;
    return FOLLOW_UPS.includes(key) && long.has(key) ? wanted.length + 1 + FOLLOW_UPS.indexOf(key) : place;
  };
  // The sort is stable: what is not known here keeps its place among its kind.
  return keys.toSorted((a, b) => rank(a) - rank(b));
}

function wantedOrder(path: Path, keys: readonly string[]): readonly string[] | undefined {
  // A scenario's top is its author's.
  if (path.length === 0) return keys.includes('playbook') ? Object.keys(playbook.shape) : undefined;
  if (path.some((part) => DATA.has(part))) return undefined;
  if (path.length === 2 && path[0] === 'triggers') return TRIGGER;
  const kind = KINDS.find((one) => keys.includes(one.key));
  if (!kind || path[0] !== 'steps' || typeof path.at(-1) !== 'number') return undefined;
  const own = Object.keys(kind.schema.shape).filter((key) => !Object.hasOwn(base, key) && !TAIL.includes(key));
  const lists = LISTS.filter((key) => own.includes(key));
  if (lists.length > 0) return [...HEAD, 'approve', ...own.filter((key) => !lists.includes(key)), ...TAIL, ...lists];
  return [...HEAD, kind.key, ...EFFECT, ...own, ...TAIL];
}
