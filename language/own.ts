// A look-up by a key that somebody else wrote.

/** What the record itself says of a key: `constructor` and `toString`, which every object inherits, are not in it. */
export const own = <Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;
