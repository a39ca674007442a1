import { MAX_DURATION_MS, parseDuration } from '../duration.ts';

/** Of a text whose form the schema has checked; what is longer than can be said is the longest. */
export const durationMs = (text: string): number => parseDuration(text) ?? MAX_DURATION_MS;
