import { expect, it } from '@jest/globals';
import { answerOf } from '../../cli/answers.ts';
import type { ApprovalDetail } from '../../server/contract.ts';

// What else an approval has is not read here.
const question = (asked: Partial<ApprovalDetail>) => asked as ApprovalDetail;
const form = question({ form: [{ name: 'sure', label: 'Sure', type: 'boolean', optional: false }] });

it.each([
  ['sure=yes', true],
  ['sure=false', false],
  ['sure=perhaps', 'perhaps'],
  ['sure=constructor', 'constructor'],
  ['sure=toString', 'toString'],
])('%s', (word, value) => {
  expect(answerOf(form, [word])).toEqual({ sure: value });
});

it('a map in the place of a row’s answer goes to the server as it is written, which refuses it', () => {
  const rows = question({ rows: { items: [{ id: '1', label: 'eve', of: 'eve' }], choices: ['keep', 'drop'] } });
  expect(answerOf(rows, ['{"eve":{"toString":1}}'])).toEqual({ 1: '{"toString":1}' });
});
