// A workspace with channels and people: 200 to everything, the truth is in `ok`; no doubles are removed. What is shown to one person only is kept apart.
import type { Json } from '../../connectors/connector.ts';
import type { Call, Outcome, Product } from '../product.ts';

/** Made up; U0EVE's address is one of the range's people. */
const PEOPLE: Readonly<Record<string, Json>> = {
  U0EVE: { id: 'U0EVE', name: 'eve', real_name: 'Eve Adams', profile: { email: 'eve.adams@example.test' } },
  U0ADMIN: { id: 'U0ADMIN', name: 'owner', real_name: 'The Owner', profile: {} },
  U0MALLORY: { id: 'U0MALLORY', name: 'mallory', real_name: 'Mallory', profile: { email: 'mallory@example.test' } },
};

export const slack: Product = {
  name: 'slack',
  seed: () => new Map(),
  routes: [
    { method: 'GET', path: '/auth.test', word: null, handle: () => ok({ user: 'cordon', team: 'Practice' }) },
    { method: 'POST', path: '/chat.postMessage', word: 'message', handle: post },
    { method: 'POST', path: '/chat.update', word: 'edit', handle: update },
    { method: 'POST', path: '/chat.postEphemeral', word: 'whisper', handle: whisper },
    { method: 'GET', path: '/conversations.history', word: null, handle: history },
    { method: 'GET', path: '/users.info', word: null, handle: person },
  ],
};

const ok = (more: Readonly<Record<string, Json>>): Outcome => ({ status: 200, body: { ok: true, ...more } });
const no = (error: string): Outcome => ({ status: 200, body: { ok: false, error } });
const isChannel = (id: unknown): id is string => typeof id === 'string' && /^[CGD][A-Z0-9]+$/.test(id) && id !== 'C0MISSING';

/** Undefined: no blocks that Slack would take. */
function blocksOf(given: unknown): readonly Json[] | undefined {
  try {
    const blocks: unknown = JSON.parse(typeof given === 'string' ? given : '');
    return Array.isArray(blocks) && blocks.length > 0 && blocks.length <= 50 ? (blocks as Json[]) : undefined; // parsed JSON is Json
  } catch {
    return undefined;
  }
}

function post({ body, things, nowMs }: Call): Outcome {
  const { channel, text } = body;
  if (!isChannel(channel)) return no('channel_not_found');
  const blocks = blocksOf(body.blocks);
  if (blocks === undefined) return no('invalid_blocks');
  const ts = `${Math.floor(nowMs / 1000)}.${String(things.size + 1).padStart(6, '0')}`;
  const thread = typeof body.thread_ts === 'string' ? { thread_ts: body.thread_ts } : {};
  const message = { type: 'message', ts, channel, text: String(text ?? ''), blocks, ...thread };
  return { ...ok({ channel, ts, message }), target: `${channel}:${ts}`, effect: { word: 'message', after: message } };
}

function update({ body, things }: Call): Outcome {
  const { channel, ts, text } = body;
  const target = `${String(channel)}:${String(ts)}`;
  const old = things.get(target)?.value;
  const blocks = blocksOf(body.blocks);
  if (typeof old !== 'object' || old === null) return no('message_not_found');
  if (blocks === undefined) return no('invalid_blocks');
  const after = { ...old, text: String(text ?? ''), blocks };
  return {
    ...ok({ channel: String(channel), ts: String(ts), text: after.text, message: { text: after.text } }),
    target,
    effect: { word: 'edit', after },
  };
}

function whisper({ body, things, nowMs }: Call): Outcome {
  const { channel, user, text } = body;
  if (!isChannel(channel)) return no('channel_not_found');
  if (typeof user !== 'string' || !Object.hasOwn(PEOPLE, user)) return no('user_not_in_channel');
  const blocks = blocksOf(body.blocks);
  if (blocks === undefined) return no('invalid_blocks');
  const after = { user, channel, text: String(text ?? ''), blocks };
  return { ...ok({ message_ts: String(nowMs / 1000) }), target: `only:${user}:${things.size + 1}`, effect: { word: 'whisper', after } };
}

/** Newest first, as Slack does; small pages, so that cursors are used. */
const PAGE = 100;

function history({ query, things }: Call): Outcome {
  const channel = query.get('channel');
  if (!isChannel(channel)) return no('channel_not_found');
  const oldest = Number(query.get('oldest') ?? 0);
  const all = [...things]
    .filter(([target]) => target.startsWith(`${channel}:`))
    .map(([, thing]) => thing.value)
    .filter((value) => Number(member(value, 'ts')) > oldest)
    .reverse();
  const from = Number(query.get('cursor') ?? 0);
  const messages = all.slice(from, from + PAGE);
  const more = all.length > from + PAGE;
  return ok({ messages, has_more: more, response_metadata: { next_cursor: more ? String(from + PAGE) : '' } });
}

const member = (value: Json, name: string): unknown =>
  typeof value === 'object' && value !== null && name in value ? (value as Readonly<Record<string, unknown>>)[name] : undefined; // just checked

function person({ query }: Call): Outcome {
  const id = query.get('user') ?? '';
  const user = Object.hasOwn(PEOPLE, id) ? PEOPLE[id] : undefined;
  return user === undefined ? no('user_not_found') : ok({ user });
}
