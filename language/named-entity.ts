// What a person types where a user or a host is wanted, as the thing of that name: whatever has exactly this among its names.
import type { Input, Json } from './plan.ts';

/** Where no product says more of it: the text is its id and its name, and a user's address is an address. */
export const entityOfName = (type: 'user' | 'host', name: string): Json =>
  type === 'user' && name.includes('@') ? { id: name, name, email: name } : { id: name, name };

/** The inputs of a start by hand where there are no products to ask. What is an entity already stays as it is. */
export function nameInputs(
  declared: Readonly<Record<string, Input>>,
  given: Readonly<Record<string, Json>>,
): Readonly<Record<string, Json>> {
  const named = (type: string, value: Json): Json =>
    typeof value === 'string' && value.trim() !== '' && (type === 'user' || type === 'host') ? entityOfName(type, value.trim()) : value;
  const entries = Object.entries(given).map(([field, value]) => {
    const input = Object.hasOwn(declared, field) ? declared[field] : undefined;
    if (!input) return [field, value] as const;
    return [
      field,
      input.list && Array.isArray(value) ? value.map((one: Json) => named(input.type, one)) : named(input.type, value),
    ] as const;
  });
  return Object.fromEntries(entries);
}
