// Pieces of connectors' configurations.
import { z } from 'zod';
import { SECRET_REFERENCE } from './secret.ts';

/** Never a value: a secret in a configuration file is a finding. */
export const secretReference = z.string().regex(SECRET_REFERENCE, 'write env:NAME or file:path, never the secret itself');

export const baseUrl = z
  .string()
  .refine((text) => /^https?:\/\/[^\s?#]+$/.test(text) && URL.canParse(text), 'must be http(s)://host[:port][/path]');

/** Whole request, ms. */
export const timeoutMs = z.number().int().min(100).max(120_000).default(10_000);

/** What all products that take a bearer token have in common. */
const bearerConfig = z.strictObject({
  url: baseUrl.describe('Address of the product, with the path that its API stands under.'),
  token: secretReference.describe('Its token, as env:NAME or file:path.'),
  timeoutMs: timeoutMs.describe('How long one request may take, ms.'),
});

export type BearerConfig = z.infer<typeof bearerConfig>;

/** A product of the practice range. Its token is the file that the range wrote for it, unless something else is said. */
export const practiceConfig = (product: string) => bearerConfig.extend({ token: secretReference.default(`file:secrets/range-${product}`) });
