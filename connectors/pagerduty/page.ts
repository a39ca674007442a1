// Events API v2: trigger, acknowledge, resolve. PagerDuty removes doubles by dedup_key.
import { z } from 'zod';
import type { Json } from '../connector.ts';
import { sent } from '../connector.ts';
import { people, text } from '../params.ts';
import type { PageCall, Pager } from '../talk.ts';
import type { PagerdutyClient } from './pagerduty-client.ts';

/** PagerDuty's own limit, characters. */
const MAX_SUMMARY = 1_024;

function eventOf({ key, what, text: says, severity, link }: PageCall): Readonly<Record<string, Json>> {
  if (what !== 'trigger') return { event_action: what, dedup_key: key };
  const [first = ''] = says.split('\n');
  return {
    event_action: 'trigger',
    dedup_key: key,
    client: 'Cordon',
    ...(link === undefined ? {} : { client_url: link.url, links: [{ href: link.url, text: link.text }] }),
    payload: {
      summary: first.slice(0, MAX_SUMMARY) || 'Cordon needs a person',
      source: 'cordon',
      severity,
      custom_details: { message: says },
    },
  };
}

export const pagerdutyPager: Pager<PagerdutyClient> = { page: (client, call, signal) => client.event(eventOf(call), signal) };

export const pagePeople = sent({
  verb: 'notify.page',
  risk: 'additive',
  delivery: 'keyed',
  input: z.strictObject({ to: people, text }),
  output: z.strictObject({ paged: z.boolean() }),
  permissions: "the integration key of one service; whom it wakes is that service's escalation policy",
  docs: 'https://developer.pagerduty.com/docs/send-alert-event',
  example: { to: { oncall: 'soc-lead' }, text: 'wks-007 is not isolated.' },
  landsWithinMs: 5_000,
  run: async (client: PagerdutyClient, input, _, context) => {
    context.sending();
    await client.event(eventOf({ key: context.key, what: 'trigger', text: input.text, severity: 'critical' }), context.signal);
    return { paged: true };
  },
  says: (input) => `Page ${Object.entries(input.to).flat().join(' ')}: ${input.text}`,
});
