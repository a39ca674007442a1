// A button pressed in Slack, as Slack sends it.
import { createHmac } from 'node:crypto';

export interface SlackClick {
  readonly approvalId: string;
  readonly digest: string;
  readonly user?: string | undefined;
  readonly team?: string | undefined;
  readonly action?: string | undefined;
}

let clicked = 0;

/** Each click is another one. */
export function clickBody({ approvalId, digest, user = 'U0EVE', team = 'T0OURS', action = 'approve' }: SlackClick): string {
  clicked += 1;
  const payload = {
    type: 'block_actions',
    trigger_id: `made-up-${clicked}`,
    user: { id: user, username: 'eve', team_id: team },
    team: { id: 'T0OURS', domain: 'practice' },
    channel: { id: 'C0SOC' },
    actions: [{ action_id: action, value: `${approvalId} ${digest}`, type: 'button' }],
  };
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
}

export function clickHeaders(body: string, secret: string, at: Date): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`,
  };
}

/** The token of the link that a whisper carries. */
export const linkIn = (whisper: string | undefined): string => /bind#([A-Za-z0-9_-]{43})/.exec(whisper ?? '')?.[1] ?? '';
