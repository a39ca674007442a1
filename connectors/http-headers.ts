// Header names and values that may go out, and which values of a request must never be repeated.
import { ConnectorFailure } from './connector.ts';

// Set by the client itself, or a way to another host or another request.
const RESERVED: ReadonlySet<string> = new Set([
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'trailer',
  'te',
]);

/** Lower-cased. Throws ConnectorFailure permanent BAD_HEADER, which names the header and never its value. */
export function checkedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const checked: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(lower)) throw refused('A header name holds characters that no header name may hold');
    if (RESERVED.has(lower)) throw refused(`The header ${lower} may not be set`);
    if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
      throw refused(`The value of header ${lower} holds a line break or another forbidden character`);
    checked[lower] = value;
  }
  return checked;
}

const SECRET_NAME = /auth|token|secret|password|cookie|key|assertion/i;

/** Values to be struck out of anything that the product says back. */
export function secretValues(headers: Readonly<Record<string, string>>, form: Readonly<Record<string, string>>): readonly string[] {
  const named = [...Object.entries(headers), ...Object.entries(form)].filter(([name]) => SECRET_NAME.test(name)).map(([, value]) => value);
  // "Bearer abc": the part behind the scheme too. Longest first, so that no rest of one stays.
  const all = named.flatMap((value) => [value, value.slice(value.indexOf(' ') + 1)]).filter((value) => value.length >= 4);
  return [...new Set(all)].sort((a, b) => b.length - a.length);
}

function refused(what: string): ConnectorFailure {
  return new ConnectorFailure('permanent', 'BAD_HEADER', `${what}; nothing was sent.`);
}
