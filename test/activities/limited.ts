// One effect on a made-up product that does nothing, through the real commits, so that limits can be tried on either database.
import { setTimeout } from 'node:timers';
import pino from 'pino';
import { z } from 'zod';
import { type ActivityDeps, DEFAULT_TIMING } from '../../activities/deps.ts';
import type { EffectWork } from '../../activities/effect-work.ts';
import { performEffect } from '../../activities/perform-effect.ts';
import { ConnectorFailure, connector, type OpenAction, reversible } from '../../connectors/connector.ts';
import { NOBODY } from '../../policy/addressed.ts';
import { raisePage } from '../../store/pages.ts';
import { bindRun } from '../../store/runs.ts';
import type { Store } from '../../store/store.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { makeRun } from '../server/rows.ts';

/** What the product does when it is asked: before or after it was sent; deaf: it says yes and does nothing. */
export type Mishap = 'none' | 'deaf' | 'refuses-unsent' | 'refuses-sent' | 'away-unsent' | Answer;

/** Of a change that was sent: what it answers, and whether it does it all the same: all of it, half, or a little later. */
export interface Answer {
  readonly failure: ConnectorFailure;
  readonly does: 'it' | 'half' | 'nothing' | 'it-later';
}

const isolated = new Set<string>();
const half = new Set<string>();
const LATER_MS = 20;

async function answered(mishap: Mishap, host: string, change: () => void): Promise<void> {
  if (mishap === 'deaf') return;
  if (typeof mishap === 'string') return change();
  if (mishap.does === 'it') change();
  if (mishap.does === 'half') half.add(host);
  if (mishap.does === 'it-later') setTimeout(change, LATER_MS);
  throw mishap.failure;
}

interface Hooks {
  readonly mishap: () => Mishap;
  readonly look: () => Promise<void>;
  /** What `run` is told that it is like now. */
  readonly seen: (now: unknown) => void;
  /** A request went out. */
  readonly sent: () => Promise<void>;
  /** Requests that it takes. */
  readonly requests: () => number;
}

const isolate = ({ mishap, look, seen, sent, requests }: Hooks) =>
  reversible({
    verb: 'host.isolate',
    risk: 'reversible',
    delivery: 'readable',
    input: z.strictObject({ host: z.string() }),
    output: z.strictObject({ isolated: z.boolean(), half: z.boolean() }),
    permissions: 'none',
    docs: 'made up',
    example: { host: 'wks-1' },
    landsWithinMs: 0,
    target: (input) => ({ kind: 'host', ref: { id: input.host } }),
    settle: { everyMs: 5, forMs: 200 },
    read: async (_client: unknown, input) => {
      await look();
      return { isolated: isolated.has(input.host), half: half.has(input.host) };
    },
    done: (state) => state.isolated,
    run: async (_client, input, _entity, now, context) => {
      seen(now);
      // Others get their turn between the intent and the request, as they do over a network.
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (mishap() === 'refuses-unsent') throw new ConnectorFailure('permanent', 'FORBIDDEN', 'made up: no right to do so');
      if (mishap() === 'away-unsent') throw new ConnectorFailure('retryable', 'UNREACHABLE', 'made up: not there');
      for (let request = 0; request < requests(); request++) {
        context.sending();
        await sent();
      }
      if (mishap() === 'refuses-sent') throw new ConnectorFailure('permanent', 'REFUSED', 'made up: it said no');
      await answered(mishap(), input.host, () => isolated.add(input.host));
    },
    result: (after) => after,
    undo: async (_client, input, _entity, _before, context) => {
      context.sending();
      await answered(mishap(), input.host, () => isolated.delete(input.host));
    },
    says: (input) => `Isolate ${input.host}`,
    saysUndo: (input) => `Release ${input.host}`,
  });

