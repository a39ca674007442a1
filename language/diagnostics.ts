// What is wrong with an author's text. Values, collected, never thrown. Codes and their help stand in one table: CODES, below.

export interface Diagnostic {
  /** UPPER_SNAKE, stable. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}
