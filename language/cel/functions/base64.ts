// Base64 by hand: the sandbox has neither Buffer nor a TextDecoder of its own.

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Null for what is no Base64, or no text in that charset. Blanks and missing `=` are forgiven; `-_` are `+/`. */
export function decodeBase64(text: string, charset: string): string | null {
  const compact = text
    .replace(/[\s=]+/g, '')
    .replaceAll('-', '+')
    .replaceAll('_', '/');
  if (!/^[A-Za-z0-9+/]*$/.test(compact) || compact.length % 4 === 1) return null;
  const bytes: number[] = [];
  let bits = 0;
  let width = 0;
  for (const letter of compact) {
    bits = ((bits << 6) | LETTERS.indexOf(letter)) & 0xffff;
    width += 6;
    if (width < 8) continue;
    width -= 8;
    bytes.push((bits >> width) & 255);
  }
  if (charset === 'utf-8') return fromUtf8(bytes);
  return charset === 'utf-16le' ? fromUtf16(bytes) : null;
}

export function encodeBase64(text: string): string {
  const bytes = toUtf8(text);
  let encoded = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = [18, 12, 6, 0].map((shift) => LETTERS.charAt((group >> shift) & 63)).join('');
    encoded += letters.slice(0, Math.min(3, bytes.length - at) + 1).padEnd(4, '=');
  }
  return encoded;
}

/** Half a character, which no encoding can say, becomes the replacement character. */
export const wellFormed = (text: string): string => text.replace(/\p{Cs}/gu, '\ufffd');

// The percent form of ECMAScript is the only UTF-8 that every JavaScript has.
function fromUtf8(bytes: readonly number[]): string | null {
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''));
  } catch {
    return null;
  }
}

const toUtf8 = (text: string): readonly number[] =>
  [...encodeURIComponent(wellFormed(text)).matchAll(/%([0-9A-F]{2})|[^%]/g)].map(([letter, hex]) =>
    hex === undefined ? letter.charCodeAt(0) : Number.parseInt(hex, 16),
  );

function fromUtf16(bytes: readonly number[]): string | null {
  if (bytes.length % 2 === 1) return null;
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) text += String.fromCharCode((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  return text === wellFormed(text) ? text : null;
}
