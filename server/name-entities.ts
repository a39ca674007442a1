// Inputs that people typed as text, as the things that they name: exactly, asked of the products, with what is wrong beside the input.
import type { FieldFault } from '../language/form.ts';
import { entityOfName } from '../language/named-entity.ts';
import type { Input, Json } from '../language/plan.ts';

/** How long a person waits for the products; what has not answered by then is looked up when the run needs it. */
const WITHIN_MS = 3_000;
/** Names of one start that are looked up beforehand. */
const MAX_LOOK_UPS = 50;

export interface FoundEntity {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
}

/** All things of the kind that have exactly this among their names; undefined where no product answered. */
export type FindEntities = (kind: 'user' | 'host', name: string, signal: AbortSignal) => Promise<readonly FoundEntity[] | undefined>;

export interface Named {
  readonly inputs: Readonly<Record<string, Json>>;
  readonly faults: readonly FieldFault[];
}

export async function nameEntities(
  declared: Readonly<Record<string, Input>>,
  given: Readonly<Record<string, Json>>,
  find: FindEntities | undefined,
): Promise<Named> {
  const faults: FieldFault[] = [];
  const signal = AbortSignal.timeout(WITHIN_MS);
  let left = MAX_LOOK_UPS;
  const one = async (field: string, type: string, value: Json): Promise<Json> => {
    if (typeof value !== 'string' || value.trim() === '' || (type !== 'user' && type !== 'host')) return value;
    const name = value.trim();
    left -= 1;
    const found = left < 0 ? undefined : await find?.(type, name, signal).catch(() => undefined);
    const [first, ...more] = found ?? [];
    if (found !== undefined && first === undefined) faults.push({ field, message: `names no ${type} that is known here` });
    if (more.length > 0) faults.push({ field, message: `is the name of ${more.length + 1} ${type}s: use the id` });
    return first === undefined || more.length > 0 ? entityOfName(type, name) : asFound(type, first);
  };
  const entries = await Promise.all(
    Object.entries(given).map(async ([field, value]) => {
      const input = Object.hasOwn(declared, field) ? declared[field] : undefined;
      if (!input) return [field, value] as const;
      if (!input.list || !Array.isArray(value)) return [field, await one(field, input.type, value)] as const;
      return [field, await Promise.all(value.map((item: Json) => one(field, input.type, item)))] as const;
    }),
  );
  return { inputs: Object.fromEntries(entries), faults };
}

function asFound(type: 'user' | 'host', { id, name, aliases }: FoundEntity): Json {
  if (type === 'host') return { id, name };
  const email = aliases.find((alias) => alias.includes('@'));
  return { id, name, ...(email === undefined ? {} : { email }) };
}
