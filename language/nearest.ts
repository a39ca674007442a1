// "Did you mean": the closest of the names that exist.

/** Undefined when nothing is near: more than a third of the letters differ. */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase().slice(0, 100);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  let best: { readonly candidate: string; readonly edits: number } | undefined;
  for (const candidate of candidates) {
    // Only a nearer one is of use: of thousands of names that are much alike, most are left after a few letters.
    const atMost = best ? best.edits - 1 : limit;
    if (atMost < 0) break;
    const edits = countEdits(wanted, candidate.toLowerCase(), atMost);
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
function countEdits(a: string, b: string, limit: number): number | undefined {
  if (Math.abs(a.length - b.length) > limit) return undefined;
  const far = limit + 1;
  let leastBefore = 0;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    // Off this band more letters than the limit have to go.
    const [from, to] = [Math.max(1, i - limit), Math.min(b.length, i + limit)];
    const row: number[] = new Array(b.length + 1).fill(far);
    if (i <= limit) row[0] = i;
    let least = row[0] ?? far;
    for (let j = from; j <= to; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let edits = Math.min((row[j - 1] ?? far) + 1, (previous[j] ?? far) + 1, (previous[j - 1] ?? far) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) edits = Math.min(edits, (before[j - 2] ?? far) + 1);
      row[j] = edits;
      least = Math.min(least, edits);
    }
    // A swap reaches two rows back, so one row beyond the limit alone proves nothing.
    if (least > limit && leastBefore > limit) return undefined;
    leastBefore = least;
    before = previous;
    previous = row;
  }
  const edits = previous[b.length] ?? far;
  return edits <= limit ? edits : undefined;
}
