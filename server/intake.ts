// From the bytes of a post to what became of it: who sent it, what it says, one commit.
import { createHash } from 'node:crypto';
import { entityKeys } from '../alerts/entities.ts';
import { normalise } from '../alerts/normalise.ts';
import { type Delivery, type Landed, takeDeliveries } from '../store/alerts.ts';
import type { Receipt } from './contract.ts';
import { hasCredential } from './credential.ts';
import type { ServerDeps, SourceConfig } from './deps.ts';
import { type IntakeQueue, intakeQueue } from './intake-queue.ts';
import type { Metrics } from './metrics.ts';
import { problem, tooMany } from './problems.ts';
import { type Bucket, fullBucket, type Rate, takeToken } from './rate-limit.ts';
import type { Refusals } from './refusals.ts';
import { hasTooManySignatures, isSigned } from './webhook-signature.ts';

export interface Post {
  readonly source: string;
  readonly body: Buffer;
  readonly contentType: string;
  /** The socket's, never a forwarded one. */
  readonly peer: string;
  readonly webhookId: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly authorization: string | undefined;
}

export interface Intake {
  take(post: Post): Promise<Receipt>;
  readonly queue: IntakeQueue;
}

const RATE: Rate = { perSecond: 500, burst: 5_000 };
const COMMIT_TIMEOUT_MS = 9_000;
/** Fits nothing. It makes an unknown source take as long as a wrong signature. */
const NO_SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;

export function intake(deps: ServerDeps, metrics: Metrics, refusals: Refusals): Intake {
  const sources = new Map(deps.sources.map((source) => [source.name, source]));
  const buckets = new Map<string, Bucket>();
  const queue = intakeQueue({
    commit: (batch) => takeDeliveries(deps.store.db, batch, deps.now()),
    committed: (count, tookMs) => {
      metrics.intakeCommitted(count, tookMs);
      deps.fail('intake.committed');
      deps.store.wake('outbox');
      deps.store.wake('alerts');
    },
    nowMs: () => performance.now(),
  });
  const take = async (post: Post): Promise<Receipt> => {
    if (hasTooManySignatures(post.signature)) throw problem('TOO_MANY_SIGNATURES', 'webhook-signature holds more than ten.');
    const source = await authenticate(post, sources.get(post.source), deps.now());
    if (!source) {
      refusals.note(post.peer, sources.has(post.source) ? post.source : 'unknown');
      metrics.intakePost(sources.has(post.source) ? post.source : 'unknown', 'refused');
      throw problem('SIGNATURE_REFUSED', 'The post is not signed by a source that is known here.');
    }
    limit(source, buckets, deps.now().getTime());
    const receipt = receiptOf(await inTime(queue.take(deliveryOf(post, source)), deps.commitTimeoutMs ?? COMMIT_TIMEOUT_MS));
    metrics.intakePost(source.name, receipt.status);
    return receipt;
  };
  return { take, queue };
}

/** A store that hangs is one that does not answer. Should the commit land after all, the sender's next try is a duplicate of it. */
async function inTime(landed: Promise<Landed>, limitMs: number): Promise<Landed> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(problem('STORE_UNAVAILABLE', 'The store did not answer in time; send it again.', { 'retry-after': '5' })),
      limitMs,
    );
  });
  return await Promise.race([landed, late]).finally(() => clearTimeout(timer));
}

/** The source that really sent it; undefined for an unknown one and for a wrong signature alike. */
async function authenticate(post: Post, source: SourceConfig | undefined, now: Date): Promise<SourceConfig | undefined> {
  const secrets = source ? await source.secrets() : [NO_SECRET];
  const signed = isSigned({ id: post.webhookId, timestamp: post.timestamp, signature: post.signature, body: post.body }, secrets, now);
  const known = source?.type === 'alertmanager' ? hasCredential(post.authorization, secrets) : signed;
  return known ? source : undefined;
}

/** Counted after the signature, so that a stranger cannot use up a source's share. */
function limit(source: SourceConfig, buckets: Map<string, Bucket>, nowMs: number): void {
  const rate = { perSecond: source.ratePerSecond ?? RATE.perSecond, burst: source.burst ?? RATE.burst };
  const taken = takeToken(buckets.get(source.name) ?? fullBucket(rate, nowMs), rate, nowMs);
  buckets.set(source.name, taken.bucket);
  if (!taken.ok) throw tooMany(`The source ${source.name} posts more than ${rate.perSecond} a second.`, taken.waitSeconds);
}

function deliveryOf(post: Post, source: SourceConfig): Delivery {
  const read = readBody(post.body, source);
  return {
    source: source.name,
    deliveryId: deliveryIdOf(post, source),
    contentType: post.contentType,
    raw: post.body,
    alerts: read.ok ? read.alerts.map((alert) => ({ alert, entities: entityKeys(alert) })) : [],
    quarantine: read.ok ? read.odd : [read.reason],
  };
}

/** Alertmanager names no delivery: the same group in the same state is the same bytes (its groupKey is among them). */
function deliveryIdOf(post: Post, source: SourceConfig): string {
  if (source.type !== 'alertmanager' && post.webhookId !== undefined) return post.webhookId;
  return createHash('sha256').update(post.body).digest('hex');
}

/** Bytes that are not UTF-8 are no text: a reader that replaces them would change what was signed. */
function readBody(body: Buffer, source: SourceConfig): ReturnType<typeof normalise> {
  try {
    return normalise(source.type, source.name, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return { ok: false, reason: 'not UTF-8' };
  }
}

function receiptOf(landed: Landed): Receipt {
  const { alerts } = landed;
  const first = alerts[0];
  if (!first) throw problem('INTERNAL', 'A post was stored without an alert.');
  const statuses = alerts.map((alert) => alert.status);
  const status = statuses.includes('accepted') ? 'accepted' : statuses.includes('quarantined') ? 'quarantined' : 'duplicate';
  return { id: first.id, status, ...(alerts.length > 1 ? { alerts } : {}) };
}
