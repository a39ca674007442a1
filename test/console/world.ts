// What the fixture server knows: one alert of each kind, its runs, approvals and holds, typed by the contract. Instants are relative to `nowMs`.
import type {
  AlertDetail,
  ApprovalDetail,
  AuditRow,
  BoundIdentity,
  ConnectorRow,
  HoldRow,
  IncidentRow,
  Me,
  PersonRow,
  PlaybookRow,
  RunDetail,
  SuppressionRow,
  TokenRow,
  VersionRow,
  WaitingRun,
} from '../../server/contract.ts';
import { auditRows, connectors, failedRun, playbooks, quarantinedAlert } from './world-catalogue.ts';
import { hostileAlert, malwareHolds, malwareRun, questionApproval } from './world-malware.ts';
import { people, tokens } from './world-people.ts';
import { formApproval, rowsApproval } from './world-questions.ts';
import { suppressions, waits } from './world-quiet.ts';
import { travelAlert, travelApproval, travelItems, waitingRun } from './world-travel.ts';
import { versions } from './world-versions.ts';

export interface World {
  readonly nowMs: number;
  me: Me;
  signedIn: boolean;
  identities: readonly BoundIdentity[];
  password: string;
  people: PersonRow[];
  tokens: TokenRow[];
  /** The password was given long ago: managing people and tokens wants it once more. */
  isProofNeeded: boolean;
  frozen: boolean;
  alerts: AlertDetail[];
  runs: RunDetail[];
  approvals: ApprovalDetail[];
  holds: HoldRow[];
  incidents: IncidentRow[];
  suppressions: SuppressionRow[];
  waits: WaitingRun[];
  playbooks: PlaybookRow[];
  versions: VersionRow[];
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

export function makeWorld(nowMs: number): World {
  const ago = (seconds: number): string => new Date(nowMs - seconds * 1_000).toISOString();
  const items = travelItems();
  return {
    nowMs,
    me: { ...person, mustChangePassword: false },
    signedIn: true,
    identities: [],
    password: 'made-up-password',
    people: people(ago),
    tokens: tokens(ago),
    isProofNeeded: false,
    frozen: false,
    alerts: [travelAlert(ago), quarantinedAlert(ago), hostileAlert(ago)],
    runs: [waitingRun(ago), malwareRun(ago), failedRun(ago)],
    approvals: [travelApproval(ago, items), questionApproval(ago), formApproval(ago), rowsApproval(ago)],
    holds: malwareHolds(ago),
    suppressions: suppressions(ago),
    waits: waits(ago),
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
    versions: versions(ago),
    connectors: connectors(ago),
    audit: auditRows(ago),
    enabled: true,
    sessions: 3,
    online: true,
    sent: [],
  };
}
