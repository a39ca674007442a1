// Text as a number. In place of CEL's own, to which an empty text is 0 and any other text is no number: neither larger nor smaller than any limit.
import { type CelFunc, CelScalar, celFunc } from '@bufbuild/cel';
import { raise } from './failure.ts';

/** Characters; the longest number that JSON writes has 25. */
const MAX_NUMBER = 64;
const WHOLE = /^[+-]?[0-9]+$/;
const DECIMAL = /^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/;
const [LEAST, MOST] = [-(2n ** 63n), 2n ** 63n - 1n];
const TOO_LARGE = 'a number that is too large';

export function numberConversions(): CelFunc[] {
  const { STRING, INT, DOUBLE } = CelScalar;
  return [
    celFunc('int', [STRING], INT, (text) => {
      if (text.length > MAX_NUMBER || !WHOLE.test(text)) return refuse('int', natureOf(text));
      const value = BigInt(text.replace('+', ''));
      return value < LEAST || value > MOST ? refuse('int', TOO_LARGE) : value;
    }),
    celFunc('double', [STRING], DOUBLE, (text) => {
      if (text.length > MAX_NUMBER || !DECIMAL.test(text)) return refuse('double', natureOf(text));
      const value = Number(text);
      return Number.isFinite(value) ? value : refuse('double', TOO_LARGE);
    }),
  ];
}

const refuse = (name: string, nature: string): never => raise('EXPRESSION_FAILED', `${name}() was given ${nature}`);

/** Why it cannot be read; never what it says. */
function natureOf(text: string): string {
  if (text === '') return 'empty text, which is no number';
  if (text.length > MAX_NUMBER) return `text of more than ${MAX_NUMBER} characters, which is no number`;
  if (text.trim() === '') return 'nothing but blanks, which is no number';
  if (text.trim() !== text) return 'text with blanks around it; trim() takes them away';
  if (DECIMAL.test(text)) return 'a number that is not whole; int(double(…)) cuts it off';
  if (/^[+-]?(nan|inf|infinity)$/i.test(text)) return 'a word for what is no finite number';
  if (/^[+-]?0[xob]/i.test(text)) return 'a number that is not written in tens';
  return 'text that is no number';
}
