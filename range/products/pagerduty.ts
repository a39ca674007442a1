// A pager: events with the same key are one incident; schedules say who is on call.
import { badRequest, type Call, type Outcome, type Product } from '../product.ts';

/** Made-up schedules and whom they name. */
const ON_CALL: Readonly<Record<string, readonly string[]>> = {
  PSOC: ['Eve.Adams@example.test'],
  PNOBODY: [],
};

export const pagerduty: Product = {
  name: 'pagerduty',
  seed: () => new Map(),
  routes: [
    { method: 'POST', path: '/v2/enqueue', word: 'page', handle: enqueue },
    { method: 'GET', path: '/oncalls', word: null, handle: onCalls },
  ],
};

const STATES: Readonly<Record<string, string>> = { trigger: 'triggered', acknowledge: 'acknowledged', resolve: 'resolved' };

function enqueue({ body, things }: Call): Outcome {
  const { event_action: action, dedup_key: key, payload } = body;
  const state = typeof action === 'string' && Object.hasOwn(STATES, action) ? STATES[action] : undefined;
  if (state === undefined || typeof key !== 'string' || key === '' || key.length > 255) return badRequest('invalid event');
  const summary = typeof payload === 'object' && payload !== null && 'summary' in payload ? String(payload.summary) : undefined;
  if (state === 'triggered' && (summary === undefined || summary.length > 1024)) return badRequest('invalid event');
  const old = things.get(key)?.value;
  const before = typeof old === 'object' && old !== null && 'state' in old ? old : undefined;
  // A further trigger of an open incident changes nothing; neither does one word about an incident that is not there.
  const isOpen = before !== undefined && before.state !== 'resolved';
  const after = state === 'triggered' ? (isOpen ? before : { state, summary: summary ?? '' }) : isOpen ? { ...before, state } : before;
  const answer = { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: key }, target: key };
  return after === undefined ? answer : { ...answer, effect: { word: state === 'triggered' ? 'page' : String(action), after } };
}

function onCalls({ query }: Call): Outcome {
  const wanted = query.getAll('schedule_ids[]');
  const schedules = wanted.length === 0 ? Object.keys(ON_CALL) : wanted;
  if (schedules.some((id) => !Object.hasOwn(ON_CALL, id))) return { status: 404, body: { error: { message: 'Not Found', code: 2100 } } };
  const oncalls = schedules.flatMap((id) =>
    (ON_CALL[id] ?? []).map((email) => ({ escalation_level: 1, schedule: { id }, user: { name: email, email } })),
  );
  return { status: 200, body: { oncalls, limit: 100, offset: 0, more: false } };
}
