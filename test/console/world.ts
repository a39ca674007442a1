// What the fixture server knows: one alert of each kind, its runs, approvals and holds, typed by the contract. Instants are relative to `nowMs`.
import type {
  AlertDetail,
  ApprovalDetail,
  ApprovalItem,
  AuditRow,
  ConnectorRow,
  HoldRow,
  IncidentRow,
  Me,
  PlaybookRow,
  RunDetail,
  StepRow,
} from '../../server/contract.ts';

export interface World {
  readonly nowMs: number;
  me: Me;
  signedIn: boolean;
  password: string;
  frozen: boolean;
  alerts: AlertDetail[];
  runs: RunDetail[];
  approvals: ApprovalDetail[];
  holds: HoldRow[];
  incidents: IncidentRow[];
  playbooks: PlaybookRow[];
  connectors: ConnectorRow[];
  audit: AuditRow[];
  /** The range: what the live panel shows. */
  enabled: boolean;
  sessions: number;
  online: boolean;
  /** What was sent, in order: the tests' outside ledger. */
  sent: { readonly method: string; readonly path: string; readonly body: unknown }[];
}

export const MADE_UP_ONE_TIME = 'made-up-one-time';

const person = { id: 'usr_owner', name: 'Sam Okafor', login: 'owner', role: 'admin', scopes: [] } as const;
const DIGEST = '4f2a90c1d7e84b5e9a0c66d1f2b3a4958c7d6e5f40312233445566778899aabb';

export function makeWorld(nowMs: number): World {
  const ago = (seconds: number): string => new Date(nowMs - seconds * 1_000).toISOString();
  const items = travelItems();
  return {
    nowMs,
    me: { ...person, mustChangePassword: false },
    signedIn: true,
    password: 'made-up-password',
    frozen: false,
    alerts: [travelAlert(ago), quarantinedAlert(ago), hostileAlert(ago)],
    runs: [waitingRun(ago), malwareRun(ago), failedRun(ago)],
    approvals: [travelApproval(ago, items), questionApproval(ago)],
    holds: malwareHolds(ago),
    incidents: [
      {
        id: 'inc_travel',
        title: 'Impossible travel for Eve Adams',
        severity_id: 4,
        state: 'open',
        openedAt: ago(140),
        updatedAt: ago(90),
        entities: ['user:user-007', 'host:wks-007', 'ip:203.0.113.50'],
        alerts: 1,
        runs: 1,
      },
      {
        id: 'inc_malware',
        title: 'Malware on wks-118',
        severity_id: 5,
        state: 'open',
        openedAt: ago(7_400),
        updatedAt: ago(7_000),
        entities: ['host:wks-118', 'host:wks-204'],
        alerts: 2,
        runs: 2,
      },
    ],
    playbooks: playbooks(ago),
    connectors: connectors(ago),
    audit: auditRows(ago),
    enabled: true,
    sessions: 3,
    online: true,
    sent: [],
  };
}

type Ago = (seconds: number) => string;

function travelItems(): ApprovalItem[] {
  const user = {
    entity: 'user:user-007',
    entityName: 'Eve Adams',
    owner: 'Finance',
    criticality: 'high',
    tags: ['finance', 'payroll-approver'],
    dependents: ['payroll'],
  };
  const ask = { effect: 'ask', rule: 'tier-reversible', reason: 'what can be undone asks one responder when severity is high' } as const;
  return [
    {
      ...user,
      key: 'contain/disable',
      says: 'Disable Eve Adams (user-007)',
      saysUndo: 'Enable Eve Adams (user-007)',
      verb: 'user.disable',
      risk: 'reversible',
      connector: 'practice-idp',
      simulated: true,
      why: 'Impossible travel for Eve Adams',
      params: { user: { id: 'user-007' } },
      before: { enabled: true },
      policy: ask,
    },
    {
      ...user,
      key: 'contain/sessions',
      says: 'End 3 sessions of Eve Adams',
      verb: 'session.revoke',
      risk: 'destructive',
      connector: 'practice-idp',
      simulated: true,
      params: { user: { id: 'user-007' } },
      before: { sessions: 3 },
      policy: { effect: 'ask', rule: 'tier-destructive', reason: 'what cannot be taken back asks one responder with a reason' },
    },
    {
      key: 'contain/isolate',
      says: 'Isolate wks-007',
      saysUndo: 'Release wks-007',
      verb: 'host.isolate',
      risk: 'reversible',
      connector: 'practice-edr',
      simulated: true,
      entity: 'host:wks-007',
      entityName: 'wks-007',
      owner: 'Workplace IT',
      criticality: 'medium',
      tags: ['laptop'],
      dependents: [],
      params: { host: { id: 'wks-007' } },
      before: { isolated: false, online: true },
      policy: ask,
    },
  ];
}

