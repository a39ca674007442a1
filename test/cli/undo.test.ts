// cordon undo: what was read is undone, and nothing else.
import { describe, expect, it } from '@jest/globals';
import { makeHold, makeRun } from '../server/rows.ts';
import { goOnline } from './online.ts';

const { cordon, harness } = goOnline();

describe('cordon undo', () => {
  it('previews an undo before it asks for it', async () => {
    const run = await makeRun(harness().store);
    await makeHold(harness().store, run);
    const preview = await cordon(['runs', 'undo', run, '--preview']);
    expect(preview).toEqual({
      code: 0,
      out: expect.stringMatching(/^will: {4}Enable Eve Adams \(user-007\)\ndigest: {2}\w{64}\n$/),
      err: '',
    });
    expect((await cordon(['runs', 'list', '--json'])).out).not.toContain('"undo"');
    expect((await cordon(['runs', 'undo', run, '--no-follow'])).out).toMatch(/undo is run_/);
    expect((await cordon(['runs', 'list'])).out).toContain('Undo: Contain a compromised account');
  });

  it('undoes what was read and nothing else, unless told to undo whatever is held', async () => {
    const run = await makeRun(harness().store);
    await makeHold(harness().store, run);
    const { digest } = JSON.parse((await cordon(['undo', '--run', run, '--preview', '--json'])).out);
    await makeHold(harness().store, run, { key: 'later' });
    const changed = await cordon(['undo', '--run', run, '--digest', digest, '--no-follow']);
    expect(changed).toMatchObject({ code: 1, err: expect.stringContaining('UNDO_CHANGED') });
    expect((await cordon(['runs', 'list'])).out).not.toContain('Undo:');
    expect(await cordon(['undo', '--run', run, '--yes', '--no-follow'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^undo is run_/),
    });
  });

  it('asks on a terminal, after it has shown what would be undone; no is no', async () => {
    const run = await makeRun(harness().store);
    const hold = await makeHold(harness().store, run);
    const asked: string[] = [];
    const answering = (yes: boolean) => ({
      askYes: async (question: string) => {
        asked.push(question);
        return yes;
      },
    });
    const no = await cordon(['undo', '--run', run, '--no-follow'], {}, answering(false));
    expect(no).toMatchObject({ code: 1, out: expect.stringMatching(/^will: /), err: 'nothing was undone\n' });
    expect((await cordon(['holds', 'show', hold])).out).toContain('active');
    expect((await cordon(['runs', 'list', '--json'])).out).not.toContain('"undo"');
    const yes = await cordon(['undo', '--run', run, '--no-follow'], {}, answering(true));
    expect(yes).toMatchObject({ code: 0, out: expect.stringMatching(/undo is run_/) });
    expect(asked).toHaveLength(2);
  });

  it('says when there is nothing to undo, exit code 1', async () => {
    const said = await cordon(['runs', 'undo', await makeRun(harness().store)]);
    expect(said).toMatchObject({ code: 1, out: expect.stringContaining('nothing to undo') });
  });
});
