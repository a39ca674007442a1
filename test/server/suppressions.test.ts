import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { api, type Harness, startHarness } from './harness.ts';

let harness: Harness;
beforeAll(async () => {
  harness = await startHarness();
});
beforeEach(async () => {
  await harness.reset();
});
afterAll(async () => {
  await harness.close();
});

const wish = { title: 'Patching', reason: 'CHG-1234', for: '4h', entities: ['Host:WKS-007'] };

describe('a suppression', () => {
  it('is made, listed and ended, and all of it is in the audit log', async () => {
    const made = (await api(harness, 'POST', '/suppressions', wish)).json();
    expect(made).toMatchObject({ state: 'active', by: 'Owner', match: { entities: ['host:wks-007'] }, hidden: 0 });
    expect((await api(harness, 'GET', '/suppressions')).json().items).toHaveLength(1);
    expect((await api(harness, 'POST', `/suppressions/${made.id}/remove`, { reason: 'done' })).json()).toMatchObject({ state: 'removed' });
    expect((await api(harness, 'GET', '/suppressions')).json().items).toEqual([]);
    expect((await api(harness, 'GET', `/suppressions/${made.id}`)).json()).toMatchObject({ state: 'removed', reason: 'CHG-1234' });
    const said = (await api(harness, 'GET', '/audit')).json().items.map((one: { says: string }) => one.says);
    expect(said.join('\n')).toMatch(/Owner ended the suppression Patching: done.*\n.*Owner suppressed Patching until .*: CHG-1234/);
  });

  it.each([
    ['no end', { for: undefined }],
    ['an end that is too far', { for: '91d' }],
    ['no reason', { reason: ' ' }],
    ['nothing that it is about', { entities: undefined }],
    ['only a severity', { entities: undefined, severity_below: 'high' }],
    ['a condition that cannot be read', { when: 'alert.title ==' }],
    ['an end in the past', { from: '2020-01-01T00:00:00Z' }],
  ])('with %s is refused', async (_, change) => {
    expect((await api(harness, 'POST', '/suppressions', { ...wish, ...change })).statusCode).toBe(400);
    expect((await api(harness, 'GET', '/suppressions?all=true')).json().items).toEqual([]);
  });
});
