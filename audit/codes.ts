// Every code that an audit event can have, with its sentence. Codes are stable: others search and alert on them. To add one, add a row.
// {name} is a fact of the event, {actor} who did it; a part in [ ] is left out when one of its facts is missing.
// result: 'no' marks what was refused or went wrong.

export interface CodeRow {
  readonly says: string;
  readonly result: 'yes' | 'no';
}

const yes = (says: string): CodeRow => ({ says, result: 'yes' });
const no = (says: string): CodeRow => ({ says, result: 'no' });

export const AUDIT_CODES = {
  'intake.accepted': yes('Alert {alert} from {source} was accepted[, seen {count} times now]'),
  'intake.quarantined': no('Alert {alert} from {source} was kept in quarantine[: {reason}]'),
  'intake.refused': no('A post to {source} was refused[: {reason}][ (from {peer})]'),
  'intake.decided': yes('Alert {alert} was matched against the playbooks[: {decision}]'),
  'outbox.undeliverable': no('Delivery {delivery} was given up[ after {attempts} attempts][: {reason}]'),

  'run.created': yes('A run of {playbook} was queued[ for alert {alert}][: {reason}]'),
  'run.started': yes('A run of {playbook} started[ for alert {alert}][: {reason}]'),
  'run.joined': yes('Alert {alert} joined this run'),
  'run.bound': yes('The run is carried by Temporal run {temporalRun}'),
  'run.ended': yes('The run ended as {state}[ ({outcome})]'),
  'run.lost': no('The run was lost[: {reason}]'),
  'run.signalled': yes('{actor} posted the event {event} to the run'),
  'run.cancel_requested': yes('{actor} asked to cancel the run[: {reason}]'),

  'effect.intent': yes('About to run {verb}[ on {entity}][ through {connector}][, allowed by {rule}]'),
  'effect.outcome': yes('{verb}[ on {entity}] ended as {outcome}[ ({error})]'),
  'effect.denied': no('{verb}[ on {entity}] was denied[ by {rule}][: {reason}]'),
  'effect.held_up': no('{verb}[ on {entity}] was not sent: the process had been paused beyond its lease'),
  'effect.late': no('{verb}[ on {entity}] may have been sent {lateMs} ms after its lease had ended'),
  'effect.unknown': no('Whether {verb}[ on {entity}] took effect is unknown; a person decides'),

  'approval.opened': yes('Approval {approval} was asked for[, decisions needed: {count}][, until {expiresAt}]'),
  'approval.decision': yes('{actor} decided {decision} on {approval}[ for {for}][ in the {channel}][: {reason}]'),
  'approval.commented': yes('{actor} wrote to {approval}[ in the {channel}][: {note}]'),
  'approval.granted': yes('Approval {approval} is granted'),
  'approval.denied': no('Approval {approval} is denied'),
  'approval.expired': no('Approval {approval} expired unanswered, which is a no'),
  'approval.void': no('Approval {approval} became void[: {reason}]'),
  'approval.answered': yes('Question {approval} is answered[: {answer}]'),
  'approval.withdrawn': yes('Approval {approval} was withdrawn[: {reason}]'),
  'approval.raised': yes('Approval {approval} now needs more[: {reason}]'),
  'approval.reminded': yes('People were reminded of {approval}'),
  'approval.acked': yes('{actor} has {approval}: nobody else is asked for {minutes} minutes'),
  'approval.escalated': yes('{approval} was escalated[ to {to}]'),

  'hold.placed': yes('{verb}[ on {entity}] is held[ until {expiresAt}]'),
  'hold.recovered': yes('{verb}[ on {entity}] was found done by us before a crash, and is held'),
  'hold.renewed': yes('{actor} renewed the hold {hold}[ until {expiresAt}]'),
  'hold.renewal_asked': yes('{actor} asked to hold {hold} for longer; another person must confirm[: {reason}]'),
  'hold.transferred': yes('{actor} handed the hold {hold} from {from} to {to}[: {reason}]'),
  'hold.expired': yes('The hold {hold} expired[: {onExpiry}]'),
  'hold.released': yes('{verb}[ on {entity}] was undone'),
  'hold.foreign': yes('{verb}[ on {entity}] is no longer ours to undo[: {reason}]'),
  'hold.debt': no('{verb}[ on {entity}] could not be undone and is owed[: {reason}]'),
  'hold.owned': yes('{owner} owes the debt {hold} from now on, said {actor}[: {reason}]'),
  'hold.drifted': no('{verb}[ on {entity}] is held by us, but no longer in force[: {reason}]'),
  'hold.restored': yes('{verb}[ on {entity}] is in force again'),
  'hold.settled': yes('{actor} settled the debt {hold}[: {reason}]'),
  'undo.requested': yes('{actor} asked to undo[ {scope}][: {reason}]'),

  'freeze.on': yes('{actor} froze effects[ of {verb}][ through {connector}][: {reason}]'),
  'freeze.lift_asked': yes('{actor} asked to lift the freeze[ of {verb}][ through {connector}][: {reason}]; another person must confirm'),
  'freeze.off': yes('{actor} lifted the freeze[ of {verb}][ through {connector}][, as {first} had asked][, alone: {alone}][: {reason}]'),

  'suppression.added': yes('{actor} suppressed {title}[ until {until}][: {reason}]'),
  'suppression.removed': yes('{actor} ended the suppression {title}[: {reason}]'),

  'person.created': yes('{actor} created the person {person}[ as {role}]'),
  'person.changed': yes('{actor} changed the person {person}[: {what}]'),
  'person.signed_in': yes('{actor} signed in[ from {peer}]'),
  'person.break_glass': no('{actor} signed in with a break-glass account[ from {peer}]; every admin is told'),
  'person.proven': yes('{actor} gave their password again[ from {peer}]'),
  'person.sign_in_failed': no('A sign-in failed[ as {login}][ from {peer}][: {reason}]'),
  'person.signed_out': yes('{actor} signed out'),
  'person.password_changed': yes('{actor} changed the password[ of {person}]'),
  'person.password_reset': yes('{actor} gave {person} a one-time password[ {how}]; their sessions ended'),
  'person.locked': no('{person} is locked after too many failed sign-ins'),
  'access.denied': no('{actor} was refused {what}[: {reason}]'),
  'page.acknowledged': yes('{actor} has the page {page}'),
  'page.resolved': yes('{actor} resolved the page {page}'),
  'identity.bound': yes('{actor} confirmed that {identity} is theirs'),
  'identity.unbound': yes('{actor} took back that {identity} is theirs'),
  'token.created': yes('{actor} created the API token {token}[ for {scopes}]'),
  'token.revoked': yes('{actor} revoked the API token {token}'),

  'delegation.made': yes('{actor} lets {delegate} decide in their stead[ from {from}][ until {until}][: {reason}]'),
  'delegation.ended': yes('{actor} ended the delegation {delegation}[ to {delegate}]'),

  'schedule.paused': yes('the schedule {schedule} was paused[ by {actor}][: {reason}]'),
  'schedule.resumed': yes('the schedule {schedule} goes on[: resumed by {actor}][: {reason}]'),
  'playbook.drafted': yes('{playbook} version {version} was drafted[ by {actor}]'),
  'playbook.rolled_back': yes('{playbook} went back to version {version}[ by {actor}][: {reason}]'),
  'playbook.published': yes('{playbook} version {version} was published[ by {actor}]'),
  'playbook.refused': no('{path} was not published[: {reason}]'),
  'playbook.mode_changed': yes('{actor} set {playbook} to {mode}'),
  'policy.limit_full': no('The limit {limit} was reached: {atMost} already[; {key} had to ask or was denied]'),
  'policy.changed': yes('{file} is in force as {digest}[, before as {from}]'),
  'policy.refused': no('{file}[ ({digest})] is not used, {inForce} stays in force[: {reason}]'),
  'entities.changed': yes('The entity inventory was changed[ by {source}][: {count} entries][, now {digest}][, before {was}]'),
  'entities.refused': no('{file}[ ({digest})] is not used, {inForce} stays in force[: {reason}]'),
  'incident.merged': yes('{actor} merged {incident} into {into}'),
  'incident.split': yes('{actor} split {incident}'),
  'incident.closed': yes('{actor} closed {incident}'),
  'connector.changed': yes('The connector {connector} is now {state}[: {reason}]'),
  'settings.changed': yes('{actor} changed the setting {setting}'),
  'audit.exported': yes('{actor} exported the audit log'),
  'events.exported': yes('{actor} exported events as {format}'),
  'evidence.exported': yes('{actor} took the evidence of incident {incident}'),
  'personal.erased': yes('{actor} erased personal data of {count} events'),
  'system.started': yes('Cordon {version} started'),
  'system.reconciled': yes('{actor} accepted the reconciliation report'),
} as const satisfies Readonly<Record<string, CodeRow>>;

export type AuditCode = keyof typeof AUDIT_CODES;

export function isAuditCode(code: string): code is AuditCode {
  return Object.hasOwn(AUDIT_CODES, code);
}
