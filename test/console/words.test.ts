import { describe, expect, it } from '@jest/globals';
import { effectWords } from '../../console/ui/approval/effect-words.ts';
import { notBegunWords, overallSaid } from '../../console/ui/approval/overall.ts';
import { timelineRows } from '../../console/ui/run/timeline-rows.ts';
import { alertSaid, approvalSaid, lowerFirst, plain, runSaid, stepSaid, truthOf } from '../../console/words.ts';
import type { ApprovalDetail, RunDetail, StepRow } from '../../server/contract.ts';
import { makeWorld } from './world.ts';

const STEP: StepRow = {
  key: 'isolate',
  stepId: 'isolate',
  generation: 0,
  kind: 'do',
  state: 'ended',
  outcome: 'changed',
  input: {},
  recovered: false,
  attempts: 1,
  startedAt: '2026-11-21T03:04:10Z',
  endedAt: '2026-11-21T03:04:12Z',
};

describe('what became of an effect', () => {
  it('is green only when it was read back', () => {
    expect(stepSaid({ ...STEP, after: { isolated: true } })).toEqual({ tone: 'ok', word: 'verified' });
    expect(stepSaid(STEP)).toEqual({ tone: 'none', word: 'done, acknowledged' });
    expect(stepSaid({ ...STEP, after: null }).tone).toBe('none');
  });

  it('is told as what was asked, what the product said, and what is true', () => {
    const asked = { ...STEP, says: 'Isolate wks-007' };
    expect(truthOf({ ...asked, after: { isolated: true } })).toEqual({
      asked: 'Isolate wks-007',
      said: 'It accepted it.',
      isTrue: 'Read back: it is so.',
    });
    expect(truthOf(asked)?.isTrue).toMatch(/its word is all there is/);
    expect(truthOf({ ...asked, outcome: 'unverified', after: { isolated: false } })?.isTrue).toMatch(/^NOT verified/);
    expect(truthOf({ ...asked, outcome: 'failed', error: { code: 'FORBIDDEN', message: 'it refused' } })?.said).toBe(
      'FORBIDDEN: it refused',
    );
    expect(truthOf({ ...asked, outcome: 'read' })).toBeUndefined();
  });

  it('is red when it was not verified, failed, or nobody knows', () => {
    for (const outcome of ['unverified', 'failed', 'unknown'])
      expect(stepSaid({ ...STEP, outcome, after: { isolated: false } }).tone).toBe('bad');
  });

  it('is never green for any outcome but a change that was read back, or what was so already', () => {
    const green = ['changed', 'already', 'pending', 'unverified', 'failed', 'unknown', 'denied', 'made-up'].filter(
      (outcome) => stepSaid({ ...STEP, outcome, after: { any: true } }).tone === 'ok',
    );
    expect(green).toEqual(['changed', 'already']);
  });

  it('says "verified by reading back" with its time, or that it was not', () => {
    expect(effectWords({ ...STEP, after: { isolated: true } })).toMatch(/^done, verified by reading back at \d\d:\d\d:12$/);
    expect(effectWords(STEP)).toContain('nothing to read back');
    expect(effectWords({ ...STEP, outcome: 'unverified', error: { code: 'X', message: 'still online' } })).toMatch(
      /^NOT verified.*still online$/,
    );
    expect(effectWords({ ...STEP, state: 'waiting', waitingOn: 'lock' })).toBe('waiting for another run that works on the same thing');
  });
});

