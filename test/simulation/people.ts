// The people of a case: they decide what they are asked, each in their manner, and do what people do meanwhile. What they did is noted here, apart from the store.
import { decideApproval } from '../../store/approvals.ts';
import { requestCancel } from '../../store/cancel.ts';
import { freeze, liftFreeze } from '../../store/freeze.ts';
import type { Store } from '../../store/store.ts';
import { requestRelease } from '../../store/undo.ts';
import { requestUndo } from '../../store/undo-scope.ts';
import { workflowId } from '../../workflows/contract.ts';
import { type Case, type Deed, HOSTS, MANNERS, PEOPLE, USERS } from './cases.ts';
import type { SimulatedProducts } from './products.ts';
import type { SimulatedTemporal } from './temporal.ts';

export interface Decided {
  readonly approval: string;
  readonly runId: string;
  readonly who: keyof typeof PEOPLE;
  readonly decision: 'approve' | 'deny';
  readonly digest: string;
  readonly atMs: number;
}

export interface Journal {
  readonly decisions: Decided[];
  /** Things that somebody else has changed at a product. */
  readonly foreign: Set<string>;
  /** How often somebody has tried to decide, by approval: who was refused does not try again. */
  readonly tries: Map<string, number>;
  kills: number;
  awayMs: number;
}

const personOf = (who: keyof typeof PEOPLE) => ({ id: `per_${who}`, iss: 'local', sub: `per_${who}`, name: who, role: PEOPLE[who].role });

/** A look at what is open: each is met in its own manner, two seconds between one person and the next. */
export async function peopleAt(store: Store, one: Case, journal: Journal): Promise<void> {
  const all = await store.db.selectFrom('approvals').select(['id', 'kind', 'run_id', 'digest', 'state']).orderBy('id').execute();
  for (const [index, asked] of all.entries()) {
    if (asked.state !== 'open') continue;
    const number = one.manners[index % one.manners.length] ?? 0;
    if (asked.kind === 'question') {
      if (number % 3 !== 2) await answer(store, asked, number % 2 === 0 ? ['wrong', 'release'] : ['right', 'keep']);
      continue;
    }
    const manner = MANNERS[number] ?? [];
    const tries = journal.tries.get(asked.id) ?? 0;
    const next = manner[tries];
    if (next === undefined) continue;
    const [who, decision] = next.split(':') as [keyof typeof PEOPLE, 'approve' | 'deny']; // as MANNERS writes them
    const result = await decideApproval(store.db, {
      approvalId: asked.id,
      person: personOf(who),
      decision,
      digest: asked.digest,
      reason: 'made up',
      channel: 'test',
      useByMs: 3_600_000,
      now: new Date(),
    });
    journal.tries.set(asked.id, tries + 1);
    if (result.kind === 'recorded') {
      journal.decisions.push({ approval: asked.id, runId: asked.run_id, who, decision, digest: asked.digest, atMs: Date.now() });
    }
    store.wake('outbox');
  }
}

async function answer(store: Store, asked: { readonly id: string; readonly digest: string }, words: readonly string[]): Promise<void> {
  for (const word of words) {
    const result = await decideApproval(store.db, {
      approvalId: asked.id,
      person: personOf('ana'),
      decision: 'answer',
      answer: word,
      digest: asked.digest,
      reason: 'made up',
      channel: 'test',
      useByMs: 3_600_000,
      now: new Date(),
    });
    if (result.kind === 'recorded') break;
  }
  store.wake('outbox');
}

interface Scene {
  readonly store: Store;
  readonly one: Case;
  readonly products: SimulatedProducts;
  readonly temporal: SimulatedTemporal;
  readonly journal: Journal;
}

export function schedule(scene: Scene): void {
  for (const deed of scene.one.deeds) setTimeout(() => void carryOut(scene, deed), deed.atMs);
}

const FROZEN_MS = 45_000;
const TEMPORAL_DOWN_MS = 20_000;

async function carryOut(scene: Scene, deed: Deed): Promise<void> {
  const { store, products, temporal, journal } = scene;
  const now = new Date();
  const runs = await store.db
    .selectFrom('runs')
    .select('id')
    .where('kind', '=', 'playbook')
    .where('playbook', '<>', 'bystander')
    .orderBy('id')
    .execute();
  const run = runs[deed.which % Math.max(1, runs.length)]?.id;
  const wish = { by: 'per_ana', reason: 'made up' };
  switch (deed.what) {
    case 'cancel':
      if (run !== undefined) await requestCancel(store.db, { runId: run, ...wish }, now);
      break;
    case 'undo':
      if (run !== undefined) await requestUndo(store.db, { run }, wish, now);
      break;
    case 'release': {
      const hold = await store.db.selectFrom('holds').select('id').where('state', '=', 'active').orderBy('id').executeTakeFirst();
      if (hold) await requestRelease(store.db, { holdId: hold.id, ...wish }, now);
      break;
    }
    case 'freeze':
      await freeze(store.db, wish, now);
      setTimeout(() => void lift(store), FROZEN_MS);
      break;
    case 'foreign-release': {
      const host = HOSTS[deed.which] ?? HOSTS[0];
      journal.foreign.add(host);
      await products.foreign('edr', 'POST', `/v1/devices/${host}/release`);
      break;
    }
    case 'foreign-enable': {
      const user = USERS[deed.which] ?? USERS[0];
      journal.foreign.add(user);
      await products.foreign('idp', 'POST', `/api/v1/users/${user}/lifecycle/unsuspend`);
      break;
    }
    case 'evict':
      journal.awayMs += 6_000;
      temporal.evict();
      break;
    case 'terminate':
      if (run !== undefined) temporal.terminate(workflowId(run));
      break;
    case 'temporal-down':
      journal.awayMs += TEMPORAL_DOWN_MS + 35_000;
      temporal.down = true;
      setTimeout(() => {
        temporal.down = false;
      }, TEMPORAL_DOWN_MS);
      break;
  }
  store.wake('outbox');
}

async function lift(store: Store): Promise<void> {
  for (const who of ['ana', 'ben'] as const) await liftFreeze(store.db, { by: `per_${who}`, reason: 'made up' }, new Date());
  store.wake('outbox');
}
