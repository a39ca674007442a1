// Files at or below the size that is read, made to hold the reader: every call of the API waits while it checks one, and so does the folder of playbooks.
import { describe, expect, it } from '@jest/globals';
import { readPlaybook } from '../../language/parse.ts';

const HEAD = 'playbook: p\ntitle: t\nowner: o\ntriggers: [{ manual: {} }]\nsteps:\n';
const SIZE = 262_000;

/** As many as fit, and no more than `most`. */
function fill(part: (n: number) => string, head = '', most = Number.POSITIVE_INFINITY): string {
  const parts = [head];
  for (let n = 0, length = head.length; n < most; n += 1) {
    const one = part(n);
    length += one.length;
    if (length > SIZE) break;
    parts.push(one);
  }
  return parts.join('');
}

describe('hostile files', () => {
  it.each([
    ['unknown keys', fill((n) => `k${n}: x\n`, '', 14_000), 'KEY_UNKNOWN'],
    ['unknown keys of a step', fill((n) => `    key${n}: 1\n`, `${HEAD}  - do: ticket.open\n`, 14_000), 'KEY_UNKNOWN'],
    ['aliases on one line', `b: [${'*a,'.repeat(80_000)}]`, 'YAML_ALIAS'],
    ['aliases behind an anchor', `a: &a 1\nb: [${'*a,'.repeat(80_000)}]`, 'YAML_ALIAS'],
    ['tags on one line', `a: [${'!x a,'.repeat(28_000)}]`, 'YAML_TAG'],
    ['quotes that are not closed', fill((n) => `k${n}: "a\n`, '', 20_000), 'YAML_SYNTAX'],
    ['escapes that are none', `a: "${'\\q'.repeat(40_000)}"`, 'YAML_SYNTAX'],
    [
      'reads of unknown steps',
      fill((n) => `  - { id: s${n}, do: ticket.open, with: { title: "\${{ steps.t${n}.x }}" } }\n`, HEAD),
      'STEP_UNKNOWN',
    ],
  ])('%s are refused without holding the process', (_, text, code) => {
    expect(text.length).toBeLessThan(262_144);
    // Of work, not of the clock: another process on the machine is no fault of ours.
    const before = process.cpuUsage();
    const { plan, diagnostics } = readPlaybook(text, 'p.yaml');
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(5000);
    expect(plan).toBeUndefined();
    expect(diagnostics.map((one) => one.code)).toContain(code);
    expect(diagnostics.length).toBeLessThan(300);
  });

  it('15,000 templates in one text are read', () => {
    const { diagnostics } = readPlaybook(
      `${HEAD}  - { do: ticket.open, with: { title: "${'${{ run.id }} '.repeat(15_000)}" } }\n`,
      'p.yaml',
    );
    expect(diagnostics).toEqual([]);
  });
});
