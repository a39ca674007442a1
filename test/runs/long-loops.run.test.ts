// A loop that is longer than one history: on a server that asks runs to continue as new early, it gives what a short one gives.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildServer, startChildServer } from '../../worker/child-server.ts';
import { freePort } from '../../worker/ports.ts';
import { StartError } from '../../worker/start-error.ts';
import { serverArguments } from '../../worker/temporal-arguments.ts';
import { ALLOWING_POLICY } from './bare-playbooks.ts';
import { startWorld, WORLD_WITHIN_MS, type World } from './world.ts';

const USERS = 120;
/** Real time of a long loop on a busy machine, ms. */
const WITHIN_MS = 120_000;

const longLoop = `playbook: long-loop
title: Disable many accounts
description: Each account once, then all of it back.
owner: tests
inputs: { users: { type: user, list: true } }
triggers:
  - alert: { source: [plain] }
    with: { users: "\${{ alert.users }}" }
steps:
  - id: off
    for_each: { user: "\${{ inputs.users }}" }
    max: 500
    at_once: 10
    steps:
      - { id: one, do: user.disable, with: { user: "\${{ user }}" }, hold: until_released }
  - when: steps.off.counts.changed == ${USERS} && steps.off.counts.items == ${USERS}
    undo: all
`;

let temporal: ChildServer;
let world: World;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-long-'));
  mkdirSync(join(folder, 'playbooks', 'long-loop'), { recursive: true });
  writeFileSync(join(folder, 'playbooks', 'long-loop', 'playbook.yaml'), longLoop);
  temporal = await startChildServer({
    title: 'Temporal',
    command: process.env.CORDON_TEMPORAL_CLI ?? '',
    args: (port) => [...serverArguments({ folder }, port), '--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=100'],
    noteFile: join(folder, 'temporal.pid'),
    logFile: join(folder, 'temporal.log'),
    choosePort: () => freePort(undefined),
    portTaken: () => new StartError('PORT_TAKEN', 'taken', 'again'),
    code: 'TEMPORAL_START_FAILED',
    log: () => undefined,
  });
  world = await startWorld({
    playbooks: join(folder, 'playbooks'),
    policy: ALLOWING_POLICY,
    temporalAddress: `127.0.0.1:${temporal.port}`,
  });
}, WORLD_WITHIN_MS);
afterAll(async () => {
  await world.close();
  await temporal.stop();
});

describe('a loop longer than one history', () => {
  it(
    'continues as new, does each item once, and its undo takes each back once',
    async () => {
      const users = Array.from({ length: USERS }, (_, index) => ({ id: `user-${String(index).padStart(3, '0')}` }));
      const run = await world.run(await world.alert({ title: 'Many accounts', severity: 'high', users }));
      const first = await world.handle(run.id).describe();
      expect(await world.ended(run.id, WITHIN_MS)).toMatchObject({ state: 'completed' });
      const last = await world.handle(run.id).describe();
      expect(last.runId).not.toBe(first.runId);
      expect(last.historyLength).toBeLessThan(1000);
      const effects = await world.effects();
      expect(effects.slice(0, USERS).toSorted()).toEqual(users.map(({ id }) => `disable ${id}`));
      expect(effects.slice(USERS).toSorted()).toEqual(users.map(({ id }) => `enable ${id}`));
    },
    WITHIN_MS,
  );
});
