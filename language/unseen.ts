// Characters that nobody sees, or that change how their neighbours are shown: in text from outside they are hostile wherever it is shown.

/**
 * Controls, formats (direction, zero width, tags), line separators, and what fonts leave out or leave blank. Not the two that choose between the
 * text and the picture of an emoji.
 */
const UNSEEN = /(?:(?![\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800])+/gu;

/** `by` gets each run of them. */
export const replaceUnseen = (text: string, by: (run: string) => string): string => text.replace(UNSEEN, by);

/** Each character of a run by itself: its number in capitals, four digits at least. */
export const codesOf = (run: string): readonly string[] =>
  Array.from(run, (char) => (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0'));
