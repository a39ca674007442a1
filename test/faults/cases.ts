// The moments at which everything is killed. Each says how to be there, given a seed's choices.
import type { Posted } from './alerts.ts';
import type { Installation } from './installation.ts';
import type { Choices } from './seeded.ts';

export interface Moment {
  /** What people see of it. */
  readonly detail: string;
  /** CORDON_KILL_AT, where Cordon itself knows the moment. */
  readonly killAt?: string;
  /** To be put at the range before the alerts are posted. */
  readonly faults?: readonly object[];
  /** Resolves at the moment, where only the outside knows it; `open`: how many approvals are open. */
  readonly wait?: (cordon: Installation, open: () => number) => Promise<void>;
}

export interface Case {
  readonly name: string;
  readonly title: string;
  /** All alerts are false positives: what was done is undone. */
  readonly undone: boolean;
  readonly moment: (chosen: Choices, posted: readonly Posted[], late: boolean) => Moment;
}

/** How long after its answer was given up a late effect lands. The products promise two seconds (`landsWithinMs`). */
const LANDS_AFTER_MS = 1_500;
const POLL_MS = 15;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** One effect of one of the alerts, whose answer is lost, and which happens later. */
function lateFault(chosen: Choices, posted: readonly Posted[], words: readonly [string, ...string[]]): object {
  const one = posted[chosen.number(posted.length)];
  const word = chosen.oneOf(words);
  const [product, target] = productOf(word, one);
  return { product, effect: word, ...(target === undefined ? {} : { target }), landsAfterMs: LANDS_AFTER_MS, count: 1 };
}

function productOf(word: string, one: Posted | undefined): readonly [product: string, target: string | undefined] {
  if (word === 'isolate' || word === 'release') return ['edr', one?.host];
  // Alerts about malware name no user; then any account that is contained at the time will do.
  return word === 'ticket' ? ['tickets', undefined] : ['idp', one?.user];
}

const atPoint = (name: string, title: string, points: readonly [string, ...string[]], most: number, undone = false): Case => ({
  name,
  title,
  undone,
  moment: (chosen, posted, late) => {
    const killAt = `${chosen.oneOf(points)}:${1 + chosen.number(most)}`;
    const words = undone ? (['release', 'enable'] as const) : (['isolate', 'disable', 'ticket'] as const);
    const faults = late ? [lateFault(chosen, posted, words)] : [];
    return { detail: `${killAt}${late ? ` ${JSON.stringify(faults)}` : ''}`, killAt, faults };
  },
});

/** The request has reached the product and nobody has been told: killed there, the effect done (or about to be). */
const inFlight: Case = {
  name: 'in-flight',
  title: 'after the effect and before its answer',
  undone: false,
  moment: (chosen, posted, late) => {
    const word = chosen.oneOf(['isolate', 'disable', 'revoke', 'ticket']);
    const [product, target] = productOf(word, posted[0]);
    const about = { product, effect: word, ...(target === undefined ? {} : { target }), hang: true, count: 1 };
    const fault = late ? { ...about, landsAfterMs: LANDS_AFTER_MS } : { ...about, drop: 'after' };
    const laterMs = chosen.number(late ? 600 : 1_500);
    return {
      detail: `${word}, ${laterMs} ms after it ${late ? 'was sent' : 'happened'}`,
      faults: [fault],
      wait: async (cordon) => {
        while ((await cordon.faultsLeft()) > 0) await pause(POLL_MS);
        await pause(laterMs);
      },
    };
  },
};

const openApproval: Case = {
  name: 'open-approval',
  title: 'at an open approval',
  undone: false,
  moment: (chosen, posted, late) => {
    const faults = late ? [lateFault(chosen, posted, ['isolate', 'disable', 'ticket'])] : [];
    const laterMs = chosen.number(400);
    const wanted = 1 + chosen.number(posted.length);
    return {
      detail: `${laterMs} ms after approval ${wanted} opened`,
      faults,
      wait: async (_, open) => {
        while (open() < wanted) await pause(POLL_MS);
        await pause(laterMs);
      },
    };
  },
};

export const CASES: readonly Case[] = [
  atPoint('intake', 'after the commit and before the 202', ['intake.committed'], 1),
  atPoint('claim', 'after the claim and before the start', ['dispatch.claimed'], 2),
  atPoint('before-effect', 'before an effect', ['effect.before'], 5),
  inFlight,
  atPoint('answered', 'after the answer and before it is recorded', ['effect.answered'], 4),
  openApproval,
  atPoint('undo', 'in the middle of an undo', ['undo.before', 'undo.answered'], 2, true),
];
