// What products ordinarily answer, so that a scenario says only what is special about it. One row for each verb.
import type { Json } from '../../language/plan.ts';
import type { PerformItem } from '../command.ts';

type Output = Readonly<Record<string, Json>>;
const clean: Output = { score: 0, verdict: 'clean' };

/** Is this effect in force on what the item is about? */
type IsSo = (verb: string) => boolean;

const ORDINARY: Readonly<Record<string, Output | ((item: PerformItem, isSo: IsSo) => Output)>> = {
  'ip.reputation': clean,
  'url.reputation': clean,
  'file.reputation': clean,
  'user.lookup': ({ params }, isSo) => ({
    user: params.user ?? null,
    enabled: !isSo('user.disable'),
    sessions: isSo('session.revoke') ? 0 : 1,
  }),
  'host.lookup': ({ params }, isSo) => ({ host: params.host ?? null, isolated: isSo('host.isolate'), online: true }),
  'mail.search': ({ params }) => ({ messages: [params.like ?? null] }),
  'user.list_inactive': { users: [] },
  'signin.search': { succeeded: [], failed: [] },
  'privilege.list': { groups: [] },
  'app.lookup': ({ params }, isSo) => ({
    name: params.app ?? null,
    publisher: 'unknown',
    verified: false,
    scopes: ['mail.read'],
    people: 1,
    enabled: !isSo('app.disable'),
  }),
  'mail.list_rules': { rules: [] },
  'key.list': { keys: [] },
  'host.compliance': (_, isSo) => ({ compliant: true, shortcomings: [], quarantined: isSo('host.quarantine') }),
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
  'session.revoke': (_, isSo) => ({ ended: isSo('session.revoke') ? 0 : 1 }),
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
export function ordinaryOutput(item: PerformItem, isSo: IsSo): Output | undefined {
  const row = Object.hasOwn(ORDINARY, item.verb) ? ORDINARY[item.verb] : undefined;
  return typeof row === 'function' ? row(item, isSo) : row;
}