describe('what became of an approval', () => {
  const [approval] = makeWorld(0).approvals;
  if (!approval) throw new Error('the world has no approval');
  const [item] = approval.items;
  if (!item) throw new Error('the approval has no effect');
  const granted: ApprovalDetail = { ...approval, state: 'granted', items: [item], runEnded: false, effects: [] };
  const done: StepRow = { ...STEP, key: item.key, after: { enabled: false } };

  it('goes on while its effects are to come, and never once its run has ended', () => {
    expect(overallSaid(granted)).toEqual({ tone: 'wait', word: 'approved, being carried out' });
    expect(overallSaid({ ...granted, runEnded: true })).toEqual({ tone: 'none', word: 'approved, not done' });
    expect(notBegunWords(false)).toBe('waiting for its turn');
    expect(notBegunWords(true)).toBe('was not begun: the run has ended');
  });

  it.each(['denied', 'expired', 'cancelled', 'would'])('is not "done" where its effect ended as %s', (outcome) => {
    const effects = [{ ...STEP, key: item.key, outcome }];
    expect(overallSaid({ ...granted, effects })).toEqual({ tone: 'none', word: 'approved, not done' });
    const two = { ...granted, items: [item, { ...item, key: 'other' }] };
    expect(overallSaid({ ...two, effects: [...effects, { ...done, key: 'other' }] })).toEqual({ tone: 'none', word: 'done in part' });
  });

  it('is verified where all of it was read back, and bad where any of it failed', () => {
    expect(overallSaid({ ...granted, effects: [done] })).toEqual({ tone: 'ok', word: 'done, verified' });
    expect(overallSaid({ ...granted, effects: [{ ...done, outcome: 'failed' }] })).toEqual({ tone: 'bad', word: 'failed' });
  });
});

describe('states in words', () => {
  it('ask the reader only for what the reader may decide', () => {
    expect(approvalSaid({ state: 'open', kind: 'approval', mayDecide: true })).toEqual({ tone: 'needs', word: 'needs you' });
    expect(approvalSaid({ state: 'open', kind: 'approval', mayDecide: false }).tone).toBe('wait');
  });

  it('show a lost run as bad and a quarantined alert as needing a person', () => {
    expect(runSaid({ state: 'lost' })).toEqual({ tone: 'bad', word: 'lost' });
    const quarantined = makeWorld(0).alerts.find(({ state }) => state === 'quarantined');
    expect(quarantined && alertSaid(quarantined).tone).toBe('needs');
  });
});

describe('text from outside', () => {
  it('shows characters that hide or turn their neighbours', () => {
    expect(plain('invoice\u202Egpj.exe')).toBe('invoice⟨U+202E⟩gpj.exe');
    expect(plain('a\u200Bb\u0000c\u2066d')).toBe('a⟨U+200B⟩b⟨U+0000⟩c⟨U+2066⟩d');
    // The Arabic mark, a soft hyphen, a line separator, C1, a tag, a filler: each hides something, or turns its neighbours round.
    expect(plain('\u061C\u00AD\u2028\u0085\u{E0041}\u3164')).toBe('⟨U+061C⟩⟨U+00AD⟩⟨U+2028⟩⟨U+0085⟩⟨U+E0041⟩⟨U+3164⟩');
  });

  it('leaves line ends, tabs and other scripts alone', () => {
    expect(plain('a\r\n\tb äöü 日本 🙂 ❤\uFE0F')).toBe('a\r\n\tb äöü 日本 🙂 ❤\uFE0F');
  });

  it('lower-cases the first letter of a clause, but not of an abbreviation', () => {
    expect(lowerFirst('Isolate wks-007')).toBe('isolate wks-007');
    expect(lowerFirst('IP 203.0.113.50')).toBe('IP 203.0.113.50');
  });
});

