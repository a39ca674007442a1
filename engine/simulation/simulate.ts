// Runs a plan against a scripted world in simulated time. The same engine as in production; only the world is made up.

import { parseMs } from '../../language/cel/functions/calendar.ts';
import { escalationsOf } from '../../language/escalations.ts';
import type { Plan } from '../../language/plan.ts';
import { apply } from '../apply.ts';
import { begin } from '../begin.ts';
import type { ApproveWish, Command, Event, PerformItem, StepResult } from '../command.ts';
import { DEFAULT_ATTEMPTS, type Given, type RunState } from '../engine.ts';
import { next } from '../next.ts';
import { undoEnd } from '../undo-end.ts';
import { type Clock, createClock, isoAfter, SIMULATED_START } from './clock.ts';
import { type Effect, effectOf } from './effect.ts';
import { createEvents, type Events, isAboutEvents } from './events.ts';
import { type Gatekeeping, openGate } from './open-gate.ts';
import { createOutages, type Outages } from './outages.ts';
import { type Card, createPeople, type People, type Question } from './people.ts';
import { createProducts, type Products, type Undone } from './products.ts';
import type { Happening, Judge, PolicyReason, PolicyWord, Script, Simulation } from './simulation.ts';
import { notReached, PATIENCE_MS, tooSlow, waitsForProduct } from './slowness.ts';
import { limitTime } from './time-out.ts';

/** More moments than any playbook has: a script that goes round for ever is given up. */
const MAX_MOMENTS = 100_000;

const asThePlaybookWishes: Judge = {
  effect: (_item, wish) => (wish ? { kind: 'allow', approve: wish } : { kind: 'allow' }),
  gate: (_items, wish) => ({ kind: 'allow', approve: wish }),
};

/** What the scenario says that policy refuses is refused as policy does it: before anybody is asked. */
function withScript(judge: Judge, { answerTo }: Products): Judge {
  const isRefused = (item: PerformItem) => answerTo(item).outcome === 'denied';
  const refusal = (item: PerformItem): PolicyWord => ({
    kind: 'deny',
    code: 'POLICY_DENIED',
    message: answerTo(item).error ?? 'denied, as the scenario says',
  });
  return {
    effect: (item, wish, isCovered) => (isRefused(item) ? refusal(item) : judge.effect(item, wish, isCovered)),
    gate: (items, wish) => {
      const [first] = items;
      return first && items.every(isRefused)
        ? refusal(first)
        : judge.gate(
            items.filter((item) => !isRefused(item)),
            wish,
          );
    },
  };
}

interface About {
  readonly key: string;
  readonly id: string;
}

interface World {
  readonly clock: Clock;
  readonly people: People;
  readonly events: Events;
  readonly products: Products;
  readonly outages: Outages;
  readonly unseen: Gatekeeping['unseen'];
  readonly judge: Judge;
  readonly tell: (about: About, what: string, more?: Partial<Happening>) => void;
  /** The command with this key has ended, at this moment. */
  readonly end: (key: string, result: StepResult) => void;
  /** What was given out, by key. */
  readonly items: Map<string, PerformItem>;
  /** What policy has said, by key. */
  readonly policies: Map<string, PolicyReason>;
  readonly performed: Effect[];
  readonly undone: Effect[];
  /** Waits for a time that are not over, and for products that are away. */
  readonly waits: Set<string>;
  /** Keys of what was sent, and has no answer yet. */
  readonly sent: Set<string>;
  /** Of turns of loops too, which the engine forgets. */
  readonly results: Record<string, StepResult>;
}

