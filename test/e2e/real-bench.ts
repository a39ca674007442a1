// A bench of the connectors' kit around a real product: a proxy on loopback that keeps the record and makes the faults.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Json } from '../../connectors/connector.ts';
import { ports } from '../../connectors/ports.ts';
import { openConnectors } from '../../connectors/registry.ts';
import { type Fault, faultList, openFaults } from '../../range/faults.ts';
import type { RecordLine } from '../../range/record.ts';
import type { Bench } from '../connectors/bench.ts';
import type { OpenBench } from '../connectors/kit.ts';

export interface RealProduct {
  /** As in the kit's subject. */
  readonly name: string;
  /** http://host:port */
  readonly origin: () => string;
  /** What a request would do; null for reads. */
  readonly word: (method: string, path: string) => string | null;
  /** Its state, asked of the product itself: equal before and after a request that changed nothing. */
  readonly observe: () => Promise<Json>;
  /** As it should be before each test. */
  readonly reset: () => Promise<void>;
  /** Of the connector, beside the subject's; made anew for each test. */
  readonly config?: () => Readonly<Record<string, unknown>>;
  readonly secret: () => string;
}

/** Instead of the kit's: a real product needs longer for an answer than a fake does. */
const TIMEOUT_MS = 6_000;
const ASK_EVERY_MS = 20;

export const openReal =
  (product: RealProduct): OpenBench =>
  async (subject, settings = {}) => {
    await product.reset();
    const proxy = await startRecordingProxy(product);
    const own = {
      ...subject.config,
      ...product.config?.(),
      ...settings,
      ...('timeoutMs' in settings ? { timeoutMs: TIMEOUT_MS } : {}),
    };
    const opened = openConnectors(
      [{ id: 'subject', type: subject.type, url: `${proxy.url}${subject.path ?? ''}`, ...own }],
      ports({
        guard: { addresses: { loopback: true } },
        secrets: { env: { SECRET: product.secret(), WRONG: 'made-up-wrong-secret' }, folder: '/nonexistent' },
      }),
    );
    const instance = opened.instances[0];
    if (instance === undefined) throw new Error('the subject did not open');
    // The proxy lives in this process: who asks for its record again and again must let it work in between.
    const record = async () => {
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      return proxy.lines;
    };
    const writes = async () => (await record()).filter((line) => line.effect !== null);
    return {
      instance,
      url: proxy.url,
      action: (verb) => {
        const action = opened.actionOf(instance, verb);
        if (action === undefined) throw new Error(`${subject.type} has no ${verb}`);
        return action;
      },
      record,
      writes,
      effects: async () => (await writes()).filter((line) => JSON.stringify(line.before) !== JSON.stringify(line.after)),
      fault: async (fault) => proxy.faults.put(faultList.parse(fault)),
      close: async () => {
        await opened.close();
        await proxy.close();
      },
    } satisfies Bench;
  };

async function startRecordingProxy(product: RealProduct) {
  const lines: RecordLine[] = [];
  const faults = openFaults();
  const server = createServer((incoming, outgoing) => {
    serve(product, faults.take, lines, incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    lines,
    faults,
    close: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Take = (product: string, effect: string | null, target: string | null) => Fault | undefined;

/** The same faults as the practice range's, with the same meaning. */
async function serve(product: RealProduct, take: Take, lines: RecordLine[], incoming: IncomingMessage, outgoing: ServerResponse) {
  const path = (incoming.url ?? '/').split('?')[0] ?? '/';
  const method = incoming.method ?? 'GET';
  const effect = product.word(method, path);
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const fault = take(product.name, effect, null);
  const isDropped = fault?.drop !== undefined || fault?.hang === true;
  const happens =
    fault === undefined || fault.landsAfterMs !== undefined || fault.drop === 'after' || (!isDropped && fault.status === undefined);
  if (fault?.landsAfterMs !== undefined) {
    outgoing.destroy();
    await new Promise((resolve) => setTimeout(resolve, fault.landsAfterMs));
  }
  const before = effect === null ? null : await product.observe();
  const answer = happens ? await forward(product.origin(), incoming, Buffer.concat(chunks)) : undefined;
  const after = effect === null ? null : await product.observe();
  const isSilent = fault?.landsAfterMs !== undefined || (isDropped && fault?.status === undefined);
  const status = isSilent ? null : (fault?.status ?? answer?.status ?? 502);
  lines.push({ at: new Date().toISOString(), product: product.name, method, path, key: null, effect, target: null, before, after, status });
  if (status === null) {
    if (fault?.hang !== true) outgoing.destroy();
    return;
  }
  if (fault?.status !== undefined) {
    outgoing.writeHead(fault.status, fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) });
    outgoing.end('{}');
    return;
  }
  outgoing.writeHead(status, answer?.headers);
  outgoing.end(answer?.body);
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

function forward(origin: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const onward = request(`${origin}${url ?? '/'}`, { method, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('end', () => {
        // Its length is known now, whatever way it came.
        const { 'transfer-encoding': _, ...rest } = answer.headers;
        resolve({ status: answer.statusCode ?? 502, headers: rest, body: Buffer.concat(parts) });
      });
      answer.once('error', reject);
    });
    onward.once('error', reject);
    onward.end(body);
  });
}
