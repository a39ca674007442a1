// Runs a plan against a scripted world in simulated time. The same engine as in production; only the world is made up.
import type { Json, Plan } from '../../language/plan.ts';
import { VERBS } from '../../language/verbs.ts';
import { apply } from '../apply.ts';
import { begin } from '../begin.ts';
import type { ApproveWish, Command, Event, PerformItem, StepResult } from '../command.ts';
import type { Given, RunState } from '../engine.ts';
import { idOf } from '../keys.ts';
import { next } from '../next.ts';
import { createClock, isoAfter } from './clock.ts';
import { createPeople, type Question } from './people.ts';
import { createProducts } from './products.ts';
import type { Decide, Happening, Script, Simulation } from './simulation.ts';

/** More moments than any playbook has: a script that goes round for ever is given up. */
const MAX_MOMENTS = 100_000;

const asThePlaybookWishes: Decide = (_item, wish) => (wish ? { kind: 'allow', approve: wish } : { kind: 'allow' });

export function simulate(plan: Plan, given: Given, script: Script, decide: Decide = asThePlaybookWishes): Simulation {
  const clock = createClock();
  const happenings: Happening[] = [];
  const performed: { step: string; verb: string }[] = [];
  const undone: string[] = [];
  let state: RunState = begin(plan, given);

  const tell = (about: { readonly key: string; readonly id: string }, what: string, more: Partial<Happening> = {}) =>
    happenings.push({ atMs: clock.nowMs(), step: about.id, key: about.key, what, ...more });
  const products = createProducts(script);
  const people = createPeople(script, clock, (question, what, by) => tell(question, what, by === undefined ? {} : { by }));

  const goOn = () => {
    const before = state.results;
    const step = next(plan, state);
    state = step.state;
    for (const [key, result] of Object.entries(state.results)) if (before[key] !== result && !result.unreached) tellEnd(key, result);
    for (const command of step.commands) carryOut(command);
  };
  const send = (event: Event) => {
    state = apply(state, event);
    goOn();
  };
  const end = (key: string, result: StepResult, afterMs = 0) =>
    clock.at(clock.nowMs() + afterMs, () => send({ kind: 'ended', key, result: { at: isoAfter(clock.nowMs()), ...result } }));

  const items = new Map<string, PerformItem>();
  const tellEnd = (key: string, result: StepResult) => tell({ key, id: idOf(key) }, result.outcome, describe(items.get(key), result));

  const request = (item: PerformItem, attempts: number | undefined, by?: string) => {
    performed.push({ step: item.id, verb: item.verb });
    clock.at(clock.nowMs() + products.answerTo(item).takesMs, () => {
      const { result, retries } = products.perform(item, attempts);
      for (let i = 0; i < retries; i += 1) tell(item, 'retried');
      end(item.key, by === undefined ? result : { by, ...result });
    });
  };
  const perform = ({ item, approve, attempts }: Extract<Command, { readonly kind: 'perform' }>) => {
    items.set(item.key, item);
    const word = decide(item, approve);
    if (word.kind === 'deny') end(item.key, { outcome: 'denied', error: { code: word.code, message: word.message } });
    else if (!word.approve) request(item, attempts);
    else {
      const granted = (result: StepResult) => (result.outcome === 'answered' ? request(item, attempts, result.by) : end(item.key, result));
      people.ask(approvalOf(item, word.approve, granted));
    }
  };
  const takeBack = (command: Extract<Command, { readonly kind: 'undo' }>) => {
    const tried = products.undo(command);
    for (const { item, works } of tried) {
      if (works) undone.push(item.id);
      tell(item, works ? 'undone' : 'not-undone', describe(item, undefined));
    }
    const failed = tried.filter((one) => !one.works).length;
    const counts = { undone: tried.length - failed, failed };
    end(command.key, failed === 0 ? { outcome: 'done', counts } : { outcome: 'unverified', counts });
  };
  const carryOut = (command: Command) => {
    if (command.kind === 'perform') perform(command);
    else if (command.kind === 'gate') people.ask(approvalOf(command, command.approve, (result) => end(command.key, result)));
    else if (command.kind === 'ask') people.ask({ ...command, end: (result) => end(command.key, result) });
    else if (command.kind === 'undo') takeBack(command);
    // What was sent to a product is not taken out of its hands: it ends by itself.
    else if (people.withdraw(command.key)) end(command.key, { outcome: 'cancelled' });
  };

  for (const act of script.people)
    if (act.does === 'cancel') clock.at(act.atMs ?? act.afterMs ?? 0, () => send({ kind: 'cancel-requested', by: act.by }));
  goOn();
  let moments = 0;
  while (!state.finish && moments < MAX_MOMENTS && clock.step()) moments += 1;
  return {
    happenings,
    ...(state.finish ? { finish: state.finish } : {}),
    endMs: clock.nowMs(),
    held: products.held().map((item) => item.id),
    undone,
    performed,
    results: state.results,
    problems: state.finish ? people.problems() : [...people.problems(), `the run has not ended after ${moments} moments`],
  };
}

function approvalOf(about: { readonly key: string; readonly id: string }, wish: ApproveWish, end: Question['end']): Question {
  const { withinMs, remindMs, escalate, by } = wish;
  return {
    key: about.key,
    id: about.id,
    withinMs,
    remindMs,
    needs: by.count,
    end,
    ...(escalate ? { escalateAfterMs: escalate.afterMs } : {}),
  };
}

function describe(item: PerformItem | undefined, result: StepResult | undefined): Partial<Happening> {
  const target = item && targetOf(item);
  return {
    ...(item ? { verb: item.verb } : {}),
    ...(target === undefined ? {} : { target }),
    ...(result?.by === undefined ? {} : { by: result.by }),
    ...(result?.answer === undefined ? {} : { answer: result.answer }),
    ...(result?.error === undefined ? {} : { error: result.error }),
  };
}

/** The target by its name and, where that is not the same, its id. */
function targetOf(item: PerformItem): string | undefined {
  const target: Json | undefined = item.params[VERBS[item.verb]?.target ?? ''];
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  const members = new Map(Object.entries(target));
  const texts = ['name', 'subject', 'email', 'id', 'sha256'].map((name) => members.get(name)).filter((value) => typeof value === 'string');
  return texts[0];
}
