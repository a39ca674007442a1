// Files just below the size that is read, made to hold the reader: every API call that checks one waits for it, and so does the folder of playbooks.
import { describe, expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';

const HEAD = 'playbook: p\ntitle: t\nowner: o\ntriggers: [{ manual: {} }]\nsteps:\n';

describe('hostile files', () => {
  it('15,000 templates in one text are read', () => {
    const { diagnostics } = readPlaybook(
      `${HEAD}  - { do: ticket.open, with: { title: "${'${{ run.id }} '.repeat(15_000)}" } }\n`,
      'p.yaml',
    );
    expect(diagnostics).toEqual([]);
  });
});
