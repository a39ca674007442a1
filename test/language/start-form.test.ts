import { describe, expect, it } from '@jest/globals';
import { checkInputs } from '../../language/inputs.ts';
import type { Input } from '../../language/plan.ts';
import { inputsOf, startForm } from '../../language/start-form.ts';

const input = (type: string, more: Partial<Input> = {}): Input => ({ type, list: false, optional: false, ...more });
const INPUTS = {
  user: input('user', { description: 'Whose account it is.' }),
  hosts: input('host', { list: true, optional: true }),
  days: input('number', { default: 7 }),
  drill: input('boolean', { optional: true }),
  severity: input('severity', { optional: true }),
  more: input('map', { optional: true }),
};

describe('a playbook’s inputs', () => {
  it('are a form in the order in which they were written', () => {
    expect(startForm(INPUTS)).toMatchObject([
      { name: 'user', type: 'user', optional: false, help: 'Whose account it is.' },
      { name: 'hosts', type: 'text', optional: true, help: 'Several: one on each line.' },
      { name: 'days', type: 'number', optional: true, default: 7 },
      { name: 'drill', type: 'boolean' },
      { name: 'severity', type: 'choice' },
      { name: 'more', type: 'text', help: 'A JSON object.' },
    ]);
  });

  it('take what was typed as what they are', () => {
    const typed = { user: ' eve ', hosts: 'wks-007\n\n wks-008 \n', days: '14', drill: 'true', severity: 'high', more: '{"a":1}' };
    const inputs = inputsOf(INPUTS, typed);
    expect(inputs).toEqual({ user: 'eve', hosts: ['wks-007', 'wks-008'], days: 14, drill: true, severity: 'high', more: { a: 1 } });
    expect(checkInputs(INPUTS, inputs)).toMatchObject({ ok: true });
  });

  it('leave what does not fit to the check, which names the input', () => {
    const checked = checkInputs(INPUTS, inputsOf(INPUTS, { user: 'eve', days: 'many', more: '[', extra: 'x' }));
    expect(checked).toMatchObject({ ok: false, faults: [{ input: 'extra' }, { input: 'days' }, { input: 'more' }] });
  });
});
