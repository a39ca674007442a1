// A value as the text of a json or jsonb parameter. Text that was cut may end in half a surrogate pair, which PostgreSQL refuses in jsonb: one message of
// a product, cut in the middle of an emoji, must not keep an outcome from being recorded.
import { mayHoldUnstorable, storableJson } from '../language/storable-text.ts';

export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return mayHoldUnstorable(text) ? JSON.stringify(storableJson(JSON.parse(text))) : text;
}