function travelApproval(ago: Ago, items: readonly ApprovalItem[]): ApprovalDetail {
  return {
    id: 'apr_travel',
    kind: 'approval',
    state: 'open',
    title: 'Disable Eve Adams (user-007), end 3 sessions of Eve Adams, isolate wks-007',
    runId: 'run_travel',
    playbook: 'contain-compromised-account',
    incidentId: 'inc_travel',
    alertId: 'alr_travel',
    severity_id: 4,
    stepId: 'contain',
    round: 0,
    openedAt: ago(95),
    expiresAt: ago(-761),
    requirement: {
      count: 1,
      roles: ['responder', 'admin'],
      reasons: [{ rule: 'tier-reversible', reason: 'what can be undone asks one responder when severity is high' }],
    },
    given: 0,
    mayDecide: true,
    items,
    digest: DIGEST,
    silence: 'denied',
    alert: {
      id: 'alr_travel',
      title: 'Impossible travel: Oslo to Lagos in 22 minutes',
      message: 'Sign-in of eve.adams@example.test from 203.0.113.50 (Lagos), 22 minutes after Oslo. User agent changed.',
      source: 'plain',
    },
    reason: 'ip.reputation of 203.0.113.50 is 82 of 100 (malicious); the playbook contains the account below 90 only with approval',
    decisions: [],
    effects: [],
  };
}

function questionApproval(ago: Ago): ApprovalDetail {
  return {
    id: 'apr_question',
    kind: 'question',
    state: 'open',
    title: 'Is the malware on wks-118 a true positive?',
    runId: 'run_malware',
    playbook: 'malware-on-host',
    incidentId: 'inc_malware',
    alertId: 'alr_hostile',
    severity_id: 5,
    stepId: 'verdict',
    round: 0,
    openedAt: ago(6_900),
    expiresAt: ago(-21_900),
    requirement: { count: 1, roles: ['analyst', 'responder', 'admin'], reasons: [] },
    given: 0,
    mayDecide: true,
    items: [],
    digest: 'made-up-digest-of-the-question',
    choices: ['true-positive', 'false-positive'],
    silence: 'true-positive',
    alert: { id: 'alr_hostile', title: 'Malware on wks-118', source: 'alertmanager' },
    reason: 'The host is isolated and a ticket is open; what was done is undone on a false positive',
    decisions: [],
    effects: [],
  };
}

function travelAlert(ago: Ago): AlertDetail {
  const body = {
    source: 'plain',
    uid: 'travel-1',
    title: 'Impossible travel: Oslo to Lagos in 22 minutes',
    severity: 'high',
    severity_id: 4,
    status: 'open',
    time: ago(150),
    message: 'Sign-in of eve.adams@example.test from 203.0.113.50 (Lagos), 22 minutes after Oslo. User agent changed.',
    users: [{ id: 'user-007', name: 'Eve Adams', email: 'eve.adams@example.test' }],
    hosts: [{ id: 'wks-007', name: 'wks-007' }],
    ips: ['203.0.113.50'],
    domains: [],
    urls: [],
    files: [],
    messages: [],
    data: { rule: 'impossible-travel', distance_km: 5_400 },
  };
  return {
    id: 'alr_travel',
    source: 'plain',
    title: body.title,
    severity: 'high',
    severity_id: 4,
    status: 'open',
    state: 'accepted',
    receivedAt: ago(140),
    seenCount: 2,
    incidentId: 'inc_travel',
    runs: [{ id: 'run_travel', playbook: 'contain-compromised-account', state: 'waiting' }],
    body,
    raw: JSON.stringify(body, null, 2),
    decisions: [
      { playbook: 'phishing-report', decision: 'no_match', reason: 'the alert names no message', at: ago(139) },
      {
        playbook: 'contain-compromised-account',
        decision: 'start',
        reason: 'source plain, severity high, one user and one address are named',
        runId: 'run_travel',
        at: ago(139),
      },
      { playbook: 'malware-on-host', decision: 'no_match', reason: 'the alert names no file', at: ago(139) },
    ],
  };
}

