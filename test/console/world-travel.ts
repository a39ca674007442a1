// The travel alert: its run waits for an approval over a group of three effects.
import type { AlertDetail, ApprovalDetail, ApprovalItem, RunDetail } from '../../server/contract.ts';
import { type Ago, DIGEST, step } from './world-parts.ts';

export function travelItems(): ApprovalItem[] {
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

export function travelApproval(ago: Ago, items: readonly ApprovalItem[]): ApprovalDetail {
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
    addressedTo: ['the role responder'],
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

export function travelAlert(ago: Ago): AlertDetail {
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

const plan: RunDetail['plan'] = [
  { id: 'reputation', kind: 'do', verb: 'ip.reputation', depth: 0 },
  { id: 'contain', kind: 'group', depth: 0 },
  { id: 'disable', kind: 'do', verb: 'user.disable', depth: 1 },
  { id: 'sessions', kind: 'do', verb: 'session.revoke', depth: 1 },
  { id: 'isolate', kind: 'do', verb: 'host.isolate', depth: 1 },
  { id: 'ticket', kind: 'do', verb: 'ticket.open', depth: 0 },
  { id: 'verdict', kind: 'ask', note: 'Is this a true positive?', depth: 0 },
];

export function waitingRun(ago: Ago): RunDetail {
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
