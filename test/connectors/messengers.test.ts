// Slack, Teams and PagerDuty: the kit, the products' own words for a no, and requests held against Slack's own description.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Ports } from '../../connectors/connector.ts';
import type { HttpRequest } from '../../connectors/http.ts';
import { Secret } from '../../connectors/secret.ts';
import { slackClient, slackConfig, slackRefusal } from '../../connectors/slack/slack-client.ts';
import { slackMessages } from '../../connectors/slack/slack-messages.ts';
import type { Subject } from './bench.ts';
import { checkAction } from './kit.ts';

const subject = (type: string, path = ''): Subject => ({
  type,
  product: type,
  path,
  token: 'made-up-canary-token',
  secret: 'made-up-canary-token',
  config: { token: 'env:SECRET' },
});

checkAction(subject('slack'), { verb: 'notify.message', params: { to: 'C0SOC', text: 'Eve Adams was disabled.' }, word: 'message' });
checkAction(subject('teams', '/workflows/w1/triggers/manual/paths/invoke'), {
  verb: 'notify.message',
  params: { to: 'teams', text: 'Eve Adams was disabled.' },
  word: 'card',
});
checkAction(subject('pagerduty'), {
  verb: 'notify.page',
  params: { to: { oncall: 'soc-lead' }, text: 'wks-007 is not isolated.' },
  word: 'page',
});

it.each([
  ['ratelimited', 'retryable', 'RATE_LIMITED'],
  ['invalid_auth', 'permanent', 'UNAUTHORIZED'],
  ['not_in_channel', 'permanent', 'FORBIDDEN'],
  ['channel_not_found', 'permanent', 'NOT_FOUND'],
  ['internal_error', 'ambiguous', 'REFUSED'],
  ['<script>', 'permanent', 'REFUSED'],
])('Slack says %s: %s %s', (word, kind, code) => {
  const failure = slackRefusal(word);
  expect([failure.kind, failure.code]).toEqual([kind, code]);
  expect(failure.message).not.toContain('<script>');
});

const DESCRIPTION = new URL('../../../shared/vendor-specs/slack.slice.json', import.meta.url);
const described = existsSync(DESCRIPTION) ? it : it.skip;

const operation = z.looseObject({
  parameters: z.array(z.looseObject({ name: z.string(), in: z.string() })).default([]),
  requestBody: z
    .looseObject({
      content: z.looseObject({
        'application/x-www-form-urlencoded': z.looseObject({
          schema: z.looseObject({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()) }),
        }),
      }),
    })
    .optional(),
});
const description = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) });

describe('requests to Slack', () => {
  described(
    'hold nothing that its description does not know, and all that it needs (skipped: ../shared/vendor-specs/slack.slice.json is not there)',
    async () => {
      const sent: HttpRequest[] = [];
      const answer = { ok: true, channel: 'C0SOC', ts: '1.2', messages: [], has_more: false };
      const ports: Ports = {
        http: () => ({
          request: async (request) => {
            sent.push(request);
            return { status: 200, headers: {}, body: answer };
          },
          close: () => undefined,
        }),
        secret: async () => new Secret('made-up-token'),
        address: async (host) => host,
      };
      const client = slackClient(slackConfig.parse({ token: 'env:TOKEN', signing_secret: 'env:SIGNING' }), ports);
      const message = {
        key: 'k',
        to: 'C0SOC',
        title: 'Waits',
        lines: ['• Disable'],
        buttons: [{ name: 'approve' as const, text: 'Approve', value: 'v' }],
      };
      const { signal } = new AbortController();
      const place = await slackMessages.post(client, message, signal);
      await slackMessages.post(client, { ...message, follows: place }, signal);
      await slackMessages.find?.(client, message, 0, signal);
      await slackMessages.edit?.(client, place, message, signal);
      const { paths } = description.parse(JSON.parse(readFileSync(DESCRIPTION, 'utf8')));
      for (const { method, path, form = {}, query = {} } of sent) {
        const known = paths[path]?.[method.toLowerCase()];
        expect([path, known !== undefined]).toEqual([path, true]);
        const body = known?.requestBody?.content['application/x-www-form-urlencoded'].schema;
        expect(Object.keys(form).filter((name) => !Object.hasOwn(body?.properties ?? {}, name))).toEqual([]);
        expect((body?.required ?? []).filter((name) => !Object.hasOwn(form, name))).toEqual([]);
        const asked = known?.parameters.filter((one) => one.in === 'query').map((one) => one.name);
        expect(Object.keys(query).filter((name) => asked?.includes(name) !== true)).toEqual([]);
      }
      expect(sent.map((one) => one.path)).toEqual(['/chat.postMessage', '/chat.postMessage', '/conversations.history', '/chat.update']);
    },
  );
});
