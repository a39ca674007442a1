import { expect, it } from '@jest/globals';
import { marking, markOf } from '../../bench/served.ts';

it('counts for the effects whatever touches policy, limits, approvals or the ledger, and what is gathered into the same statement', () => {
  expect(markOf('select (select append_audit($1, $2)) from intended, steps')).toBe('effects');
  expect(markOf('insert into holds (id) values ($1)')).toBe('effects');
  expect(markOf('select append_audit($1, $2::json) as seq')).toBe('audit');
  expect(markOf('insert into alerts (id) values ($1)')).toBe('other');
  // A column is not the table.
  expect(markOf('select lock_timeout from settings')).toBe('other');
});

it('counts a commit for what was done in its transaction, and the next one for itself', () => {
  const mark = marking();
  const marks = ['begin', 'select 1', 'update locks set fence = 1', 'select 2', 'commit', 'begin', 'insert into alerts', 'commit'].map(
    mark,
  );
  expect(marks).toEqual(['other', 'other', 'effects', 'other', 'effects', 'other', 'other', 'other']);
});
