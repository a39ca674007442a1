// A scenario's people on a real server: each does what the scenario says as soon as they are asked, and whoever says nothing lets the time run out.
import { createHash } from 'node:crypto';
import { allSteps } from '../../../engine/simulation/outline.ts';
import type { Simulation } from '../../../engine/simulation/simulation.ts';
import type { Plan } from '../../../language/plan.ts';
import { type Rows, rowsByName } from '../../../language/rows.ts';
import type { Scenario, ScenarioAct } from '../../../language/scenario.ts';
import { newId } from '../../../store/ids.ts';
import { postEvent } from '../../../store/run-events.ts';
import { WAKE_SIGNAL } from '../../../workflows/contract.ts';
import { eventually, type World } from '../world.ts';

/** Policy asks before effects that the playbook asks nobody for; in both worlds two people agree to them. */
export function withPolicysApprovers(
  scenario: Scenario,
  simulate: (scenario: Scenario, isJudged: boolean) => Simulation | undefined,
): Scenario {
  let told = scenario;
  // What is agreed to leads to the next question.
  for (let round = 0; round < 10; round += 1) {
    const asked = (isJudged: boolean) =>
      new Set(simulate(told, isJudged)?.happenings.flatMap((one) => (one.what === 'asked' ? [one.step] : [])));
    const [own, all] = [asked(false), asked(true)];
    const more = [...all].filter((step) => !own.has(step) && !told.people.some((act) => act.step === step));
    if (more.length === 0) return told;
    const acts = more.flatMap((step) => ['A responder', 'Another responder'].map((by) => ({ does: 'approve' as const, step, by })));
    told = { ...told, people: [...told.people, ...acts] };
  }
  throw new Error(`${scenario.title}: policy asks on and on`);
}

