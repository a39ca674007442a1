// A messenger and pager: 200 to everything, the truth is in the body; doubles are removed by client_msg_id.
import type { Json } from '../../connectors/connector.ts';
import type { Call, Outcome, Product } from '../product.ts';

export const chat: Product = {
  name: 'chat',
  seed: () => new Map(),
  routes: [
    { method: 'GET', path: '/api/auth.test', word: null, handle: () => ({ status: 200, body: { ok: true, user: 'cordon@range' } }) },
    { method: 'POST', path: '/api/chat.postMessage', word: 'message', handle: post },
    { method: 'POST', path: '/api/pager.page', word: 'page', handle: page },
  ],
};

const no = (error: string): Outcome => ({ status: 200, body: { ok: false, error } });

function post({ body, things }: Call): Outcome {
  const { channel, text, client_msg_id: key } = body;
  if (typeof channel !== 'string' || channel === '') return no('channel_not_found');
  if (typeof text !== 'string' || text === '') return no('no_text');
  const id = typeof key === 'string' && key !== '' ? key : `m-${things.size + 1}`;
  const message: Json = things.get(id)?.value ?? { channel, text };
  return { status: 200, body: { ok: true, ts: id }, target: id, effect: { word: 'message', after: message } };
}

function page({ body, things }: Call): Outcome {
  const { target, text, client_msg_id: key } = body;
  if (typeof target !== 'string' || target === '') return no('target_not_found');
  if (typeof text !== 'string' || text === '') return no('no_text');
  const id = typeof key === 'string' && key !== '' ? key : `p-${things.size + 1}`;
  const message: Json = things.get(id)?.value ?? { page: target, text };
  return { status: 200, body: { ok: true, ts: id }, target: id, effect: { word: 'page', after: message } };
}
