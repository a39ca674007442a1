// One seed of one case: alerts are posted, everything is killed at the case's moment and started again, people go on, and the range's record is judged.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuditVerdict } from '../../server/contract.ts';
import { alertsOf, type Posted, violations } from './alerts.ts';
import type { Case } from './cases.ts';
import type { Installation } from './installation.ts';
import { people } from './people.ts';
import { choices } from './seeded.ts';

export interface Verdict {
  readonly seed: number;
  /** At which moment it was killed. */
  readonly detail: string;
  /** Empty: as promised. */
  readonly wrong: readonly string[];
  /** An effect did land after its answer was given up; without one, a late chain has tested nothing but the kill. */
  readonly landedLate: boolean;
  /** From the kill until everything had ended. */
  readonly recoveryMs: number;
}

/** Generous: what is measured is that it ends, and a busy machine is no violation. */
const MOMENT_WITHIN_MS = 90_000;
const END_WITHIN_MS = 180_000;

/** The installation runs before, and runs afterwards unless something was wrong. */
export async function iteration(cordon: Installation, tested: Case, seed: number, late: boolean): Promise<Verdict> {
  const chosen = choices(`${tested.name} ${late} ${seed}`);
  const posted = alertsOf(chosen, seed, `${tested.name}-${late ? 'late' : 'now'}`, tested.undone);
  const moment = tested.moment(chosen, posted, late);
  const resend = chosen.number(2) === 0;
  const wrong: string[] = [];
  let landedLate = false;
  await cordon.faults(moment.faults ?? []);
  cordon.arm(moment.killAt);
  const acknowledged = new Set<Posted>();
  const post = async (one: Posted) => {
    await cordon.post(one.webhookId, one.body);
    acknowledged.add(one);
  };
  // While it waits for an open approval nobody decides, so that the moment comes.
  let killed = false;
  const crowd = people(cordon, posted, {
    withinMs: MOMENT_WITHIN_MS + END_WITHIN_MS,
    hold: () => !killed && tested.name === 'open-approval',
  });
  crowd.done.catch(() => undefined); // heard of below
  await Promise.allSettled(posted.map(post));
  await momentOf(cordon, moment.wait?.(cordon, crowd.open), moment.killAt);
  const kill = performance.now();
  await cordon.killAll();
  cordon.arm(undefined);
  killed = true;
  await cordon.start();
  await sendAgain(cordon, posted, acknowledged, resend);
  try {
    const runs = await crowd.done;
    landedLate = late && (await cordon.faultsLeft()) === 0;
    wrong.push(...violations(await cordon.record(), posted, runs));
    const audit = await cordon.api<AuditVerdict>('GET', '/audit/verify');
    if (!audit.ok) wrong.push(`the audit does not verify: ${JSON.stringify(audit.bad ?? audit.badCheckpoint)}`);
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  crowd.stop();
  return { seed, detail: `${moment.detail}${resend ? ', sent again' : ''}`, wrong, landedLate, recoveryMs: performance.now() - kill };
}

/** Cordon has killed itself, or the outside has seen the moment. Throws when it does not come: then the case tests nothing. */
async function momentOf(cordon: Installation, seen: Promise<void> | undefined, killAt: string | undefined): Promise<void> {
  let come = false;
  seen?.then(
    () => {
      come = true;
    },
    () => undefined,
  );
  for (const until = performance.now() + MOMENT_WITHIN_MS; performance.now() < until; await sleep(10)) if (come || cordon.isDown()) return;
  throw new Error(`the moment did not come: ${killAt ?? 'what the outside waited for'}`);
}

/** What was not acknowledged: sent again under the same id, as sources do, or left alone; then it must have been kept if it was committed. */
async function sendAgain(
  cordon: Installation,
  posted: readonly Posted[],
  acknowledged: ReadonlySet<Posted>,
  resend: boolean,
): Promise<void> {
  const alerts = await cordon.api<{ readonly items: readonly { readonly title: string }[] }>('GET', '/alerts');
  const kept = new Set(alerts.items.map((alert) => alert.title));
  for (const one of posted) {
    if (acknowledged.has(one) && !kept.has(one.body.title)) throw new Error(`LOST: ${one.body.title} was acknowledged and is not there`);
    if (resend && kept.has(one.body.title)) {
      const { status } = await cordon.post(one.webhookId, one.body);
      if (status !== 'duplicate') throw new Error(`${one.body.title} was sent again and is ${status}, not a duplicate`);
    }
    // Never committed, so its source owes it still.
    if (!kept.has(one.body.title)) await cordon.post(one.webhookId, one.body);
  }
}
