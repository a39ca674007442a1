// Words of others in a message of ours: one line, bounded, without what could end a line or turn it round.
import { replaceUnseen } from '../language/unseen.ts';

const MAX = 500;

const lineOf = (text: string): string => replaceUnseen(text, () => ' ').trim();

export function plain(text: string): string {
  const line = lineOf(text);
  return line.length > MAX ? `${line.slice(0, MAX - 1)}…` : line;
}

/** Would `plain` leave some of it out? */
export const isCut = (text: string): boolean => lineOf(text).length > MAX;

/** "2026-11-21 12:00 UTC" */
export const minute = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

/** "12:00:05 UTC" */
export const clock = (iso: string): string => `${iso.slice(11, 19)} UTC`;
