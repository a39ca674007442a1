import { describe, expect, it } from '@jest/globals';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';

const one = {
  code: 'VERB_UNKNOWN',
  severity: 'error',
  message: 'there is no verb `x`',
  hint: 'did you mean `y`?',
  file: 'a.yaml',
  line: 2,
  column: 7,
} as const;

describe('diagnostics for a terminal', () => {
  it('show the place, the line, a caret and the hint', () => {
    expect(formatDiagnostics([one], 'a\n  do: x\n', { color: false })).toBe(
      ['a.yaml:2:7 error VERB_UNKNOWN there is no verb `x`', '    2 |   do: x', '      |       ^', '      = did you mean `y`?', ''].join(
        '\n',
      ),
    );
  });

  it('let no control sequence of the text through', () => {
    const text = 'a\n\u001b[2Jdo:\u0007 \u202ex\u009b31m';
    const shown = formatDiagnostics([{ ...one, message: 'bad \u001b]0;t\u0007' }], text, { color: false });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(shown).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  it('cut a long line around the place, with the caret under it', () => {
    const text = `${'x'.repeat(500)}!${'y'.repeat(500)}`;
    const [, source = '', caret = ''] = formatDiagnostics([{ ...one, line: 1, column: 501 }], text, { color: true }).split('\n');
    expect(source.length).toBeLessThan(160);
    expect(source.charAt(caret.indexOf('\u001b'))).toBe('!');
  });
});
