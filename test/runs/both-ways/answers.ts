// What a scenario says that products answer, put before the practice range's own actions: by the step, by the turn of a loop, or by the verb.
import { type CallContext, ConnectorFailure, type OpenAction } from '../../../connectors/connector.ts';
import { READ_BACK_MS } from '../../../engine/simulation/slowness.ts';
import type { Json } from '../../../language/plan.ts';
import type { Scenario, ScenarioAnswer } from '../../../language/scenario.ts';
import type { World } from '../world.ts';

type ActionOf = World['state']['connectors']['actionOf'];
type Call = (...args: readonly never[]) => Promise<Json | undefined>;
type Answers = Scenario['answers'];

/** Seconds are not made: that a product is slow within what a run waits for changes no effect. One that is away is slower than a wait that races with it. */
const AWAY_HERE_MS = 5_000;
/** Waited for to its end, so it is a short one. What takes longer than a run waits for is in force a little later. */
const SETTLE_HERE_MS = 500;
const LANDS_HERE_MS = 800;

export function scripted(actionOf: ActionOf, answers: Answers): ActionOf {
  const failed = new Map<string, number>();
  return (instance, verb) => {
    const action = actionOf(instance, verb);
    return action && withAnswers(action, { answers, verb, failed });
  };
}

/** `key` as products get it: run, step with `~` for the `#` of its turns, generation. */
function answerOf(answers: Answers, key: string, verb: string): ScenarioAnswer | undefined {
  const step = key.slice(key.indexOf('.') + 1, key.lastIndexOf('.')).replaceAll('~', '#');
  return [step, step.split('#')[0] ?? '', verb].map((name) => (Object.hasOwn(answers, name) ? answers[name] : undefined)).find(Boolean);
}

interface Said {
  readonly answers: Answers;
  readonly verb: string;
  /** Attempts that have failed, by key. */
  readonly failed: Map<string, number>;
}

function withAnswers(action: OpenAction, { answers, verb, failed }: Said): OpenAction {
  const answerTo = (key: string) => answerOf(answers, key, verb);
  /** States that count as done, because the scenario says so. */
  const taken = new WeakSet<object>();
  const outputs = new WeakMap<object, ScenarioAnswer>();
  const keyOf = (args: readonly unknown[]): string => contextOf(args)?.key ?? '';
  const isNobodyTold = Object.values(answers).some(({ outcome }) => outcome === 'unknown');
  const isNeverSeen = Object.values(answers).some((one) => one.outcome === 'unverified' || isTooSlow(one));
  const own = action as unknown as Readonly<Record<'run' | 'read' | 'undo', Call>>; // called with what they are given, as they are
  const run: Call = async (...args) => {
    const key = keyOf(args);
    const answer = answerTo(key);
    if (!answer) return await own.run(...args);
    if (answer.outcome === 'unknown') contextOf(args)?.sending();
    fail(answer, key, failed);
    if (answer.outcome === 'unverified') return undefined;
    if (isTooSlow(answer)) {
      contextOf(args)?.sending();
      // The last of it is sent by nobody who is waiting: what it says of its lease is past.
      setTimeout(
        () =>
          void own.run(
            ...(args.map((arg) => (arg === contextOf(args) ? { ...contextOf(args), sending: () => undefined } : arg)) as never[]),
          ),
        LANDS_HERE_MS,
      );
      return undefined;
    }
    const found = await own.run(...args);
    if (answer.awayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, AWAY_HERE_MS));
    return 'read' in action ? found : { ...(found as Readonly<Record<string, Json>>), ...answer.output }; // outputs are records
  };
  if (!('read' in action)) return { ...action, run } as unknown as OpenAction; // as the action itself, of which it is one
  const read: Call = async (...args) => {
    const state = await own.read(...args);
    const answer = answerTo(keyOf(args));
    if (typeof state === 'object' && state !== null && answer) {
      if (answer.outcome === 'already') taken.add(state);
      outputs.set(state, answer);
    }
    return state;
  };
  const done: typeof action.done = (state, input) => (isIn(taken, state) ? true : action.done(state, input));
  const result: typeof action.result = (after, ...rest) => ({
    ...(action.result(after, ...rest) as Readonly<Record<string, Json>>), // outputs are records
    ...(typeof after === 'object' && after !== null ? outputs.get(after)?.output : undefined),
  });
  const undo: Call = async (...args) => {
    if (answerTo(keyOf(args))?.undo === 'fails') throw new ConnectorFailure('permanent', 'REFUSED', 'as the scenario says');
    return await own.undo(...args);
  };
  const settle = isNeverSeen ? { settle: { everyMs: 50, forMs: SETTLE_HERE_MS } } : {};
  const lands = isNobodyTold ? { landsWithinMs: 200 } : {};
  return { ...action, run, read, done, result, ...settle, ...lands, ...('undo' in action ? { undo } : {}) } as unknown as OpenAction; // as above
}

const isTooSlow = ({ outcome, takesMs }: ScenarioAnswer): boolean => outcome === undefined && takesMs > READ_BACK_MS;

/** The last of what an action is given, or the one before. */
const contextOf = (args: readonly unknown[]): CallContext | undefined =>
  args.find((arg): arg is CallContext => typeof arg === 'object' && arg !== null && 'sending' in arg && 'key' in arg);

const isIn = (states: WeakSet<object>, state: unknown): boolean => typeof state === 'object' && state !== null && states.has(state);

function fail({ outcome, fails }: ScenarioAnswer, key: string, failed: Map<string, number>): void {
  if (outcome === 'failed') throw new ConnectorFailure('permanent', 'REFUSED', 'as the scenario says');
  if (outcome === 'unknown') throw new ConnectorFailure('ambiguous', 'TIMEOUT', 'as the scenario says');
  const before = failed.get(key) ?? 0;
  if (before >= fails) return;
  failed.set(key, before + 1);
  throw new ConnectorFailure('retryable', 'UNREACHABLE', 'as the scenario says');
}