export function limited(given: () => Store, yaml: string, own: Partial<ActivityDeps> = {}) {
  const pages: string[] = [];
  const state = {
    policy: parsePolicy(yaml, 'policy.yaml'),
    mishap: 'none' as Mishap,
    look: (): void => undefined,
    /** Requests to isolate that went out. */
    asked: 0,
    requests: 1,
    /** What `run` was told last that it is like. */
    seen: undefined as unknown,
    ...({} as { slow?: () => Promise<void>; slowToAnswer?: () => Promise<void> }),
    now: () => new Date(),
  };
  const action = isolate({
    mishap: () => state.mishap,
    look: async () => {
      state.look();
      await state.slow?.();
    },
    seen: (now) => {
      state.seen = now;
    },
    sent: async () => {
      state.asked += 1;
      await state.slowToAnswer?.();
    },
    requests: () => state.requests,
  }) as unknown as OpenAction; // as the registry hands it out
  const product = connector({
    type: 'made-up',
    title: 'Made up',
    config: z.unknown(),
    open: () => ({}),
    ping: async () => ({ as: 'nobody' }),
    actions: [],
  });
  const instance = {
    id: 'edr',
    type: 'made-up',
    title: 'Made up',
    simulated: true,
    verbs: [],
    client: {},
    connector: product,
    fingerprint: 'f',
  };
  const deps = (): ActivityDeps => ({
    store: given(),
    connectors: { servers: () => [instance], instance: () => instance, actionOf: () => action },
    policy: () => state.policy,
    inventory: () => ({ find: () => [] }),
    ourselves: () => [],
    directory: NOBODY,
    plan: async () => undefined,
    owner: 'test',
    place: async () => true,
    now: () => state.now(),
    monotonicMs: () => performance.now(),
    timing: DEFAULT_TIMING,
    log: pino({ level: 'silent' }),
    fail: () => undefined,
    page: async (message, { runId, key }, within) => {
      if (within) await raisePage(within, { key: `${runId}.${key}`, code: 'EFFECT', message, isCritical: false, runId }, [], state.now());
      pages.push(message);
    },
    ...own,
  });

  /** A run of its own that isolates the host, or with `runId` once more in the same run. */
  const effect = async (
    host: string,
    more: {
      readonly runId?: string;
      readonly tags?: readonly string[];
      readonly startedBy?: string;
      readonly asked?: Pick<EffectWork, 'wish' | 'gate'>;
    } = {},
  ) => {
    const store = given();
    const runId = more.runId ?? (await makeRun(store, more.startedBy === undefined ? {} : { startedBy: more.startedBy }));
    const run = await bindRun(store.db, runId, `temporal-${runId}`, { key: 'isolate', generation: 0 });
    if (!run || action.risk === 'read') throw new Error('the made-up run is not there');
    const entry = more.tags && { key: `host:${host}`, kind: 'host', name: host, aliases: [], tags: more.tags, groups: [], dependents: [] };
    const work: EffectWork = {
      run,
      item: { key: 'isolate', id: 'isolate', verb: 'host.isolate', params: { host } },
      step: { kind: 'do', id: 'isolate', verb: 'host.isolate', with: {} } as unknown as EffectWork['step'], // only its `hold` is looked at
      resolved: {
        instance,
        action,
        input: { host },
        target: {
          entity: { kind: 'host', id: host, name: host, aliases: [] },
          key: `host:${host}`,
          names: [host],
          ...(entry ? { entry } : {}),
        },
      },
      idempotencyKey: `${runId}.isolate.0`,
      signal: new AbortController().signal,
      onSend: () => undefined,
      ...(run.step?.state === 'intent' ? { open: run.step } : {}),
      ...more.asked,
    };
    const answer = await performEffect(deps(), work);
    const outcome = answer.kind === 'ended' ? answer.result.outcome : answer.kind === 'wait' ? `waits for ${answer.on}` : answer.code;
    return { runId, outcome, answer };
  };
  return { effect, state, pages, deps, isolated };
}
