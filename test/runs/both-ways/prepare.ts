// What is made of a shipped playbook and its scenarios before both worlds play them: short times, and people and hosts that no other scenario has touched.
import { SAMPLES } from '../../../alerts/samples.ts';
import type { Plan } from '../../../language/plan.ts';
import type { Scenario } from '../../../language/scenario.ts';
import { adminGroupsOf, COMPUTERS, PEOPLE, type Person } from '../../../range/people.ts';

/** A wait that races with people or products: they are quicker than it, or, where they take a minute and more, slower (answers.ts). ms */
const RACING_MS = 3_000;
/** Nobody waits for so long: it ends when something beside it does. ms */
const FOR_GOOD_MS = 30 * 86_400_000;

/** Waits for a time are short in both worlds, and so are loops that go on for a time: nobody has to be faster than they are. */
export const hurried = (plan: Plan): Plan => hurry(plan, 50) as Plan; // a plan as JSON, with other times

function hurry(given: unknown, waitMs: number): unknown {
  return JSON.parse(JSON.stringify(given), (_, value) => {
    if (value?.kind === 'parallel' && value.join === 'any' && waitMs < RACING_MS) return { ...value, ...raced(value.branches) };
    if (value?.kind === 'wait' && !('event' in value.on) && !(value.on.forMs >= FOR_GOOD_MS)) return { ...value, on: { forMs: waitMs } };
    return value?.kind === 'repeat' ? { ...value, everyMs: 50, forMs: 1_000 } : value;
  });
}

const raced = (branches: unknown) => ({ branches: hurry(branches, RACING_MS) });

const MARK = '\u0001';
const MANY = 20;

/** Sessions once ended stay so, and so does an erased disk. Deals out each person and each computer of the range once. */
export function dealer(): (scenario: Scenario) => Scenario {
  const persons = new Map<boolean, number>();
  const tens = new Map<string, number>();
  /** Another administrator for one, with sessions to end. */
  const nextPerson = ({ id }: Person): Person => {
    const runsSomething = adminGroupsOf(id).length > 0;
    const isAlike = (one: Person) => one.sessions > 0 && adminGroupsOf(one.id).length > 0 === runsSomething;
    const found = PEOPLE.slice(persons.get(runsSomething) ?? 100).find(isAlike);
    if (!found) throw new Error('nobody is left');
    persons.set(runsSomething, PEOPLE.indexOf(found) + 1);
    return found;
  };
  /** With the same last digit: it says whether the computer is switched on, and whether it is as it must be. */
  const nextHost = (was: string): string => {
    const digit = was.slice(-1);
    const ten = tens.get(digit) ?? 10;
    tens.set(digit, ten + 1);
    const id = `wks-${ten}${digit}`;
    if (!COMPUTERS.some((one) => one.id === id)) throw new Error('no computer is left');
    return id;
  };
  return (scenario) => {
    const { alert } = scenario;
    const isSample = typeof alert === 'string' && Object.hasOwn(SAMPLES, alert);
    let text = JSON.stringify(isSample ? { ...scenario, alert: SAMPLES[alert as keyof typeof SAMPLES] } : scenario); // looked up just before
    const isNamed = ({ id, email }: Person) => text.includes(id) || text.includes(email);
    // The mark keeps what was put in from being replaced again; no JSON has it.
    const put = (was: string, now: string) => {
      text = text.replaceAll(was, `${now.slice(0, 1)}${MARK}${now.slice(1)}`);
    };
    const named = PEOPLE.filter(isNamed);
    // A whole company's mailboxes are nobody's own.
    for (const was of named.length > MANY ? [] : named) {
      const now = nextPerson(was);
      for (const name of ['id', 'name', 'email'] as const) put(was[name], now[name]);
    }
    for (const was of new Set(text.match(/wks-\d{3}/g))) put(was, nextHost(was));
    return JSON.parse(text.replaceAll(MARK, '')) as Scenario; // a scenario as text, with others in it
  };
}
