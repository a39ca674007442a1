// What else there is: an alert in quarantine, a run that failed, playbooks, connectors, the audit.
import type { AlertDetail, AuditRow, ConnectorRow, PlaybookRow, RunDetail } from '../../server/contract.ts';
import { type Ago, DIGEST, step } from './world-parts.ts';

export function quarantinedAlert(ago: Ago): AlertDetail {
  return {
    id: 'alr_odd',
    source: 'plain',
    title: 'Not understood',
    severity: 'unknown',
    severity_id: 0,
    status: 'open',
    state: 'quarantined',
    quarantineReason: 'the member "id" stands twice',
    receivedAt: ago(3_700),
    seenCount: 1,
    runs: [],
    raw: '{"id":"a","id":"b","title":"two ids"}',
    decisions: [],
  };
}

export function failedRun(ago: Ago): RunDetail {
  return {
    id: 'run_failed',
    kind: 'playbook',
    playbook: 'phishing-report',
    title: 'Phishing report: Invoice overdue',
    severity_id: 3,
    state: 'failed',
    error: { code: 'TARGET_AMBIGUOUS', message: 'two mailboxes are called accounts@example.test; name one by its id', step: 'quarantine' },
    incidentId: 'inc_malware',
    startedBy: 'Sam Okafor',
    reason: 'started by hand',
    createdAt: ago(90_000),
    startedAt: ago(90_000),
    endedAt: ago(89_996),
    activeHolds: 0,
    planDigest: DIGEST,
    inputs: {},
    joins: [],
    holds: [],
    approvals: [],
    plan: [
      { id: 'quarantine', kind: 'do', verb: 'mail.quarantine', depth: 0 },
      { id: 'tell', kind: 'do', verb: 'notify.message', depth: 0 },
    ],
    loops: [],
    steps: [
      step({
        key: 'quarantine',
        stepId: 'quarantine',
        verb: 'mail.quarantine',
        says: 'Quarantine “Invoice overdue”',
        connector: 'practice-mail',
        state: 'ended',
        outcome: 'failed',
        startedAt: ago(89_998),
        endedAt: ago(89_996),
        error: { code: 'TARGET_AMBIGUOUS', message: 'two mailboxes are called accounts@example.test; name one by its id' },
      }),
    ],
  };
}

export function playbooks(ago: Ago): PlaybookRow[] {
  const row = { owner: 'identity-response', digest: DIGEST, mode: 'act', publishedAt: ago(86_400) } as const;
  return [
    {
      ...row,
      playbook: 'contain-compromised-account',
      title: 'Contain a compromised account',
      description:
        'Disable the account, end its sessions, isolate the host, open a ticket; undo it all if the analyst finds a false positive.',
      version: 3,
      draft: 4,
      path: 'playbooks/compromised-account/playbook.yaml',
      triggers: ['alert from plain or okta, severity high or above', 'by hand'],
      inputs: {
        user: { type: 'user', list: false, optional: false, description: 'Whose account it is.' },
        hosts: { type: 'host', list: true, optional: true },
        days: { type: 'number', list: false, optional: false, default: 7 },
      },
    },
    {
      ...row,
      playbook: 'malware-on-host',
      title: 'Malware on a host',
      description: 'Isolate the host, open a ticket, ask for a verdict.',
      version: 1,
      mode: 'ask',
      path: 'playbooks/malware-host/playbook.yaml',
      triggers: ['alert from alertmanager, severity high or above'],
    },
    {
      ...row,
      playbook: 'phishing-report',
      title: 'Phishing report',
      description: 'Find the copies, quarantine them, tell the reporter.',
      version: 2,
      path: 'playbooks/phishing-report/playbook.yaml',
      triggers: ['alert from plain, when size(alert.messages) > 0'],
      fault: {
        path: 'playbooks/phishing-report/playbook.yaml',
        diagnostics: [
          {
            code: 'UNKNOWN_STEP',
            message: "step 'tell' needs 'triage', which does not exist",
            line: 31,
            column: 12,
            hint: "Did you mean 'triage-mail'?",
          },
        ],
      },
    },
  ];
}

export function connectors(ago: Ago): ConnectorRow[] {
  const row = { simulated: true, state: 'ok', checkedAt: ago(20) } as const;
  return [
    {
      ...row,
      id: 'practice-idp',
      type: 'practice-idp',
      title: 'Identity provider',
      verbs: ['user.lookup', 'user.disable', 'session.revoke'],
    },
    { ...row, id: 'practice-edr', type: 'practice-edr', title: 'Endpoint protection', verbs: ['host.lookup', 'host.isolate'] },
    {
      ...row,
      id: 'practice-mail',
      type: 'practice-mail',
      title: 'Mail store',
      verbs: ['mail.search', 'mail.quarantine'],
      state: 'failed',
      detail: 'connection refused; is the range running?',
    },
  ];
}

export function auditRows(ago: Ago): AuditRow[] {
  const row = (seq: number, says: string, actor: string, code: string): AuditRow => ({
    stream: 'run:run_malware',
    seq,
    at: ago(7_400 - seq),
    code,
    actor,
    says,
    hash: `${seq}f`.repeat(32),
  });
  return [
    row(4, 'Isolate wks-118: verified by reading back', 'worker', 'EFFECT_OUTCOME'),
    row(3, 'Isolate wks-118: intent, before anything is sent', 'worker', 'EFFECT_INTENT'),
    row(2, 'Policy allowed: tier-critical', 'worker', 'POLICY_DECIDED'),
    row(1, 'Run of malware-on-host began', 'dispatch', 'RUN_STARTED'),
  ];
}