export function simulate(plan: Plan, given: Given, script: Script, judge: Judge = asThePlaybookWishes): Simulation {
  const clock = createClock();
  const happenings: Happening[] = [];
  const tell: World['tell'] = ({ id, key }, what, more) => happenings.push({ atMs: clock.nowMs(), step: id, key, what, ...more });
  const end: World['end'] = (key, result) =>
    clock.at(clock.nowMs(), () => send({ kind: 'ended', key, result: { at: isoAfter(clock.nowMs()), ...result } }));
  const isEvent = isAboutEvents(plan);
  const acts = script.people.filter((act) => act.does !== 'cancel');
  const events = createEvents(plan, acts.filter(isEvent), clock);
  const asked = { ...script, people: acts.filter((act) => !isEvent(act)) };
  const people = createPeople(asked, clock, (question, what, more) =>
    tell(question, what, { ...(what === 'asked' ? question.card : {}), ...more }),
  );
  const products = createProducts(script);
  const world: World = {
    ...{ clock, people, events, products, judge: withScript(judge, products), tell, end },
    ...{ outages: createOutages(products, clock), unseen: new Map() },
    ...{ items: new Map(), policies: new Map(), performed: [], undone: [], waits: new Set(), sent: new Set(), results: {} },
  };

  let state: RunState = begin(plan, given);
  const send = (event: Event) => {
    state = goOn(world, plan, apply(state, event));
  };
  for (const act of script.people) {
    if (act.does === 'cancel') clock.at(act.atMs ?? act.afterMs ?? 0, () => send({ kind: 'cancel-requested', by: act.by }));
  }
  state = goOn(world, plan, state);
  let moments = 0;
  while (!state.finish && moments < MAX_MOMENTS && clock.step()) moments += 1;
  const problems = [...people.problems(), ...events.problems()];
  return {
    happenings: [...happenings, ...events.ignored()].toSorted((a, b) => a.atMs - b.atMs),
    ...(state.finish ? { finish: state.finish } : {}),
    endMs: clock.nowMs(),
    held: products.held().map(effectOf),
    undone: world.undone,
    performed: world.performed,
    results: { ...world.results, ...state.results },
    problems: state.finish ? problems : [...problems, `the run has not ended after ${moments} moments`],
  };
}

function goOn(world: World, plan: Plan, state: RunState): RunState {
  const step = next(plan, state);
  for (const { key, id, result } of step.ended) {
    world.results[key] = result;
    world.tell({ key, id }, result.outcome, { ...describe(world.items.get(key), result), ...policyOf(world, key) });
  }
  for (const command of step.commands) carryOut(world, command);
  return step.state;
}

function carryOut(world: World, command: Command): void {
  if (command.kind === 'perform') perform(world, command);
  else if (command.kind === 'undo') takeBack(world, command);
  else if (command.kind === 'wait') wait(world, command);
  else if (command.kind === 'ask') {
    const { key, id, withinMs, remindMs, to, title } = command;
    const person = to.person === undefined ? {} : { person: to.person };
    const end = (result: StepResult) => world.end(key, result);
    world.people.ask({ key, id, withinMs, remindMs, asked: command, ...person, card: { to, title }, end });
  } else if (command.kind === 'gate') openGate(gatekeeping(world), command);
  // What was sent to a product is not taken out of its hands: it ends by itself.
  else if (world.people.withdraw(command.key) || world.events.withdraw(command.key) || world.waits.delete(command.key))
    world.end(command.key, { outcome: 'cancelled' });
}

const gatekeeping = (world: World): Gatekeeping => ({
  ...world,
  errorOf: (item) => world.products.answerTo(item).error,
  ask: (command, wish, card) => world.people.ask(approvalOf(command, wish, card, (result) => world.end(command.key, result))),
});

function wait(world: World, { key, id, on, own }: Extract<Command, { readonly kind: 'wait' }>): void {
  const { clock, waits } = world;
  if ('event' in on) {
    world.events.await({ key, id, ...on, waits: () => world.tell({ key, id }, 'waits'), end: (result) => world.end(key, result) });
    return;
  }
  if (!own) world.tell({ key, id }, 'waits');
  waits.add(key);
  const whenMs = 'forMs' in on ? clock.nowMs() + on.forMs : on.untilMs - (parseMs(SIMULATED_START) ?? 0);
  clock.at(Math.max(clock.nowMs(), whenMs), () => waits.delete(key) && world.end(key, { outcome: 'done' }));
}

const policyOf = (world: World, key: string): Partial<Happening> => {
  const policy = world.policies.get(key);
  return policy ? { policy } : {};
};

function perform(world: World, command: Extract<Command, { readonly kind: 'perform' }>): void {
  const { item, timeoutMs } = command;
  world.items.set(item.key, item);
  if (timeoutMs !== undefined) limitTime(world, item, timeoutMs);
  const { error } = world.products.answerTo(item);
  const awayMs = world.outages.leftMs(item);
  if (awayMs === 0) attend(world, command);
  else if (!waitsForProduct(item)) world.end(item.key, notReached(error));
  else {
    const { clock, waits } = world;
    waits.add(item.key);
    world.tell(item, 'waits', describeEffect(item));
    clock.at(clock.nowMs() + Math.min(awayMs, PATIENCE_MS), () => {
      if (!waits.delete(item.key)) return; // it is wanted no more
      if (awayMs > PATIENCE_MS) world.end(item.key, notReached(error));
      else attend(world, command);
    });
  }
}

