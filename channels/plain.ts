// Words of others in a message of ours: one line, bounded, without what could end a line or turn it round.
const MAX = 500;

export function plain(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > MAX ? `${line.slice(0, MAX - 1)}…` : line;
}

/** Would `plain` leave some of it out? */
export const isCut = (text: string): boolean => plain(text).endsWith('…') && !text.endsWith('…');

/** "2026-11-21 12:00 UTC" */
export const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** "12:00:05 UTC" */
export const clock = (iso: string): string => `${iso.slice(11, 19)} UTC`;
