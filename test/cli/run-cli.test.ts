import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CliError, EXIT, type Register } from '../../cli/command.ts';
import { COMMANDS } from '../../cli/commands.ts';
import { columns, safeText, wantsColour } from '../../cli/output.ts';
import { cordon, cordonWith, folderWith } from './run.ts';

describe('cordon', () => {
  it('has a working --help with an example for each command', async () => {
    for (const { name } of COMMANDS) {
      const { code, out } = await cordon('.', name, '--help');
      expect([name, code]).toEqual([name, 0]);
      expect(out).toContain(`Usage: cordon ${name}`);
    }
    const { code, out } = await cordon('.', '--help');
    expect(code).toBe(0);
    for (const { name } of COMMANDS) expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(out).toContain('Exit codes: 0 yes, 1 no (findings, denied, failed), 2 wrong use, 3 not reachable.');
  });

  it.each([[['nonsense']], [['test', '--nonsense']], [['simulate']]])('calls %j wrong use', async (args) => {
    const { code, err } = await cordon('.', ...args);
    expect(code).toBe(2);
    expect(err).toContain('error');
  });

  const fail =
    (error: Error): Register =>
    (program, action) => {
      const thrower = () => {
        throw error;
      };
      program.command('fail').action(action(thrower));
    };
  const failing = (error: Error) => (json: boolean) =>
    cordonWith([{ name: 'fail', load: async () => fail(error) }], '.', json ? ['fail', '--json'] : ['fail']);

  it('prints an error with its code and its hint, and exits as it says', async () => {
    const run = failing(new CliError(EXIT.notReachable, 'NOT_REACHABLE', 'nobody answers', 'is it started?'));
    expect(await run(false)).toEqual({ code: 3, out: '', err: 'error NOT_REACHABLE: nobody answers\n  is it started?\n' });
    const { code, out } = await run(true);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toEqual({ error: { code: 'NOT_REACHABLE', message: 'nobody answers', hint: 'is it started?' } });
  });

  it('never takes a bug for success', async () => {
    const { code, err } = await failing(new Error('oh'))(false);
    expect(code).toBe(1);
    expect(err).toContain('this is a bug in Cordon: Error: oh');
  });
});

describe('output', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '' }, true, true],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ TERM: 'dumb' }, true, false],
  ])('with %j on a terminal: %s, colour is %s', (env, terminal, colour) => {
    expect(wantsColour(env, terminal)).toBe(colour);
  });

  it('shows control characters and turned directions instead of sending them', () => {
    expect(safeText('a\u001b[2Jb\nc\u202ed\u0007')).toBe('a\\u001b[2Jb\\u000ac\\u202ed\\u0007');
  });

  it('aligns columns and leaves no blanks at the end', () => {
    expect(
      columns([
        ['a', 'bb', 'c'],
        ['aaa', '', ''],
      ]),
    ).toBe('a    bb  c\naaa\n');
  });
});

describe('the command file', () => {
  const script = readFileSync(join(import.meta.dirname, '../../scripts/cordon.mjs'), 'utf8');
  const run = (cwd: string) =>
    new Promise<{ code: unknown; stderr: string }>((done) => {
      execFile(process.execPath, [join(cwd, 'scripts/cordon.mjs'), 'validate'], { cwd }, (error, _out, stderr) =>
        done({ code: error?.code ?? 0, stderr }),
      );
    });

  it.each([
    ['installed', {}, 'not installed yet'],
    ['built', { 'node_modules/x': '' }, 'not built yet'],
  ])('says what to do when nothing is %s', async (_, files, words) => {
    const folder = folderWith({ 'scripts/cordon.mjs': script, ...files });
    const { code, stderr } = await run(folder.path);
    folder.remove();
    expect(code).toBe(2);
    expect(stderr).toContain(words);
    expect(stderr).toContain('npm start');
  });
});
