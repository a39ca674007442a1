// What stops a start in a way that was foreseen: shown as code, what happened and what to do, without a stack trace.
import { codeOf } from './error-code.ts';

export class StartError extends Error {
  /** UPPER_SNAKE, stable. */
  readonly code: string;
  /** What to do. */
  readonly advice: string;
  constructor(code: string, message: string, advice: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StartError';
    this.code = code;
    this.advice = advice;
  }
}

/** As people read it: the code, what, what to do. */
export function sayStartError(error: unknown): string {
  if (error instanceof StartError) return `${error.code}  ${error.message}\n${error.advice}`;
  // Other parts bring their own foreseen failures: the same three, under the same names.
  const code = codeOf(error);
  if (error instanceof Error && code !== undefined && /^[A-Z]+(_[A-Z]+)+$/.test(code)) {
    const advice = 'hint' in error && typeof error.hint === 'string' ? `\n${error.hint}` : '';
    return `${code}  ${error.message}${advice}`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
