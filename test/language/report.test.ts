// What is told of a file that has more to tell than anybody reads.
import { describe, expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';

const HEAD = `playbook: many
title: Many
description: A file with more warnings than are told.
owner: tests
triggers:
  - manual: {}
`;
/** A comment that was meant as text is a warning. */
const step = (index: number, text: string) => `  - id: s${index}
    do: notify.message
    with: { to: "#soc", text: "x" }
    note: ${text}
`;

describe('a file with more than a hundred warnings', () => {
  it('is refused all the same for the one error behind them', () => {
    const warned = Array.from({ length: 130 }, (_, index) => step(index, 'ticket #5')).join('');
    const clean = readPlaybook(`${HEAD}steps:\n${warned}`, 'many.yaml');
    expect(clean.diagnostics.filter(({ severity }) => severity === 'warning').length).toBe(100);
    expect(clean.diagnostics.some(({ severity }) => severity === 'error')).toBe(false);

    const wrong = readPlaybook(`${HEAD}steps:\n${warned}  - id: last\n    do: tiket.open\n    with: {}\n`, 'many.yaml');
    expect(wrong.plan).toBeUndefined();
    expect(wrong.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual(['VERB_UNKNOWN']);
  });
});
