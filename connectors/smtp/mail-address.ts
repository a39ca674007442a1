// One mail address, and nothing that a header or an SMTP command could be smuggled in with.
import { z } from 'zod';

export const mailAddress = z
  .string()
  .max(254)
  .regex(
    /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
    'is no single mail address',
  );

/** `allowed`: whole addresses, or "@domain". */
export function isRecipientAllowed(address: string, allowed: readonly string[]): boolean {
  const lower = address.toLowerCase();
  return allowed.some((each) =>
    each.startsWith('@') ? lower.slice(lower.lastIndexOf('@')) === each.toLowerCase() : lower === each.toLowerCase(),
  );
}
