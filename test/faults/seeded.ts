// A small seeded source of choices, so that a seed replays the same case.

export interface Choices {
  /** 0 ≤ result < below */
  readonly number: (below: number) => number;
  readonly oneOf: <T>(list: readonly [T, ...T[]]) => T;
}

/** mulberry32 */
export function choices(seed: string): Choices {
  let state = 0;
  for (const character of seed) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const number = (below: number) => Math.floor(next() * below);
  return { number, oneOf: (list) => list[number(list.length)] ?? list[0] };
}
