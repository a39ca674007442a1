import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS } from '../../server/access.ts';
import { RESPONSES } from '../../server/responses.ts';
import { api, type Harness, plainAlert, post, startHarness } from './harness.ts';
import { makeApproval, makeHold, makeRun } from './rows.ts';

let harness: Harness;
const ids: Record<string, string> = {};
beforeAll(async () => {
  harness = await startHarness();
  const alertId: string = (await post(harness, plainAlert())).json().id;
  ids.alerts = alertId;
  await post(harness, 'not JSON');
  const source = readFileSync('playbooks/malware-on-host/playbook.yaml', 'utf8');
  await api(harness, 'POST', '/playbooks', { source, path: 'malware/playbook.yaml' });
  ids.runs = await makeRun(harness.store, { alertId });
  ids.approvals = await makeApproval(harness.store, ids.runs);
  ids.holds = await makeHold(harness.store, ids.runs);
  const denied = await makeApproval(harness.store, await makeRun(harness.store));
  await api(harness, 'POST', `/approvals/${denied}/deny`, { digest: 'made-up-approval-digest' });
  const quiet = { title: 'Patching', reason: 'CHG-1234', for: '4h', entities: ['host:wks-007'] };
  ids.people = (await api(harness, 'GET', '/me')).json().id;
  ids.suppressions = (await api(harness, 'POST', '/suppressions', quiet)).json().id;
  await api(harness, 'POST', '/freeze', { on: true, reason: 'test' });
});
afterAll(async () => {
  await harness.close();
});

const read = Object.entries(RESPONSES).filter(([route]) => route.startsWith('GET /api/v1'));

describe('answers', () => {
  it.each(read)('of %s are as described', async (route, { status, schema }) => {
    const url = route.slice('GET /api/v1'.length).replace(/\/(\w+)\/:id/, (_, noun: string) => `/${noun}/${ids[noun]}`);
    const answer = await api(harness, 'GET', url);
    expect(answer.statusCode).toBe(status);
    const checked = schema.safeParse(answer.json());
    expect(checked.error?.issues).toBeUndefined();
  });

  it('are described for routes that exist only', () => {
    expect(Object.keys(RESPONSES).filter((route) => ACCESS[route] === undefined)).toEqual([]);
  });

  it('stand in openapi.json with their statuses, and every operation has a summary', async () => {
    const { paths } = (await harness.app.inject('/api/openapi.json')).json();
    expect(paths['/api/v1/approvals/{id}'].get.responses['200'].content['application/json'].schema.properties.digest.description).toContain(
      'Send it back',
    );
    expect(paths['/hooks/{source}'].post.responses['202']).toBeDefined();
    const operations = Object.values(paths).flatMap((path) => Object.values(path as object));
    for (const operation of operations) {
      expect(operation).toMatchObject({ summary: expect.stringMatching(/^[A-Z].{5,}/), responses: { default: expect.anything() } });
    }
    expect(operations.length).toBeGreaterThan(40);
  });
});
