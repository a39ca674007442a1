// `/users/{id}/logout` and its values to a path. Values come from alerts, so each becomes exactly one segment or is refused.
import { ConnectorFailure } from './connector.ts';

/** Longest value of one segment, characters. */
const MAX_SEGMENT = 1_000;

/** Throws ConnectorFailure permanent BAD_PATH; the message names the segment, never its value. */
export function fillPath(template: string, params: Readonly<Record<string, string>> = {}): string {
  if (!/^\/(?!\/)[A-Za-z0-9/_.:~{}-]*$/.test(template)) throw refused(template, 'is not a path template');
  const used = new Set<string>();
  const path = template.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    if (value === undefined) throw refused(template, `has no value for {${name}}`);
    used.add(name);
    return encodeSegment(value, () => refused(template, `got a value for {${name}} that cannot be one segment of a path`));
  });
  if (/[{}]/.test(path)) throw refused(template, 'has an unclosed brace');
  if (used.size !== Object.keys(params).length) throw refused(template, 'was given a value that it does not name');
  return path;
}

function encodeSegment(value: string, failure: () => Error): string {
  if (value.length > MAX_SEGMENT) throw failure();
  // Servers and proxies decode once or twice: what such a one would see is looked at too.
  for (let seen: string | undefined = value, depth = 0; seen !== undefined && depth < 4; depth += 1) {
    if (isUnsafe(seen)) throw failure();
    seen = decodeOnce(seen);
  }
  try {
    return encodeURIComponent(value);
  } catch {
    throw failure(); // a lone surrogate
  }
}

function isUnsafe(text: string): boolean {
  return text === '' || text === '.' || text === '..' || /[/\\\p{Cc}]/u.test(text);
}

/** undefined where there is nothing (more) to decode. */
function decodeOnce(text: string): string | undefined {
  if (!text.includes('%')) return undefined;
  // Escapes that are no UTF-8 are decoded as bytes, as a lenient server would.
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return decoded === text ? undefined : decoded;
}

function refused(template: string, what: string): ConnectorFailure {
  return new ConnectorFailure('permanent', 'BAD_PATH', `The path ${template} ${what}; nothing was sent.`);
}
