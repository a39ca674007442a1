// What must not be clicked, and back. Only fixed words are replaced, in linear time.

/** `http` to `hxxp`, `ftp` to `fxp`, and brackets around the dots and the @ between letters or digits. */
export const defang = (text: string): string =>
  text
    .replace(/\bhttp(s?):\/\//gi, 'hxxp$1://')
    .replace(/\bftp(s?):\/\//gi, 'fxp$1://')
    .replace(/(?<=[\p{L}\p{N}])([.@])(?=[\p{L}\p{N}])/gu, '[$1]');

const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/\bh(?:xx|\*\*|XX)p(s?)/gi, 'http$1'],
  [/\bfxp(s?):/gi, 'ftp$1:'],
  [/\[\.\]|\(\.\)|\{\.\}|\[dot\]|\(dot\)/gi, '.'],
  [/\[@\]|\(@\)|\[at\]|\(at\)/gi, '@'],
  [/\[:\]/g, ':'],
  [/\[:\/\/\]/g, '://'],
  [/\[\/\]/g, '/'],
];

export const refang = (text: string): string => SPELLINGS.reduce((found, [spelling, plain]) => found.replace(spelling, plain), text);
