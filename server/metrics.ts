// Prometheus metrics of this process, in a registry of their own so that two servers in one process do not mix.
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  intakePost(source: string, result: string): void;
  intakeCommitted(count: number, tookMs: number): void;
  request(method: string, route: string, status: number, tookSeconds: number): void;
  /** The text of `/metrics`; `counts` are read from the store just before. */
  text(counts: Readonly<Record<string, number>>): Promise<{ readonly type: string; readonly body: string }>;
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export function metrics(queueDepth: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const posts = new Counter({
    name: 'cordon_intake_posts_total',
    help: 'Posts of alerts by what became of them.',
    labelNames: ['source', 'result'],
    registers,
  });
  const commits = new Histogram({ name: 'cordon_intake_commit_seconds', help: 'Transactions of the intake.', buckets: SECONDS, registers });
  const batch = new Histogram({
    name: 'cordon_intake_batch_posts',
    help: 'Posts in one transaction.',
    buckets: [1, 2, 4, 8, 16, 32, 64],
    registers,
  });
  const requests = new Histogram({
    name: 'cordon_http_request_seconds',
    help: 'Requests by route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers,
  });
  new Gauge({
    name: 'cordon_intake_waiting_posts',
    help: 'Posts that wait for their commit.',
    registers,
    collect() {
      this.set(queueDepth());
    },
  });
  const stored = new Gauge({ name: 'cordon_store_items', help: 'Items in the store that are open.', labelNames: ['kind'], registers });
  return {
    intakePost: (source, result) => posts.inc({ source, result }),
    intakeCommitted: (count, tookMs) => {
      commits.observe(tookMs / 1000);
      batch.observe(count);
    },
    request: (method, route, status, tookSeconds) => requests.observe({ method, route, status: String(status) }, tookSeconds),
    async text(counts) {
      for (const [kind, count] of Object.entries(counts)) stored.set({ kind }, count);
      return { type: registry.contentType, body: await registry.metrics() };
    },
  };
}
