// The practice range: other people's products, faked well enough to practise on, on one loopback port.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { directory, live } from './directory.ts';
import { faultList, openFaults } from './faults.ts';
import type { Product } from './product.ts';
import { PRODUCTS } from './products.ts';
import { fileRecord, memoryRecord, type RangeRecord } from './record.ts';
import { Refused, type Request, readJson, sendJson, toRequest } from './request.ts';
import { answerProduct, type Serving } from './serve.ts';
import { openState, RESET } from './state.ts';

export interface RangeOptions {
  /** 0: any free one. */
  readonly port: number;
  /** Where the record is kept. Absent: in memory. */
  readonly folder?: string;
  /** Bearer token of each product. */
  readonly tokens: Readonly<Record<string, string>>;
  /** How long the EDR takes to make an accepted isolation true, ms. Default 50. */
  readonly settleMs?: number;
  readonly products?: readonly Product[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly now?: () => number;
}

export interface Range {
  readonly url: string;
  readonly port: number;
  readonly close: () => Promise<void>;
  /** Everything as it was at the beginning; the record notes it and goes on. */
  readonly reset: () => void;
}

const DEFAULT_SETTLE_MS = 50;

/** Listens on 127.0.0.1 only. Throws in production, and when the port is taken. */
export async function startRange(options: RangeOptions): Promise<Range> {
  const env = options.env ?? process.env;
  if (env.NODE_ENV === 'production' || env.CORDON_MODE === 'production') {
    throw new Error(
      'RANGE_IN_PRODUCTION: the practice range does not start in production (NODE_ENV, CORDON_MODE). Connect real products instead.',
    );
  }
  const now = options.now ?? Date.now;
  const products = options.products ?? PRODUCTS;
  const state = openState(products, now());
  const record = options.folder === undefined ? memoryRecord() : fileRecord(options.folder, state.replay);
  const serving: Serving = {
    products,
    state,
    record,
    faults: openFaults(),
    tokens: options.tokens,
    settleMs: options.settleMs ?? DEFAULT_SETTLE_MS,
    now,
    timers: new Set(),
  };
  const reset = () => resetAll(serving);
  const server = createServer((request, response) => {
    handle(serving, request, response, reset).catch((error: unknown) => {
      if (error instanceof Refused) sendJson(response, error.status, { error: error.message });
      else response.destroy();
    });
  });
  server.keepAliveTimeout = 30_000;
  const port = await listen(server, options.port);
  const close = async () => {
    for (const timer of serving.timers) clearTimeout(timer);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    record.close();
  };
  return { url: `http://127.0.0.1:${port}`, port, close, reset };
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) =>
      reject(
        new Error(
          `RANGE_PORT: the practice range cannot listen on 127.0.0.1:${port} (${error.message}). Set CORDON_RANGE_PORT to a free port.`,
        ),
      ),
    );
    // A TCP server's address is an AddressInfo.
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function resetAll({ state, record, faults, now }: Serving): void {
  for (const line of [
    {
      at: new Date(now()).toISOString(),
      product: 'range',
      method: 'POST',
      path: '/reset',
      key: null,
      effect: RESET,
      target: null,
      before: null,
      after: null,
      status: 204,
    },
  ])
    record.append(line);
  state.reset();
  faults.put([]);
}

async function handle(serving: Serving, incoming: IncomingMessage, response: ServerResponse, reset: () => void): Promise<void> {
  const request = toRequest(incoming);
  const [, first = ''] = request.path.split('/');
  const product = serving.products.find((each) => each.name === first);
  if (product !== undefined) return answerProduct(serving, product, request, response);
  return control(serving, request, response, reset);
}

/** The range's own doors: for tests and for the console. */
async function control(serving: Serving, request: Request, response: ServerResponse, reset: () => void): Promise<void> {
  switch (`${request.method} ${request.path}`) {
    case 'GET /record':
      return sendRecord(serving.record, response);
    case 'GET /directory':
      return sendJson(response, 200, directory(serving));
    case 'GET /live':
      return sendJson(response, 200, live(serving, request.query));
    case 'GET /faults':
      return sendJson(response, 200, [...serving.faults.list()]);
    case 'PUT /faults': {
      const wanted = faultList.safeParse(await readJson(request));
      if (!wanted.success)
        throw new Refused(400, `BAD_FAULTS: ${wanted.error.issues.map((each) => `${each.path.join('.')} ${each.message}`).join('; ')}`);
      serving.faults.put(wanted.data);
      return sendJson(response, 200, [...wanted.data]);
    }
    case 'POST /reset':
      reset();
      return sendJson(response, 204);
    default:
      throw new Refused(404, 'The practice range has no such page. Try /directory, /record, /live or one of its products.');
  }
}

function sendRecord(record: RangeRecord, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  record.stream().pipe(response);
}
