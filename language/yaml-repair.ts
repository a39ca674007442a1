// A text that is no YAML, with stand-ins for the lines that are wrong, so that the rest can be looked at in the same run. Never read as what it says: the
// fault was told, and a text with one has no plan.

export interface Repaired {
  readonly text: string;
  readonly damage: readonly Damage[];
}

/** A line whose value is not known, or which is not known at all. */
interface Damage {
  /** From 1. */
  readonly line: number;
  /** The key that the line has; absent: nobody knows what was lost. */
  readonly key?: string;
  /** The top-level key that the line stands under. */
  readonly section?: string;
}

/** Characters of a text that is tried, and faults in it: each try reads the whole again. */
const MAX_LENGTH = 32_768;
const MAX_FAULTS = 5;
/** Lines above the one where YAML stumbles: it is often the one before that it could not make sense of. */
const MAX_ABOVE = 2;

/** Of no use for any key: whatever looks at it finds it wrong, and that is not told. */
const STAND_IN = '[[]]';
const PAIR = /^(\s*(?:- +)*)("[^"]*"|[A-Za-z_][\w.-]*)( *:)(?:\s|$)/;
const ITEM = /^(\s*(?:- +)*- +)\S/;

/** `faultOf` says where YAML stumbles first, from 1; undefined: nowhere. Undefined where no few lines are to blame. */
export function repairYaml(text: string, faultOf: (text: string) => number | undefined): Repaired | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  let tried = text;
  const damage: Damage[] = [];
  for (let round = 0; round <= MAX_FAULTS; round += 1) {
    const line = faultOf(tried);
    if (line === undefined) return { text: tried, damage };
    const next = round < MAX_FAULTS ? mend(tried, line, faultOf) : undefined;
    if (!next) return undefined;
    tried = next.text;
    damage.push(next.damage);
  }
  return undefined;
}

/** With a stand-in for the line that is to blame: the one without which YAML comes furthest. */
function mend(
  text: string,
  fault: number,
  faultOf: (text: string) => number | undefined,
): { readonly text: string; readonly damage: Damage } | undefined {
  let best: { readonly text: string; readonly damage: Damage; readonly reaches: number } | undefined;
  for (let line = fault; line >= Math.max(1, fault - MAX_ABOVE); line -= 1) {
    const mended = withStandIn(text, line);
    const reaches = mended && (faultOf(mended.text) ?? Number.POSITIVE_INFINITY);
    if (mended && reaches !== undefined && reaches > fault && reaches > (best?.reaches ?? 0)) best = { ...mended, reaches };
  }
  return best;
}

function withStandIn(text: string, line: number): { readonly text: string; readonly damage: Damage } | undefined {
  const lines = text.split('\n');
  const written = lines[line - 1];
  if (written === undefined || written.trim() === '') return undefined;
  const pair = PAIR.exec(written);
  const [, before = ''] = ITEM.exec(written) ?? [];
  const mended = pair ? `${pair[1]}${pair[2]}${pair[3]} ${STAND_IN}` : before === '' ? '' : `${before}${STAND_IN}`;
  const section = lines
    .slice(0, line)
    .map((one) => /^([A-Za-z_]\w*):/.exec(one)?.[1])
    .findLast((one) => one !== undefined);
  const key = pair?.[2]?.replaceAll('"', '');
  return {
    text: lines.with(line - 1, mended).join('\n'),
    damage: { line, ...(key === undefined ? {} : { key }), ...(section === undefined ? {} : { section }) },
  };
}