describe('the timeline', () => {
  const world = makeWorld(0);
  const run = world.runs.find(({ id }) => id === 'run_travel');
  if (!run) throw new Error('the world has no such run');

  it('has every step of the plan, also those that were not reached', () => {
    const words = timelineRows(run).map((row) => `${row.words} | ${row.said?.word ?? ''}`);
    expect(words).toEqual([
      'Look up the reputation of an address: 203.0.113.50 | done, acknowledged',
      'Together: contain | ',
      'Disable Eve Adams (user-007), end 3 sessions, isolate wks-007 | needs a person',
      'Disable a user | to come',
      "End a user's sessions | to come",
      'Isolate a host | to come',
      'Open a ticket | to come',
      'Is this a true positive? | to come',
    ]);
  });

  it('says "not reached" once the run is over', () => {
    const over = timelineRows({ ...run, state: 'stopped' });
    expect(over.filter(({ said }) => said?.word === 'not reached')).toHaveLength(5);
  });

  it('says of a step that leaves no row of its own that it was passed, once a later one was reached', () => {
    const plan = [
      { id: 'step-1', kind: 'set', depth: 0 },
      { id: 'isolate', kind: 'do', verb: 'host.isolate', depth: 0 },
      { id: 'step-3-1', kind: 'stop', depth: 1 },
    ];
    const words = timelineRows({ state: 'running', plan, steps: [STEP], loops: [] }).map((row) => `${row.words} | ${row.said?.word ?? ''}`);
    expect(words).toEqual(['Set values | passed', 'Isolate a host | done, acknowledged', 'Stop | to come']);
  });

  it('says which stop ended the run, and of what follows it alone that it was not reached', () => {
    const plan: RunDetail['plan'] = [
      { id: 'isolate', kind: 'do', verb: 'host.isolate', depth: 0 },
      { id: 'step-2', kind: 'set', depth: 0 },
      { id: 'step-3', kind: 'stop', ends: 'not-contained', depth: 0 },
      { id: 'step-4', kind: 'stop', ends: 'contained', depth: 0 },
    ];
    const said = (of: RunDetail['plan']) =>
      timelineRows({ state: 'stopped', outcome: 'not-contained', plan: of, steps: [STEP], loops: [] }).map(
        (row) => `${row.words} | ${row.said?.word ?? ''}`,
      );
    expect(said(plan)).toEqual([
      'Isolate a host | done, acknowledged',
      'Set values | passed',
      'Stop | ended the run: not-contained',
      'Stop | not reached',
    ]);
    // Which of two it was is recorded nowhere: neither is called not reached.
    expect(said(plan.map((one) => (one.kind === 'stop' ? { ...one, ends: 'not-contained' } : one))).slice(2)).toEqual(
      Array(2).fill('Stop | may have ended the run: not-contained'),
    );
  });

  it('shows what was undone at the end, in the order of time, beside what was done', () => {
    const done: StepRow = { ...STEP, key: 'contain/disable', stepId: 'disable', says: 'Disable Eve Adams', after: { enabled: false } };
    const undone: StepRow = { ...done, kind: 'undo', generation: 1, says: 'Enable Eve Adams', startedAt: '2026-11-21T04:00:00Z' };
    const words = timelineRows({ ...run, state: 'completed', steps: [undone, done] }).map((row) => row.words);
    expect(words.indexOf('Disable Eve Adams')).toBeGreaterThan(0);
    expect(words.at(-1)).toBe('Enable Eve Adams');
  });

  it('shows an undo as what it undid, not as a step that was not reached', () => {
    const undone: StepRow = { ...STEP, kind: 'undo', generation: 1, says: 'Release wks-007', after: { isolated: false } };
    const rows = timelineRows({ state: 'completed', plan: [{ id: 'undo', kind: 'undo', depth: 0 }], steps: [undone], loops: [] });
    expect(rows.map((row) => `${row.words} | ${row.said?.word}`)).toEqual(['Release wks-007 | verified']);
  });

  it('a loop of ten thousand turns is its first rows and one line for all of them', () => {
    const plan = [
      { id: 'all', kind: 'for_each', depth: 0 },
      { id: 'isolate', kind: 'do', verb: 'host.isolate', depth: 1 },
    ];
    const steps = [0, 1].map((turn): StepRow => ({ ...STEP, key: `isolate#${turn}` }));
    const loops = [{ stepId: 'isolate', kind: 'do', turns: 10_000, outcomes: { changed: 9990, failed: 10 } }] as const;
    const words = timelineRows({ state: 'completed', plan, steps, loops }).map((row) => row.words);
    expect(words).toHaveLength(4);
    expect(words.at(-1)).toBe('10000 in all: 9990 changed, 10 failed. The first 2 are listed.');
  });

  it('loses no step that the plan does not know', () => {
    const odd: StepRow = { ...STEP, key: 'made-up', stepId: 'made-up', says: 'Release wks-007' };
    expect(timelineRows({ ...run, plan: [], steps: [odd] }).map((row) => row.words)).toEqual(['Release wks-007']);
  });
});
