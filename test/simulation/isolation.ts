// What is put in place of Temporal, of chance and of the time before anything else is loaded. Import it first; load the rest by import().

import * as crypto from 'node:crypto';
import { jest } from '@jest/globals';
import { choices } from '../faults/seeded.ts';
import { activityContexts } from './carried.ts';
import { startClock } from './clock.ts';
import { machineNowMs, WORKFLOW_API } from './workflow-api.ts';

let random = choices('none');

/** Ids and jitter are drawn from this from now on, so that a case is the same each time. */
export function seedChance(seed: number): void {
  random = choices(`chance ${seed}`);
}

const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => random.number(256)));

export function isolate(): void {
  jest.unstable_mockModule('node:crypto', () => ({
    ...crypto,
    default: crypto,
    randomBytes: bytes,
    randomUUID: () => bytes(16).toString('hex'),
  }));
  jest.unstable_mockModule('@temporalio/workflow', () => WORKFLOW_API);
  jest.unstable_mockModule('@temporalio/activity', () => ({ Context: { current: () => activityContexts.getStore() } }));
  jest.unstable_mockModule('../../workflows/clock.ts', () => ({ nowMs: machineNowMs }));
  Math.random = () => random.number(1_000_000) / 1_000_000;
  startClock();
}
