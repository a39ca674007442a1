// What is posted, and what has to have happened for it in the end, by the practice range's own record.
import { SAMPLES } from '../../alerts/samples.ts';
import type { RecordLine } from '../../range/record.ts';
import type { Choices } from './seeded.ts';

export interface Posted {
  readonly webhookId: string;
  readonly body: { readonly id: string; readonly title: string };
  readonly user: string | undefined;
  readonly host: string;
  /** The verdict that people will give. */
  readonly verdict: 'true-positive' | 'false-positive';
}

/** At the range each tenth host is switched off, and each fourth account has no sessions that could be ended. */
const USABLE = Array.from({ length: 500 }, (_, number) => number).filter((number) => number % 10 !== 9 && number % 4 !== 0);

/** Two alerts about a user and a host that no other seed touches: at least one about an account. */
export function alertsOf(chosen: Choices, seed: number, run: string, undone: boolean): readonly Posted[] {
  return [0, 1].map((index) => {
    const number = String(USABLE[(seed * 2 + index) % USABLE.length]).padStart(3, '0');
    const id = `${run}-${seed}-${index}`;
    const host = `wks-${number}`;
    const user = `user-${number}`;
    const hosts = [{ id: host }];
    const kind = index === 0 ? 'travel' : chosen.oneOf<'travel' | 'malware'>(['travel', 'malware']);
    const verdict = undone || chosen.number(2) === 0 ? 'false-positive' : 'true-positive';
    const title = `${SAMPLES[kind].title} (${id})`;
    const common = { webhookId: `msg_${id}`, host, verdict } as const;
    if (kind === 'malware') return { ...common, user: undefined, body: { ...SAMPLES.malware, id, title, hosts } };
    return { ...common, user, body: { ...SAMPLES.travel, id, title, hosts, users: [{ id: user }] } };
  });
}

/** How often each effect must stand in the record, and on what. */
function expected(posted: Posted): readonly (readonly [effect: string, target: string, times: number])[] {
  const undone = posted.verdict === 'false-positive' ? 1 : 0;
  const host = [['isolate', posted.host, 1] as const, ['release', posted.host, undone] as const];
  if (posted.user === undefined) return host;
  return [...host, ['disable', posted.user, 1], ['revoke', posted.user, 1], ['enable', posted.user, undone]];
}

/** What is wrong with the record, in words. `runs`: the run of each alert, which its one ticket must name. */
export function violations(record: readonly RecordLine[], posted: readonly Posted[], runs: readonly string[]): readonly string[] {
  const wrong: string[] = [];
  for (const one of posted) {
    for (const [effect, target, times] of expected(one)) {
      const found = record.filter((line) => line.effect === effect && line.target === target).length;
      if (found !== times) wrong.push(`${effect} ${target}: ${found} times, expected ${times}`);
    }
  }
  for (const run of runs) {
    const tickets = record.filter((line) => line.effect === 'ticket' && line.key?.startsWith(run) === true).length;
    const messages = record.filter((line) => line.effect === 'message' && line.key?.startsWith(run) === true).length;
    if (tickets !== 1) wrong.push(`tickets of ${run}: ${tickets}, expected 1`);
    if (messages < 1) wrong.push(`messages of ${run}: none`);
  }
  return wrong;
}
