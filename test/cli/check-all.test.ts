import { expect, it } from '@jest/globals';
import { checkAll } from '../../cli/check-all.ts';

const text = (name: string, verb: string) =>
  `playbook: ${name}\ntitle: T\ndescription: D\nowner: o\ninputs: { user: { type: user } }\ntriggers: [{ manual: {} }]\nsteps:\n  - do: ${verb}\n    with: { user: "\${{ inputs.user }}" }\n`;

it('keeps the order of the files, and tells how far it is', async () => {
  const files = Array.from({ length: 130 }, (_, index) => ({
    playbook: { file: `p${index}.yaml`, text: text(`p${index}`, index === 77 ? 'user.lokup' : 'user.lookup') },
    scenarios: [],
    beside: [],
  }));
  const told: number[] = [];
  const checked = await checkAll(files, undefined, (done) => told.push(done));
  expect(checked.map(([one]) => one?.file)).toEqual(files.map((one) => one.playbook.file));
  expect(checked.flatMap((all, index) => (all.some((one) => one.diagnostics.length > 0) ? [index] : []))).toEqual([77]);
  expect(told.at(-1)).toBe(130);
  expect(told.length).toBeGreaterThan(3);
});
