// An effect that has ended as an OCSF Remediation Activity (class 7001). What only adds information, a ticket or a message, is no remediation.

/** An effect, or its undo, as the store has it. */
export interface EffectFacts {
  readonly run: string;
  readonly key: string;
  readonly generation: number;
  readonly verb: string;
  readonly connector: string | null;
  readonly entity: string | null;
  readonly entityName: string | null;
  readonly says: string | null;
  readonly outcome: string;
  readonly error: unknown;
  readonly before: unknown;
  readonly after: unknown;
  readonly rule: string | null;
  readonly approval: string | null;
  readonly incident: string;
  readonly alert: string | null;
  readonly startedBy: string;
  readonly severityId: number;
  readonly intentMs: number | null;
  readonly endedMs: number;
}

const CLASS = { category_uid: 7, class_uid: 7001 } as const;

/** By MITRE D3FEND's tactics, as OCSF numbers them. */
const ACTIVITIES = { isolate: [1, 'Isolate'], evict: [2, 'Evict'], restore: [3, 'Restore'] } as const;

const CUTS_OFF: ReadonlySet<string> = new Set(['isolate', 'quarantine', 'lock', 'block']);

/** OCSF's status: 0 Unknown · 1 Success · 2 Failure · 4 Partial · 99 Other, which says so in words. */
const STATUS: Readonly<Record<string, readonly [id: number, name: string]>> = {
  changed: [1, 'Success'],
  already: [1, 'Success'],
  failed: [2, 'Failure'],
  denied: [2, 'Failure'],
  expired: [2, 'Failure'],
  cancelled: [2, 'Failure'],
  unknown: [0, 'Unknown'],
};

export function remediationActivity(
  facts: EffectFacts,
  metadata: { readonly version: string; readonly product: object },
): Readonly<Record<string, unknown>> {
  const [, action = ''] = facts.verb.split('.');
  const [activity_id, activity_name] = ACTIVITIES[facts.generation > 0 ? 'restore' : CUTS_OFF.has(action) ? 'isolate' : 'evict'];
  const [status_id, status] = STATUS[facts.outcome] ?? [99, facts.outcome];
  const uid = `${facts.run}.${facts.key}.${facts.generation}`;
  return {
    ...CLASS,
    activity_id,
    activity_name,
    type_uid: CLASS.class_uid * 100 + activity_id,
    severity_id: facts.severityId,
    status_id,
    status,
    status_detail: facts.outcome,
    time: facts.endedMs,
    ...(facts.intentMs === null ? {} : { start_time: facts.intentMs }),
    end_time: facts.endedMs,
    message: facts.says ?? facts.verb,
    metadata: { ...metadata, uid, log_provider: facts.connector ?? 'cordon', correlation_uid: facts.incident },
    command_uid: uid,
    remediation: { desc: facts.says ?? facts.verb },
    observables:
      facts.entity === null
        ? []
        : [{ name: 'unmapped.entity', type_id: observableType(facts.entity), value: facts.entityName ?? facts.entity }],
    unmapped: {
      run: facts.run,
      step: facts.key,
      verb: facts.verb,
      connector: facts.connector,
      entity: facts.entity,
      outcome: facts.outcome,
      error: facts.error,
      before: facts.before,
      after: facts.after,
      rule: facts.rule,
      approval: facts.approval,
      alert: facts.alert,
      started_by: facts.startedBy,
    },
  };
}

/** OCSF's numbers: 1 Hostname, 2 IP address, 4 User name, 6 URL, 99 Other. */
function observableType(entity: string): number {
  const kinds: Readonly<Record<string, number>> = { host: 1, domain: 1, ip: 2, user: 4, url: 6 };
  return kinds[entity.split(':', 1)[0] ?? ''] ?? 99;
}