/** Managers and others who are asked by their address can sign in here. */
export async function letSignIn(world: World, scenario: Scenario): Promise<void> {
  const emails = new Set(JSON.stringify(scenario).match(/[\w.-]+@example\.test/g));
  for (const email of emails) {
    const id = newId('per', new Date());
    await world.store.db
      .insertInto('people')
      .values({
        id,
        iss: 'local',
        sub: id,
        login: email,
        name: email,
        email,
        password_hash: null,
        one_time: false,
        role: 'analyst',
        created_at: new Date(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

interface Cast {
  readonly plan: Plan;
  readonly scenario: Scenario;
  readonly simulation: Simulation;
}

const WITHIN_MS = 150_000;

/** Until the run has ended. */
export async function actOut(world: World, runId: string, { plan, scenario, simulation }: Cast): Promise<void> {
  // Whoever comes too late in simulated time comes not at all here.
  const late = new Set(simulation.happenings.flatMap((one) => (one.what === 'ignored' ? [`${one.step} ${one.by}`] : [])));
  const acts = scenario.people.filter((act) => !late.has(`${act.step} ${act.by}`)).toSorted((a, b) => timeOf(a) - timeOf(b));
  const done = new Set<string>();
  const signals = acts.filter(({ does }) => does === 'signal');
  // Nobody decides in time, and the time is the step's own: the run keeps it.
  const { results } = simulation;
  const isGivenUp = (key: string) => results[key]?.error?.code === 'STEP_TIMEOUT';
  const isOver = async (): Promise<true | undefined> => {
    const { db } = world.store;
    const run = await db.selectFrom('runs').select('ended_at').where('id', '=', runId).executeTakeFirst();
    if (run?.ended_at) return true;
    const open = await db.selectFrom('approvals').selectAll().where('run_id', '=', runId).where('state', '=', 'open').execute();
    await postSignals(world, runId, signals);
    const over = await waitsOver(world, runId);
    for (const approval of open) {
      if (isGivenUp(approval.key)) continue;
      if (waitsBefore(simulation, plan, approval.key).some((key) => !over.has(key))) continue;
      const { person } = (approval.addressed_to ?? {}) as { readonly person?: string }; // written by activities/ask.ts
      const act = acts.find((one) => isMeant(one, approval, person) && !done.has(`${approval.id} ${one.by}`));
      if (act) done.add(`${approval.id} ${act.by}`);
      if (act) await decideAs(world, approval, act);
      // Dispatch finds what is due and wakes the run, as it does after the real time.
      else
        await db
          .updateTable('approvals')
          .set({ expires_at: new Date(0) })
          .where('id', '=', approval.id)
          .execute();
    }
    return undefined;
  };
  await eventually(isOver, `the end of ${runId} under ${JSON.stringify(scenario.people)}`, WITHIN_MS);
}

const DECIDED: ReadonlySet<string> = new Set(['approved', 'denied', 'answered', 'expired']);

/** Waits for a time that were over in simulated time before this was decided: people are no faster here. */
function waitsBefore({ happenings }: Simulation, plan: Plan, key: string): readonly string[] {
  const decidedMs = happenings.find((one) => one.key === key && DECIDED.has(one.what))?.atMs ?? 0;
  const waits = new Set(allSteps(plan).flatMap((step) => (step.kind === 'wait' ? [step.id] : [])));
  return happenings.flatMap((one) => (waits.has(one.key) && one.what === 'done' && one.atMs < decidedMs ? [one.key] : []));
}

async function waitsOver(world: World, runId: string): Promise<ReadonlySet<string>> {
  const rows = await world.store.db.selectFrom('steps').select('key').where('run_id', '=', runId).where('state', '=', 'ended').execute();
  return new Set(rows.map(({ key }) => key));
}

/** Each once, as soon as somebody waits for it; what is waited for and nobody posts has run out of time. */
async function postSignals(world: World, runId: string, signals: ScenarioAct[]): Promise<void> {
  const { db } = world.store;
  const waiting = db.selectFrom('steps').selectAll().where('run_id', '=', runId).where('state', '=', 'waiting');
  for (const { step_id, key, params } of await waiting.where('waiting_on', '=', 'event').execute()) {
    const at = signals.findIndex((act) => act.step === step_id);
    const [act] = at < 0 ? [] : signals.splice(at, 1);
    const { event = '' } = (params ?? {}) as { readonly event?: string }; // written by activities/wait.ts
    if (act) await postEvent(db, { runId, name: event, body: act.with ?? null, by: act.by }, new Date());
    else if (!(await isOnItsWay(world, runId, event))) await runOut(world, runId, key);
  }
  world.store.wake('outbox');
}

async function isOnItsWay(world: World, runId: string, event: string): Promise<boolean> {
  const posted = world.store.db.selectFrom('run_events').select('id').where('run_id', '=', runId).where('name', '=', event);
  return (await posted.where('used_by', 'is', null).executeTakeFirst()) !== undefined;
}

/** As after the real time: the run asks the store, which finds that it is over. */
async function runOut(world: World, runId: string, key: string): Promise<void> {
  const wait = world.store.db.updateTable('steps').set({ waiting_until: new Date(0) });
  await wait.where('run_id', '=', runId).where('key', '=', key).where('state', '=', 'waiting').execute();
  await world.handle(runId).signal(WAKE_SIGNAL);
}

const timeOf = ({ atMs, afterMs }: ScenarioAct): number => atMs ?? afterMs ?? 0;

const isMeant = (act: ScenarioAct, { step_id, key }: { step_id: string; key: string }, person: string | undefined): boolean =>
  (act.step === step_id || act.step === key) && (person === undefined || act.anybody === true || act.by === person);

async function decideAs(world: World, approval: { id: string; digest: string; asked: unknown }, act: ScenarioAct): Promise<void> {
  const { does } = act;
  if (does === 'cancel' || does === 'signal') throw new Error(`${act.step}: ${does} is not played here`);
  const who = {
    who: `person-${createHash('sha256').update(act.by).digest('hex').slice(0, 8)}`,
    called: act.by,
    role: 'admin',
    names: [act.by],
  };
  const answer = act.with === undefined ? {} : { answer: answerTo(approval.asked, act.with) };
  const result = await world.decide(approval, does, { ...who, ...answer });
  if (result.kind !== 'recorded') throw new Error(`${act.does} ${act.step}: ${JSON.stringify(result)}`);
}

/** A scenario names rows as people do, and may answer all others at once; the server takes every row by its id. */
function answerTo(asked: unknown, given: NonNullable<ScenarioAct['with']>): ScenarioAct['with'] {
  const { rows } = (asked ?? {}) as { readonly rows?: Rows }; // written by activities/ask.ts
  if (!rows) return given;
  const named = rowsByName(rows, typeof given === 'string' ? { '*': given } : (given as Readonly<Record<string, string>>)); // words, of rows
  if (!named.ok) throw new Error(JSON.stringify(named.faults));
  return named.value;
}
