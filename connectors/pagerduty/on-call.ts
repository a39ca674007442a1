// Who is on call now, by PagerDuty's own schedule: the addresses of the people, which are matched with those of ours.
import { z } from 'zod';
import { parsed } from '../bearer-client.ts';
import { ConnectorFailure } from '../connector.ts';
import type { PagerdutyClient } from './pagerduty-client.ts';

const MAX_PEOPLE = 100;

const oncalls = z.looseObject({
  oncalls: z.array(z.looseObject({ user: z.looseObject({ email: z.string().optional() }) })),
  more: z.boolean().optional(),
});

export async function onCallNow(client: PagerdutyClient, schedule: string, signal: AbortSignal): Promise<readonly string[]> {
  const query = { 'schedule_ids[]': schedule, 'include[]': 'users', limit: MAX_PEOPLE };
  const answer = parsed(oncalls, await client.get('/oncalls', query, signal));
  if (answer.more === true)
    throw new ConnectorFailure('permanent', 'TOO_MUCH', `More than ${MAX_PEOPLE} people are on call for ${schedule}.`);
  const people = answer.oncalls.flatMap(({ user }) => (user.email === undefined ? [] : [user.email.toLowerCase()]));
  return [...new Set(people)].sort();
}
