// `Authorization` of senders that cannot sign (Alertmanager): Bearer, or Basic with the secret as password. Compared in constant time.
import { createHash, timingSafeEqual } from 'node:crypto';

/** Hashes first, so that neither length nor a common beginning shows in the time taken. */
function isSameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

export function hasCredential(authorization: string | undefined, secrets: readonly string[]): boolean {
  const given = authorization === undefined ? undefined : (bearer(authorization) ?? basicPassword(authorization));
  const fits = secrets.filter((secret) => secret.length >= 16).map((secret) => isSameText(given ?? '', secret));
  return given !== undefined && fits.includes(true);
}

function bearer(authorization: string): string | undefined {
  return /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization)?.[1];
}

function basicPassword(authorization: string): string | undefined {
  const text = /^Basic ([A-Za-z0-9+/]{4,1024}={0,2})$/i.exec(authorization)?.[1];
  if (text === undefined) return undefined;
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) return undefined;
  const decoded = bytes.toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? undefined : decoded.slice(colon + 1);
}
