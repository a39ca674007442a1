// "Did you mean": the closest of the names that exist.

// Looked up once, not for each letter.
const { abs, max, min } = Math;

/** Undefined when nothing is near: more than a third of the letters differ. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase().slice(0, 100);
  const limit = max(1, Math.floor(wanted.length / 3));
  const rows = newRows();
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    // Only a nearer one is of use: of thousands of names that are much alike, most are left after a few letters.
    const atMost = best ? best.edits - 1 : limit;
    if (atMost < 0) break;
    const edits = countEdits(wanted, candidate.toLowerCase(), atMost, rows);
    if (edits !== undefined) best = { candidate, edits };
  }
  return best?.candidate;
}

/** For a hint: undefined where there is none, so that it can be spread. */
export function didYouMean(name: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(name, candidates);
  return found === undefined ? undefined : `did you mean \`${found}\`?`;
}

// Letters put in, left out, changed, or two swapped, each one edit. Undefined above the limit; no more is worked out than tells that.
function countEdits(wanted: string, candidate: string, limit: number, rows: Rows): number | undefined {
  if (abs(wanted.length - candidate.length) > limit) return undefined;
  // What both begin and end with needs no edit: of names that are much alike, little is left.
  let from = 0;
  while (from < wanted.length && wanted[from] === candidate[from]) from += 1;
  let same = 0;
  const most = min(wanted.length, candidate.length) - from;
  while (same < most && wanted[wanted.length - 1 - same] === candidate[candidate.length - 1 - same]) same += 1;
  const [a, b] = [wanted.slice(from, wanted.length - same), candidate.slice(from, candidate.length - same)];
  if (a === '' || b === '') return a.length + b.length;
  return limit === 0 || hasOtherLetters(a, b, limit) ? undefined : countByTable(a, b, limit, rows);
}

/** More letters of one are nowhere in the other than edits could make good. */
function hasOtherLetters(a: string, b: string, limit: number): boolean {
  let others = 0;
  for (const letter of a) if (!b.includes(letter)) others += 1;
  return others > limit;
}

/** Three rows of the table, used in turns: of thousands of names most are given up after a few. */
type Rows = readonly [Uint8Array, Uint8Array, Uint8Array];
/** Letters of a name that count, and as many again as may be put in. */
const newRows = (): Rows => [new Uint8Array(256), new Uint8Array(256), new Uint8Array(256)];

function countByTable(a: string, b: string, limit: number, rows: Rows): number | undefined {
  const far = limit + 1;
  let leastBefore = 0;
  let [before, previous, row] = rows;
  for (let j = 0; j <= b.length; j += 1) previous[j] = min(j, far);
  for (let i = 1; i <= a.length; i += 1) {
    // Off this band more letters than the limit have to go.
    const [from, to] = [max(1, i - limit), min(b.length, i + limit)];
    row.fill(far, 0, b.length + 1);
    if (i <= limit) row[0] = i;
    let least = row[0] ?? far;
    for (let j = from; j <= to; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = min((row[j - 1] ?? far) + 1, (previous[j] ?? far) + 1, (previous[j - 1] ?? far) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = min(edits, (before[j - 2] ?? far) + 1);
      row[j] = min(edits, far);
      least = min(least, edits);
    }
    // A swap reaches two rows back, so one row beyond the limit alone proves nothing.
    if (least > limit && leastBefore > limit) return undefined;
    leastBefore = least;
    [before, previous, row] = [previous, row, before];
  }
  const edits = previous[b.length] ?? far;
  return edits <= limit ? edits : undefined;
}
