// How far a published playbook may go is changed by an engineer, with a reason, and is in the audit log.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { api, type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  await harness.reset();
  const source = readFileSync('playbooks/malware-on-host/playbook.yaml', 'utf8');
  await api(harness, 'POST', '/playbooks', { source, path: 'malware-on-host/playbook.yaml' });
});
afterAll(async () => {
  await harness.close();
});

const published = async () => (await api(harness, 'GET', '/playbooks/malware-on-host')).json();

describe('the mode of a playbook', () => {
  it('is observe at first, is changed with a reason, and stays what it was when a mode is misspelt or the reason is missing', async () => {
    expect(await published()).toMatchObject({ mode: 'observe' });
    for (const body of [{ mode: 'acts', reason: 'x' }, { mode: 'act' }, { mode: 'act', reason: ' ' }])
      expect((await api(harness, 'POST', '/playbooks/malware-on-host/mode', body)).statusCode).toBe(400);
    expect(await published()).toMatchObject({ mode: 'observe' });
    const change = { mode: 'ask', reason: 'two weeks without a surprise' };
    expect((await api(harness, 'POST', '/playbooks/malware-on-host/mode', change)).statusCode).toBe(200);
    expect(await published()).toMatchObject({ mode: 'ask' });
    const said = (await api(harness, 'GET', '/audit')).json().items.map((one: { says: string }) => one.says);
    expect(said.join('\n')).toContain('Owner set malware-on-host to ask');
  });

  it('of a playbook that is not published is not found; what one would have done is counted from nothing', async () => {
    expect((await api(harness, 'POST', '/playbooks/none/mode', { mode: 'act', reason: 'x' })).statusCode).toBe(404);
    expect((await api(harness, 'GET', '/playbooks/malware-on-host/would?days=30')).json()).toEqual({
      playbook: 'malware-on-host',
      days: 30,
      runs: 0,
      failed: 0,
      effects: [],
    });
  });
});
