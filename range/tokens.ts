// The products' tokens. The trial form makes them itself; connectors read the same files.
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Token of each product, from `<folder>/range-<product>` (0600); made where it is missing. */
export function rangeTokens(folder: string, products: readonly string[]): Readonly<Record<string, string>> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return Object.fromEntries(products.map((product) => [product, token(join(folder, `range-${product}`))]));
}

function token(path: string): string {
  try {
    // Of several that start at once the first one wins, and all read its token.
    writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // what node's file functions throw
  }
  return readFileSync(path, 'utf8').trim();
}
