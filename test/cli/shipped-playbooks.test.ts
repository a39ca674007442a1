import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { cordon, folderWith } from './run.ts';

const root = join(import.meta.dirname, '../..');

it('every playbook that is shipped passes its scenarios, and they reach every step and branch', async () => {
  const { code, out } = await cordon(root, 'test', '--json');
  const report = JSON.parse(out);
  const gaps = report.playbooks.flatMap((one: { playbook: string; coverage: { gaps: readonly { step: string; what: string }[] } }) =>
    one.coverage.gaps.map((gap) => `${one.playbook}: ${gap.step} ${gap.what}`),
  );
  const faults = report.playbooks.flatMap((one: { scenarios: readonly { file: string; faults: readonly { message: string }[] }[] }) =>
    one.scenarios.flatMap(({ file, faults: found }) => found.map(({ message }) => `${file}: ${message}`)),
  );
  expect(gaps).toEqual([]);
  expect(faults).toEqual([]);
  expect(report).toMatchObject({ ok: true, failed: 0, broken: 0 });
  expect(report.playbooks.length).toBeGreaterThanOrEqual(18);
  expect(code).toBe(0);
});

it('validates without a fault', async () => {
  const { code, out } = await cordon(root, 'validate');
  expect([code, out]).toEqual([0, expect.stringMatching(/^0 errors, 0 warnings/)]);
});

it('where the policy of the trial asks before a host is isolated, ransomware wakes people at once, and again when nobody decides', async () => {
  const alert = { id: 'a', title: 't', severity: 'critical', hosts: [{ name: 'wks-012' }], data: { category: 'ransomware' } };
  const folder = folderWith({ 'alert.json': JSON.stringify(alert) });
  const args = ['--alert', join(folder.path, 'alert.json'), '--policy', 'worker/trial/policy.yaml'];
  const { out } = await cordon(root, 'simulate', 'playbooks/ransomware-host', ...args);
  folder.remove();
  expect(out).toMatch(
    / 15s +hurry +changed notify\.page .*NOT isolated yet[\s\S]* 30m +page +changed notify\.page .*NOT isolated: expired/,
  );
});
