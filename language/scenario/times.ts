// Times in scenarios: durations, and 0s for the very beginning.
import { parseDuration } from '../duration.ts';

export const isTime = (text: string): boolean => text === '0s' || parseDuration(text) !== undefined;

/** ms. `text` is a time. */
export const timeMs = (text: string): number => parseDuration(text) ?? 0;
