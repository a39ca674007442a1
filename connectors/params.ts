// Schemas of what verbs take and give, as JSON. Equal to the catalogue in language/verbs.ts (a test holds them equal).
import { z } from 'zod';
import { canonicalAddress } from './address-guard.ts';
import type { EntityRef } from './connector.ts';

/** One name of one thing: not empty, no control characters, at most 500 characters. */
const exact = z
  .string()
  .min(1)
  .max(500)
  .regex(/^\P{Cc}*$/u, 'holds control characters');

const notEmpty = (ref: object): boolean => Object.keys(ref).length > 0;
const EMPTY = 'names nothing: an empty reference would mean everything or nothing';

/** Text where a thing is expected: whatever has exactly this among its names. Where two have, the runtime refuses it as ambiguous. */
const orText = <T extends z.ZodType>(members: readonly string[], schema: T) =>
  z.preprocess((given) => (typeof given === 'string' ? Object.fromEntries(members.map((name) => [name, given.trim()])) : given), schema);

export const user = orText(
  ['id', 'name', 'email'],
  z.object({ id: exact.exactOptional(), name: exact.exactOptional(), email: exact.exactOptional() }).refine(notEmpty, EMPTY),
);
export const host = orText(
  ['id', 'name', 'ip'],
  z.object({ id: exact.exactOptional(), name: exact.exactOptional(), ip: exact.exactOptional() }).refine(notEmpty, EMPTY),
);
/** One address, never a network; in its one canonical spelling. */
export const ip = z.string().transform((text, context) => {
  const address = canonicalAddress(text);
  if (address === undefined) context.addIssue({ code: 'custom', message: 'is no single IP address' });
  return address ?? z.NEVER;
});
/** One domain, in small letters and without a dot at its end; what lies below it is meant too. */
export const domain = z
  .string()
  .transform((text) => text.trim().toLowerCase().replace(/\.$/, ''))
  .refine((text) => /^(?=.{4,253}$)([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}$/.test(text), 'is no domain such as example.org');
export const url = z
  .string()
  .max(4_000)
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'is no http(s) URL');
export const file = orText(
  ['sha256'],
  z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/i, 'is no SHA-256'), name: z.string().max(500).exactOptional() }),
);
export const message = orText(
  ['id'],
  z
    .object({
      id: exact.exactOptional(),
      from: exact.exactOptional(),
      to: exact.exactOptional(),
      subject: z.string().max(1_000).exactOptional(),
      urls: z.array(z.string()).readonly().exactOptional(),
    })
    .refine(notEmpty, EMPTY),
);
export const ticket = orText(['id'], z.object({ id: exact, url: z.string().exactOptional(), connector: z.string().exactOptional() }));
/** Whom: exactly one of four. */
export const people = z
  .strictObject({ role: exact.exactOptional(), group: exact.exactOptional(), oncall: exact.exactOptional(), person: exact.exactOptional() })
  .refine((given) => Object.keys(given).length === 1, 'names exactly one of role, group, oncall, person');
export const severity = z.enum(['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal']);
/** One line. */
export const line = z.string().min(1).max(1_000);
export const text = z.string().min(1).max(20_000);
/** "14d", "1h30m". */
export const duration = z.string().regex(/^(\d+(ms|s|m|h|d|w))+$/, 'is no duration such as 14d');

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

export function durationSeconds(value: string): number {
  return [...value.matchAll(/(\d+)(ms|[smhdw])/g)].reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (UNIT_SECONDS[unit] ?? 0),
    0,
  );
}

export type UserParam = z.infer<typeof user>;
export type HostParam = z.infer<typeof host>;
export type MessageParam = z.infer<typeof message>;

/** The reference as resolvers take it. */
export const userTarget = (input: { readonly user: UserParam }) => ({ kind: 'user' as const, ref: input.user satisfies EntityRef });
export const hostTarget = (input: { readonly host: HostParam }) => ({ kind: 'host' as const, ref: input.host satisfies EntityRef });
export const domainTarget = (input: { readonly domain: string }) => ({ kind: 'domain' as const, ref: { id: input.domain } });
export const ipTarget = (input: { readonly ip: string }) => ({ kind: 'ip' as const, ref: { ip: input.ip } });
