// Scenarios wait for products as long as runs do.
import { expect, it } from '@jest/globals';
import { DEFAULT_TIMING } from '../../activities/deps.ts';
import { CONNECTORS } from '../../connectors/connectors.ts';
import { ASK_AFTER_MS, PATIENCE_MS, READ_BACK_MS, REQUEST_MS, UNSEEN } from '../../engine/simulation/slowness.ts';

it('a simulated run waits for a product as long as a real one', () => {
  expect(READ_BACK_MS).toBe(DEFAULT_TIMING.settleMs);
  expect(REQUEST_MS).toBe(DEFAULT_TIMING.requestTimeoutMs);
  expect(PATIENCE_MS).toBe(DEFAULT_TIMING.outage.patienceMs);
  expect(ASK_AFTER_MS).toBe(DEFAULT_TIMING.outage.askAfterMs);
});

const actions = CONNECTORS.flatMap(({ type, actions: all }) => all.map((action) => ({ type, action })));

it('no action is read back for longer or shorter', () => {
  const others = actions.filter(({ action }) => 'settle' in action && action.settle !== undefined && action.settle.forMs !== READ_BACK_MS);
  expect(others.map(({ type, action }) => `${type}: ${action.verb}`)).toEqual([]);
});

it('what nobody can look at afterwards is the same in both', () => {
  const sent = actions.filter(({ action }) => 'delivery' in action && action.delivery !== 'readable').map(({ action }) => action.verb);
  expect(new Set(sent)).toEqual(UNSEEN);
});
