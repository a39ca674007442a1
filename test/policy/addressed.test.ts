import { describe, expect, it } from '@jest/globals';
import { addressedWords, type Directory, isMeant, onDuty, placesOf, reachable } from '../../policy/addressed.ts';

const DAY = 86_400_000;
const directory: Directory = {
  groups: { managers: ['ann', 'ben@example.test'], empty: [] },
  oncall: { soc: { people: ['ann', 'ben', 'cleo'], everyMs: 7 * DAY, fromMs: 0 }, lead: { people: ['dora', 'emil'] } },
};

describe('who is on call', () => {
  it.each([
    [0, 'ann'],
    [7 * DAY - 1, 'ann'],
    [7 * DAY, 'ben'],
    [20 * DAY, 'cleo'],
    [21 * DAY, 'ann'],
    [-1, 'cleo'],
  ])('after %i ms it is %s', (nowMs, who) => {
    expect(onDuty(directory.oncall.soc ?? { people: [] }, nowMs)).toEqual([who]);
  });

  it('without turns everyone in the rota is', () => {
    expect(onDuty({ people: ['dora', 'emil'] }, 5)).toEqual(['dora', 'emil']);
    expect(onDuty({ people: [], everyMs: 1 }, 5)).toEqual([]);
  });
});

describe('a question', () => {
  const ann = placesOf(directory, ['per_1', 'Ann'], 0);
  const zoe = placesOf(directory, ['per_9', 'zoe'], 0);

  it.each([
    [{ person: 'ANN' }, true, false],
    [{ person: 'per_9' }, false, true],
    [{ group: 'managers' }, true, false],
    [{ group: 'nobody-knows' }, false, false],
    [{ oncall: 'soc' }, true, false],
    [{ oncall: 'lead' }, false, false],
    [{ role: 'analyst' }, true, true],
    [{}, true, true],
  ])('to %j is put to those who are named', (to, toAnn, toZoe) => {
    expect([isMeant(to, ann), isMeant(to, zoe)]).toEqual([toAnn, toZoe]);
  });

  it('is not put to an object that only looks like a group', () => {
    expect(isMeant({ group: 'constructor' }, zoe)).toBe(false);
    expect(reachable(directory, { group: 'constructor' }, 'analyst').to).toEqual({ role: 'analyst' });
  });

  it('to a group or rota without anybody goes to the role, and says so', () => {
    expect(reachable(directory, { group: 'empty' }, 'analyst')).toEqual({
      to: { role: 'analyst' },
      why: expect.stringContaining('the group empty'),
    });
    expect(reachable(directory, { oncall: 'nobody-knows' }, 'responder').to).toEqual({ role: 'responder' });
    expect(reachable(directory, { oncall: 'soc' }, 'responder')).toEqual({ to: { oncall: 'soc' } });
  });

  it('says in words whom it is put to', () => {
    expect([{ person: 'ann' }, { group: 'soc' }, { oncall: 'soc' }, { role: 'analyst' }].map(addressedWords)).toEqual([
      'ann',
      'the group soc',
      'whoever is on call for soc',
      'the role analyst',
    ]);
  });
});
