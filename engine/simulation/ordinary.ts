// What products ordinarily answer, so that a scenario says only what is special about it. One row for each verb.
import type { Json } from '../../language/plan.ts';
import type { PerformItem } from '../command.ts';

type Output = Readonly<Record<string, Json>>;
const clean: Output = { score: 0, verdict: 'clean' };

const ORDINARY: Readonly<Record<string, Output | ((item: PerformItem) => Output)>> = {
  'ip.reputation': clean,
  'url.reputation': clean,
  'file.reputation': clean,
  'user.lookup': ({ params }) => ({ user: params.user ?? null, enabled: true, sessions: 1 }),
  'host.lookup': ({ params }) => ({ host: params.host ?? null, isolated: false, online: true }),
  'mail.search': ({ params }) => ({ messages: [params.like ?? null] }),
  'user.list_inactive': { users: [] },
  'signin.search': { succeeded: [], failed: [] },
  'privilege.list': { groups: [] },
  'app.lookup': ({ params }) => ({
    name: params.app ?? null,
    publisher: 'unknown',
    verified: false,
    scopes: ['mail.read'],
    people: 1,
    enabled: true,
  }),
  'mail.list_rules': { rules: [] },
  'key.list': { keys: [] },
  'host.compliance': { compliant: true, shortcomings: [], quarantined: false },
  'password.expire': { expired: true },
  'privilege.suspend': { groups: [] },
  'app.disable': { enabled: false },
  'key.disable': { active: false },
  'host.quarantine': { quarantined: true },
  'host.lock': { locked: true },
  'host.wipe': { wiped: true },
  'domain.block': { blocked: true },
  'mail.disable_rules': { rules: [] },
  'user.disable': { enabled: false },
  'session.revoke': { ended: 1 },
  'host.isolate': { isolated: true },
  'ip.block': { blocked: true },
  'mail.quarantine': { quarantined: true },
  'ticket.open': { ticket: { id: 'TICKET-1', url: 'http://127.0.0.1/tickets/TICKET-1' } },
  'ticket.comment': { commented: true },
  'notify.message': { sent: true },
  'notify.page': { paged: true },
  'http.get': { status: 200, body: {} },
  'http.send': { status: 200, body: {} },
};

/** Undefined for a verb without a row. */
export function ordinaryOutput(item: PerformItem): Output | undefined {
  const row = Object.hasOwn(ORDINARY, item.verb) ? ORDINARY[item.verb] : undefined;
  return typeof row === 'function' ? row(item) : row;
}