function quarantinedAlert(ago: Ago): AlertDetail {
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

/** Its words try what an attacker would: markup, direction overrides, a very long word. */
export const HOSTILE_TITLE = '<img src=x onerror=alert(1)> \u202Egnp.exe on wks-118 {{constructor.constructor("alert(1)")()}}';

function hostileAlert(ago: Ago): AlertDetail {
  return {
    id: 'alr_hostile',
    source: 'alertmanager',
    title: HOSTILE_TITLE,
    severity: 'critical',
    severity_id: 5,
    status: 'open',
    state: 'accepted',
    receivedAt: ago(7_400),
    seenCount: 1_204,
    incidentId: 'inc_malware',
    runs: [{ id: 'run_malware', playbook: 'malware-on-host', state: 'waiting' }],
    body: {
      title: HOSTILE_TITLE,
      message: `</script><script>alert(1)</script> ${'A'.repeat(400)}`,
      hosts: [{ id: 'wks-118', name: 'wks-118', ip: '198.51.100.118' }],
      urls: ['javascript:alert(1)'],
      data: { labels: { severity: 'critical', job: 'edr' } },
    },
    raw: '{"labels":{"severity":"critical"}}',
    decisions: [
      {
        playbook: 'malware-on-host',
        decision: 'start',
        reason: 'source alertmanager, severity critical, one host is named',
        runId: 'run_malware',
        at: ago(7_399),
      },
    ],
  };
}

const step = (more: Partial<StepRow> & Pick<StepRow, 'key' | 'stepId' | 'state' | 'startedAt'>): StepRow => ({
  generation: 0,
  kind: 'do',
  input: {},
  recovered: false,
  attempts: 1,
  ...more,
});

const plan: RunDetail['plan'] = [
  { id: 'reputation', kind: 'do', verb: 'ip.reputation', depth: 0 },
  { id: 'contain', kind: 'group', depth: 0 },
  { id: 'disable', kind: 'do', verb: 'user.disable', depth: 1 },
  { id: 'sessions', kind: 'do', verb: 'session.revoke', depth: 1 },
  { id: 'isolate', kind: 'do', verb: 'host.isolate', depth: 1 },
  { id: 'ticket', kind: 'do', verb: 'ticket.open', depth: 0 },
  { id: 'verdict', kind: 'ask', note: 'Is this a true positive?', depth: 0 },
];

function waitingRun(ago: Ago): RunDetail {
  return {
    id: 'run_travel',
    kind: 'playbook',
    playbook: 'contain-compromised-account',
    title: 'Contain a compromised account: Eve Adams',
    severity_id: 4,
    state: 'waiting',
    alertId: 'alr_travel',
    incidentId: 'inc_travel',
    startedBy: 'trigger',
    reason: 'source plain, severity high, one user and one address are named',
    createdAt: ago(139),
    startedAt: ago(138),
    activeHolds: 0,
    waiting: {
      on: 'approval',
      detail: 'Disable Eve Adams (user-007), end 3 sessions, isolate wks-007',
      since: ago(95),
      until: ago(-761),
      approvalId: 'apr_travel',
    },
    planDigest: DIGEST,
    inputs: { user: { id: 'user-007', name: 'Eve Adams' }, ip: '203.0.113.50' },
    joins: [{ alertId: 'alr_travel', title: 'again', at: ago(60) }],
    holds: [],
    approvals: [],
    plan,
    steps: [
      step({
        key: 'reputation',
        stepId: 'reputation',
        verb: 'ip.reputation',
        connector: 'practice-reputation',
        entity: 'ip:203.0.113.50',
        entityName: '203.0.113.50',
        state: 'ended',
        outcome: 'changed',
        startedAt: ago(137),
        endedAt: ago(136.7),
        input: { ip: '203.0.113.50' },
        output: { score: 82, verdict: 'malicious' },
      }),
      step({
        key: 'contain',
        stepId: 'contain',
        kind: 'gate',
        says: 'Disable Eve Adams (user-007), end 3 sessions, isolate wks-007',
        state: 'waiting',
        waitingOn: 'approval',
        waitingUntil: ago(-761),
        approvalId: 'apr_travel',
        startedAt: ago(95),
      }),
    ],
  };
}

function malwareRun(ago: Ago): RunDetail {
  const holds = malwareHolds(ago);
  const done = { state: 'ended', outcome: 'changed', connector: 'practice-edr', verb: 'host.isolate' } as const;
  return {
    id: 'run_malware',
    kind: 'playbook',
    playbook: 'malware-on-host',
    title: 'Malware on wks-118',
    severity_id: 5,
    state: 'waiting',
    alertId: 'alr_hostile',
    incidentId: 'inc_malware',
    startedBy: 'trigger',
    reason: 'source alertmanager, severity critical, one host is named',
    createdAt: ago(7_399),
    startedAt: ago(7_398),
    activeHolds: 1,
    waiting: {
      on: 'question',
      detail: 'Is the malware on wks-118 a true positive?',
      since: ago(6_900),
      until: ago(-21_900),
      approvalId: 'apr_question',
    },
    planDigest: DIGEST,
    inputs: { host: { id: 'wks-118' } },
    joins: [],
    holds,
    approvals: [],
    plan: [
      { id: 'isolate', kind: 'do', verb: 'host.isolate', depth: 0 },
      { id: 'neighbour', kind: 'do', verb: 'host.isolate', depth: 0 },
      { id: 'ticket', kind: 'do', verb: 'ticket.open', depth: 0 },
      { id: 'verdict', kind: 'ask', note: 'Is this a true positive?', depth: 0 },
      { id: 'undo', kind: 'undo', note: 'Undo all on a false positive', depth: 0 },
    ],
    steps: [
      step({
        ...done,
        key: 'isolate',
        stepId: 'isolate',
        says: 'Isolate wks-118',
        why: 'A known dropper ran',
        entity: 'host:wks-118',
        entityName: 'wks-118',
        startedAt: ago(7_390),
        endedAt: ago(7_386.4),
        input: { host: { id: 'wks-118' } },
        before: { isolated: false, online: true },
        after: { isolated: true, online: true },
        output: { isolated: true },
        attempts: 2,
        decision: { effect: 'allow', rule: 'tier-critical', reason: 'severity is critical, the host is not protected' },
      }),
      step({
        ...done,
        key: 'neighbour',
        stepId: 'neighbour',
        says: 'Isolate wks-204',
        entity: 'host:wks-204',
        entityName: 'wks-204',
        outcome: 'unverified',
        startedAt: ago(7_380),
        endedAt: ago(7_259),
        input: { host: { id: 'wks-204' } },
        before: { isolated: false },
        after: { isolated: false },
        error: { code: 'NOT_READ_BACK', message: 'the product took it, but still says that the host is not isolated after 2 min' },
      }),
      step({
        key: 'ticket',
        stepId: 'ticket',
        verb: 'ticket.open',
        says: 'Open a ticket: Malware on wks-118',
        connector: 'practice-tickets',
        state: 'ended',
        outcome: 'changed',
        startedAt: ago(7_258),
        endedAt: ago(7_257.6),
        output: { ticket: 'T-1041' },
      }),
      step({
        key: 'verdict',
        stepId: 'verdict',
        kind: 'ask',
        says: 'Is the malware on wks-118 a true positive?',
        state: 'waiting',
        waitingOn: 'question',
        waitingUntil: ago(-21_900),
        approvalId: 'apr_question',
        startedAt: ago(6_900),
      }),
    ],
  };
}

function failedRun(ago: Ago): RunDetail {
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

function malwareHolds(ago: Ago): HoldRow[] {
  const hold = {
    verb: 'host.isolate',
    connector: 'practice-edr',
    simulated: true,
    runId: 'run_malware',
    incidentId: 'inc_malware',
    recovered: false,
  } as const;
  return [
    {
      ...hold,
      id: 'hld_118',
      entity: 'host:wks-118',
      entityName: 'wks-118',
      stepId: 'isolate',
      state: 'active',
      saysUndo: 'Release wks-118',
      placedAt: ago(7_386),
      expiresAt: ago(-79_000),
      onExpiry: 'ask',
    },
    {
      ...hold,
      id: 'hld_204',
      entity: 'host:wks-204',
      entityName: 'wks-204',
      stepId: 'neighbour',
      state: 'debt',
      saysUndo: 'Release wks-204',
      placedAt: ago(7_259),
      debtReason: 'isolating could not be read back',
      debtOwner: 'endpoint-response',
    },
    {
      ...hold,
      id: 'hld_031',
      entity: 'user:user-031',
      entityName: 'Noor Haddad',
      verb: 'user.disable',
      connector: 'practice-idp',
      stepId: 'disable',
      state: 'active',
      saysUndo: 'Enable Noor Haddad (user-031)',
      placedAt: ago(200_000),
      expiresAt: ago(-1_900),
      onExpiry: 'release',
    },
  ];
}

function playbooks(ago: Ago): PlaybookRow[] {
  const row = { owner: 'identity-response', digest: DIGEST, mode: 'act', publishedAt: ago(86_400) } as const;
  return [
    {
      ...row,
      playbook: 'contain-compromised-account',
      title: 'Contain a compromised account',
      description:
        'Disable the account, end its sessions, isolate the host, open a ticket; undo it all if the analyst finds a false positive.',
      version: 3,
      path: 'playbooks/compromised-account/playbook.yaml',
      triggers: ['alert from plain or okta, severity high or above', 'by hand'],
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

function connectors(ago: Ago): ConnectorRow[] {
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

function auditRows(ago: Ago): AuditRow[] {
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
