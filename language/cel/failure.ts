// How evaluation fails: a code, and words without any value of the run, since both end in histories and logs.

export type ExpressionErrorCode =
  | 'EXPRESSION_EMPTY'
  | 'EXPRESSION_TOO_LONG'
  | 'EXPRESSION_SYNTAX'
  | 'EXPRESSION_TOO_LARGE'
  | 'EXPRESSION_TOO_NESTED'
  | 'EXPRESSION_UNKNOWN_FUNCTION'
  | 'EXPRESSION_UNKNOWN_NAME'
  | 'EXPRESSION_UNSUPPORTED'
  | 'EXPRESSION_PATTERN'
  | 'EXPRESSION_MISSING'
  | 'EXPRESSION_TYPE'
  | 'EXPRESSION_FAILED'
  | 'EXPRESSION_BUDGET'
  | 'EXPRESSION_SIZE'
  | 'EXPRESSION_DATA'
  | 'EXPRESSION_RESULT';

export interface ExpressionError {
  readonly code: ExpressionErrorCode;
  readonly message: string;
  /** Where in the expression's text, from 0; absent where the whole of it is meant. */
  readonly offset?: number;
}

const MARK = 'cordon-expression';

/** Leaves a function in the middle of an evaluation; CEL carries the message out, `readRaised` takes it apart again. */
export function raise(code: ExpressionErrorCode, message: string): never {
  throw new Error(`${MARK}|${code}|${message}`);
}

/** The code and words of an error that `raise` threw; undefined for any other. */
export function readRaised(text: string): ExpressionError | undefined {
  if (!text.startsWith(`${MARK}|`)) return undefined;
  const code = text.slice(MARK.length + 1, text.indexOf('|', MARK.length + 1));
  // Only `raise` writes the mark, and it takes nothing but a code.
  return { code: code as ExpressionErrorCode, message: text.slice(MARK.length + code.length + 2) };
}
