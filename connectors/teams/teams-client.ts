// A Workflows address of Microsoft Teams ("When a Teams webhook request is received"): it takes cards for one channel, and tells nothing back.
import { z } from 'zod';
import { baseUrl, secretReference, timeoutMs } from '../config.ts';
import type { Json, Ports } from '../connector.ts';

export const teamsConfig = z.strictObject({
  url: baseUrl.describe('The address that Workflows shows, up to the "?".'),
  token: secretReference.describe('What stands behind "sig=" in that address, as env:NAME or file:path.'),
  api_version: z.string().min(1).max(20).default('1').describe('What stands behind "api-version=" in that address.'),
  channel: z.string().min(1).max(200).default('teams').describe('A name of yours for the channel that it posts to.'),
  timeoutMs,
});

export interface TeamsClient {
  readonly channel: string;
  readonly post: (card: Json, signal: AbortSignal) => Promise<void>;
  readonly close: () => void;
}

export function teamsClient(config: z.infer<typeof teamsConfig>, ports: Ports): TeamsClient {
  const { origin, pathname } = new URL(config.url);
  const http = ports.http({ baseUrl: origin, timeoutMs: config.timeoutMs });
  return {
    channel: config.channel,
    post: async (card, signal) => {
      const sig = (await ports.secret(config.token)).reveal();
      const query = { 'api-version': config.api_version, sp: '/triggers/manual/run', sv: '1.0', sig };
      await http.request({ method: 'POST', path: pathname, query, json: card, signal });
    },
    close: http.close,
  };
}