/** The product is there: it is read, policy judges, people are asked. */
function attend(world: World, { item, approve, attempts, gate }: Extract<Command, { readonly kind: 'perform' }>): void {
  // What is so already is found by reading, before anybody is asked.
  if (world.products.isAlready(item)) {
    send(world, item, attempts);
    return;
  }
  const unseen = world.unseen.get(item.key);
  const word = world.judge.effect(item, approve ?? unseen, gate !== undefined && !unseen);
  if (word.policy) world.policies.set(item.key, word.policy);
  if (word.kind === 'deny') world.end(item.key, { outcome: 'denied', error: { code: word.code, message: word.message } });
  else if (!word.approve) send(world, item, attempts);
  else {
    const heard = (result: StepResult) =>
      result.outcome === 'answered' ? send(world, item, attempts, result.by) : world.end(item.key, result);
    world.people.ask(approvalOf(item, word.approve, { to: word.approve.by, ...describeEffect(item) }, heard));
  }
}

function send(world: World, item: PerformItem, attempts = DEFAULT_ATTEMPTS, by?: string): void {
  const { clock, products, performed, sent } = world;
  const now = clock.nowMs();
  const answer = products.answerTo(item);
  const isAlready = products.isAlready(item);
  const slow = isAlready ? undefined : tooSlow(item, answer, attempts);
  const effect = effectOf(item);
  if (!isAlready && answer.outcome !== 'would') performed.push(effect);
  sent.add(item.key);
  const end = (result: StepResult) => world.end(item.key, by === undefined ? result : { by, ...result });
  clock.at(now + (slow?.afterMs ?? answer.takesMs), () => {
    if (!sent.delete(item.key)) return; // its time was over
    if (slow) {
      end(products.giveUp(item, slow.result));
      clock.at(now + answer.takesMs, () => products.land(item));
      endHold(world, item);
      return;
    }
    const { result, retries } = products.perform(item, attempts);
    // Another was at the same thing, and was done with it when this one's turn came: nothing was sent.
    if (result.outcome === 'already' && !isAlready) performed.splice(performed.indexOf(effect), 1);
    for (let i = 0; i < retries; i += 1) world.tell(item, 'retried');
    end(result);
    endHold(world, item);
  });
}

/** When its time is over, from now on. Where it ends with a question instead it stays: silence keeps. */
function endHold(world: World, item: PerformItem): void {
  const { clock, products } = world;
  if (item.hold && 'forMs' in item.hold && item.hold.then === 'release')
    clock.at(clock.nowMs() + item.hold.forMs, () => tellUndone(world, products.release(item)));
}

function tellUndone(world: World, tried: readonly Undone[]): void {
  for (const { item, how } of tried) {
    if (how === 'undone') world.undone.push(effectOf(item));
    if (how !== 'gone') world.tell(item, how === 'undone' ? 'undone' : 'not-undone', describe(item, undefined));
  }
}

function takeBack(world: World, command: Extract<Command, { readonly kind: 'undo' }>): void {
  const tried = world.products.undo(command);
  tellUndone(world, tried);
  const count = (wanted: Undone['how']) => tried.filter(({ how }) => how === wanted).length;
  world.end(command.key, undoEnd({ undone: count('undone'), already: count('gone'), owed: count('fails') }));
}

function approvalOf(about: About, wish: ApproveWish, card: Card, end: Question['end']): Question {
  const { withinMs, remindMs, by } = wish;
  return {
    key: about.key,
    id: about.id,
    withinMs,
    remindMs,
    needs: by.count,
    ...(by.person === undefined ? {} : { person: by.person }),
    end,
    escalations: escalationsOf(wish),
    card,
  };
}

function describe(item: PerformItem | undefined, result: StepResult | undefined): Partial<Happening> {
  return {
    ...(item ? describeEffect(item) : {}),
    ...(result?.by === undefined ? {} : { by: result.by }),
    ...(result?.answer === undefined ? {} : { answer: result.answer }),
    ...(result?.rows === undefined ? {} : { rows: result.rows }),
    ...(result?.error === undefined ? {} : { error: result.error }),
  };
}

function describeEffect(item: PerformItem): Pick<Effect, 'verb' | 'target' | 'params'> {
  const { verb, target, params } = effectOf(item);
  return { verb, ...(target === undefined ? {} : { target }), params };
}
