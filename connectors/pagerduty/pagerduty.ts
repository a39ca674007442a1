// PagerDuty: pages by the Events API v2, and who is on call by the REST API.
import { connector } from '../connector.ts';
import { onCallNow } from './on-call.ts';
import { pagePeople, pagerdutyPager } from './page.ts';
import { pagerdutyClient, pagerdutyConfig } from './pagerduty-client.ts';

export const pagerduty = connector({
  type: 'pagerduty',
  title: 'PagerDuty',
  config: pagerdutyConfig,
  open: pagerdutyClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    signal.throwIfAborted();
    // An integration key answers to nothing but an event, and an event wakes people.
    if (!client.hasApi) return { as: 'a PagerDuty integration', detail: 'its key cannot be checked without paging' };
    await client.get('/oncalls', { limit: 1 }, signal);
    return { as: 'a PagerDuty API token', detail: 'reads who is on call' };
  },
  pager: pagerdutyPager,
  onCall: onCallNow,
  actions: [pagePeople],
});
