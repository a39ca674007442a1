// A click in Slack, from the bytes of the post to what it is about. Slack says who clicked; what it says of itself is all that is taken from it.
import { z } from 'zod';

const id = z.string().regex(/^[A-Z0-9]{2,24}$/);
const click = z.looseObject({
  type: z.literal('block_actions'),
  user: z.looseObject({ id, team_id: id.optional(), username: z.string().max(200).optional(), name: z.string().max(200).optional() }),
  team: z.looseObject({ id }).nullish(),
  channel: z.looseObject({ id }).optional(),
  actions: z.array(z.looseObject({ action_id: z.string().max(255), value: z.string().max(2_000).optional() })).length(1),
});

export interface SlackClick {
  /** The workspace that the person belongs to, which in a shared channel may be another one. */
  readonly team: string;
  readonly user: string;
  readonly userName: string;
  readonly channel: string;
  readonly decision: 'approve' | 'deny';
  readonly approvalId: string;
  readonly digest: string;
}

const VALUE = /^(apr_[0-9A-Z]{26}) ([0-9A-Za-z_-]{1,128})$/;

/** Undefined: nothing that decides anything, such as the button that only opens a link. */
export function readSlackClick(body: Buffer): SlackClick | undefined {
  const payload = new URLSearchParams(body.toString('utf8')).get('payload');
  const read = click.safeParse(parseJson(payload ?? ''));
  if (!read.success) return undefined;
  const { user, team, channel, actions } = read.data;
  const action = actions[0];
  const about = VALUE.exec(action?.value ?? '');
  const home = user.team_id ?? team?.id;
  const [, approvalId, digest] = about ?? [];
  if (home === undefined || channel === undefined || approvalId === undefined || digest === undefined) return undefined;
  if (action?.action_id !== 'approve' && action?.action_id !== 'deny') return undefined;
  const userName = (user.username ?? user.name ?? user.id).replaceAll(/\p{C}+/gu, ' ');
  return { team: home, user: user.id, userName, channel: channel.id, decision: action.action_id, approvalId, digest };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
