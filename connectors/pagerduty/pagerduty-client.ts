// PagerDuty has two doors: events wake people (a routing key), the REST API says who is on call (an API token that only reads).
import { z } from 'zod';
import { baseUrl, secretReference, timeoutMs } from '../config.ts';
import { ConnectorFailure, type Json, type Ports } from '../connector.ts';
import type { HttpAnswer } from '../http.ts';

export const pagerdutyConfig = z.strictObject({
  url: baseUrl.default('https://api.pagerduty.com').describe('Address of the REST API; in the EU region https://api.eu.pagerduty.com.'),
  events_url: baseUrl.exactOptional().describe('Address of the Events API. Left out: that of the REST API with "events." for "api.".'),
  token: secretReference.describe('Integration key of an "Events API v2" integration, as env:NAME or file:path.'),
  api_token: secretReference.exactOptional().describe('A read-only API token. Needed for rotas that PagerDuty keeps.'),
  timeoutMs,
});

export interface PagerdutyClient {
  readonly hasApi: boolean;
  readonly event: (event: Readonly<Record<string, Json>>, signal: AbortSignal) => Promise<void>;
  /** Throws ConnectorFailure permanent SECRET_MISSING where there is no api_token. */
  readonly get: (path: string, query: Readonly<Record<string, string | number>>, signal: AbortSignal) => Promise<HttpAnswer>;
  readonly close: () => void;
}

export function pagerdutyClient(config: z.infer<typeof pagerdutyConfig>, ports: Ports): PagerdutyClient {
  const { token, api_token: apiToken, timeoutMs: limit } = config;
  const api = ports.http({ baseUrl: config.url, timeoutMs: limit });
  const events = ports.http({ baseUrl: config.events_url ?? config.url.replace('//api.', '//events.'), timeoutMs: limit });
  return {
    hasApi: apiToken !== undefined,
    event: async (event, signal) => {
      const routing = (await ports.secret(token)).reveal();
      await events.request({ method: 'POST', path: '/v2/enqueue', json: { routing_key: routing, ...event }, signal });
    },
    get: async (path, query, signal) => {
      if (apiToken === undefined)
        throw new ConnectorFailure('permanent', 'SECRET_MISSING', 'This connector has no api_token; nothing was asked.');
      const headers = {
        authorization: `Token token=${(await ports.secret(apiToken)).reveal()}`,
        accept: 'application/vnd.pagerduty+json;version=2',
      };
      return await api.request({ method: 'GET', path, query, headers, signal });
    },
    close: () => {
      api.close();
      events.close();
    },
  };
}
