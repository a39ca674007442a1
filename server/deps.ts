// What the server is given. It reads no files and no environment of its own.
import type { FastifyBaseLogger } from 'fastify';
import type { SourceType } from '../alerts/normalise.ts';
import type { Directory } from '../policy/addressed.ts';
import type { Inventory } from '../policy/inventory.ts';
import type { Policy } from '../policy/policy.ts';
import type { SignDigest, VerifySignature } from '../store/checkpoint.ts';
import type { Store } from '../store/store.ts';
import type { FindEntities } from './name-entities.ts';

export interface SourceConfig {
  /** As in `/hooks/<name>`: a to z, 0 to 9, `-`. */
  readonly name: string;
  readonly type: SourceType;
  /** Two at once while one is being replaced. `whsec_…` for signed sources; a bearer token or Basic password for Alertmanager. */
  readonly secrets: () => Promise<readonly string[]>;
  /** Posts a second that are taken over time, and at once. Default 500 and 5,000. */
  readonly ratePerSecond?: number;
  readonly burst?: number;
}

/** For the checkpoints of the audit log, and for bundles of evidence. */
interface AuditSigner {
  readonly sign: SignDigest;
  /** PEM: all that is needed to check elsewhere. */
  readonly publicKey: string;
  readonly verify: VerifySignature;
}

/** What policy knows, to tell people what it would decide. The decision that counts is made at the effect. */
export interface PolicyInForce {
  readonly policy: () => Policy;
  readonly inventory: () => Inventory;
  readonly ourselves: () => readonly string[];
}

export interface Publishing {
  /** folder: a folder (a git checkout) is the truth · store: what people publish here · both. */
  readonly from: 'folder' | 'store' | 'both';
  readonly secondPerson: boolean;
}

/** intake: what a balancer asks before it sends alerts here · runs: what is done with them. */
export type Readiness = 'intake' | 'runs';

export interface ServerDeps {
  /** Absent in a process that has no policy of its own. */
  readonly policyInForce?: PolicyInForce;
  readonly store: Store;
  readonly sources: readonly SourceConfig[];
  readonly log: FastifyBaseLogger;
  readonly now: () => Date;
  /** Crash points of the fault tests; does nothing otherwise. */
  readonly fail: (point: string) => void;
  /** Folder of the built console; absent: no console is served. */
  readonly consoleDir?: string;
  /** Where people open the console when it is not where this listens: a proxy stands in front. */
  readonly publicUrl?: string;
  /** HTTPS stands in front: cookies are Secure, HSTS is sent. */
  readonly secureCookies: boolean;
  /** Trial form only: address of the practice range, for the live panel. */
  readonly rangeUrl?: string;
  /** What beside the store is missing, in a word, for alerts and decisions to be taken, or for runs to go on; undefined: nothing. */
  readonly ready: (what: Readiness) => Promise<string | undefined>;
  readonly version: string;
  readonly audit: AuditSigner;
  /** Looks people and hosts up in the connected products, for those who start a run by hand. */
  readonly findEntities?: FindEntities;
  /** Where playbooks come from, and whether who wrote one may put it in force alone. Default: from both, and yes. */
  readonly publishing?: Publishing;
  /** Connectors whose buttons people press elsewhere, with the secrets that their posts are signed by. */
  readonly clicks?: readonly { readonly connector: string; readonly secrets: () => Promise<readonly string[]> }[];
  /** No recipient of pages is configured: what needs a person only stands here. */
  readonly wakesNobody?: boolean;
  /** Groups and rotas that playbooks put questions to. */
  readonly directory?: Directory;
  /** How long a granted approval may wait for its effect, ms. Default 1 h. */
  readonly approvalUseByMs?: number;
  /** A hold that is renewed beyond this, counted from its beginning, needs a second person, ms; read at each use. Default 7 days. */
  readonly confirmRenewalAfterMs?: () => number;
  /** How long a post waits for its commit before its sender is told to come back, ms. Default 9,000: Alertmanager gives up after 10 s. */
  readonly commitTimeoutMs?: number;
  /** A request must be here within this time, its headers within half of it, ms. Default 20,000. */
  readonly requestTimeoutMs?: number;
  /** Connections at once; three quarters of them may wait with their request, beyond, the one that has waited longest is closed. Default 2,000. */
  readonly maxConnections?: number;
  /** Mode of a playbook that is published for the first time. Default observe: trust is earned on real alerts. */
  readonly firstMode?: 'observe' | 'ask' | 'act';
}
