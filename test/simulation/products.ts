// The practice range without sockets, on the simulation's clock: each request takes a moment, and may fail as products do.
import { Readable } from 'node:stream';
import type { Ports } from '../../connectors/connector.ts';
import type { HttpAnswer, HttpOptions, HttpRequest } from '../../connectors/http.ts';
import { brokenFailure, statusFailure } from '../../connectors/http-failure.ts';
import { secretValues } from '../../connectors/http-headers.ts';
import { fillPath } from '../../connectors/path-template.ts';
import { Secret } from '../../connectors/secret.ts';
import { openFaults } from '../../range/faults.ts';
import { matchRoute } from '../../range/product.ts';
import { PRODUCTS } from '../../range/products.ts';
import type { RecordLine } from '../../range/record.ts';
import { answerProduct, type Serving } from '../../range/serve.ts';
import { openState } from '../../range/state.ts';
import type { Choices } from '../faults/seeded.ts';
import type { Flight } from '../invariants/evidence.ts';

/** What goes wrong with the `nth` request of this kind. */
export interface Fault {
  readonly word: string;
  readonly nth: number;
  /** before: lost, nothing happened · after: it happened, its answer is lost · late: lost, and it happens `ms` later · slow: answered after `ms` ·
   *  hang: it happened, and nothing is ever said · refused: could not be reached · a status: nothing happened · denied: it happened, and the answer
   *  says that it did not, and when to come back. */
  readonly how: 'before' | 'after' | 'late' | 'slow' | 'hang' | 'refused' | 'denied' | 403 | 429 | 500;
  readonly ms: number;
}

/** One line of the range's record, with what only the range knows: whether it took effect. */
export type Line = RecordLine & { readonly landed: boolean };

export interface SimulatedProducts {
  readonly lines: Line[];
  readonly flights: readonly Flight[];
  /** Of a process: it hears no answers once it is dead. */
  readonly ports: (isDead: () => boolean) => Ports;
  /** Requests being answered within this instant. */
  readonly busy: () => number;
  /** Made-up secrets, one for each product: they must appear nowhere. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly valueOf: (product: string, target: string) => unknown;
  /** Somebody else changes something at the product. */
  readonly foreign: (product: string, method: 'POST' | 'DELETE', path: string) => Promise<void>;
  /** For planted faults: what is to be sent instead of, or beside, a request. */
  tamper: (request: Sent) => readonly Sent[];
}

export interface Sent {
  readonly product: string;
  readonly method: HttpRequest['method'];
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const TIMEOUT_MS = 10_000;
const MAX_LATENCY_MS = 40;
const never = <T>(): Promise<T> => new Promise(() => undefined);
const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function simulatedProducts(faults: readonly Fault[], chosen: Choices): SimulatedProducts {
  const tokens = Object.fromEntries(PRODUCTS.map(({ name }) => [name, `made-up-secret-of-${name}`]));
  const state = openState(PRODUCTS, Date.now());
  const lines: Line[] = [];
  const flights: (Flight & { landedMs: number })[] = [];
  const seen = new Map<string, number>();
  let busy = 0;
  const serving: Serving = {
    products: PRODUCTS,
    state,
    record: {
      append: (line) => {
        const landed = line.effect !== null && line.status !== null && line.status < 300;
        lines.push({ ...line, landed });
      },
      stream: () => Readable.from([]),
      close: () => undefined,
    },
    faults: openFaults(),
    tokens,
    settleMs: 50,
    now: Date.now,
    timers: new Set(),
  };

  const aimOf = (sent: Sent): { readonly word: string; readonly target: string } => {
    const product = PRODUCTS.find(({ name }) => name === sent.product);
    const match = product && matchRoute(product, sent.method, sent.path);
    return match === undefined || match === 'method'
      ? { word: 'read', target: '' }
      : { word: match.route.word ?? 'read', target: match.params.id ?? '' };
  };
  const faultOf = (word: string): Fault | undefined => {
    const nth = (seen.get(word) ?? 0) + 1;
    seen.set(word, nth);
    return faults.find((fault) => fault.word === word && fault.nth === nth);
  };
  const land = async (sent: Sent): Promise<{ status: number; headers: Record<string, string>; text: string }> => {
    busy += 1;
    try {
      const answer = { status: 0, headers: {} as Record<string, string>, text: '' };
      const response = {
        headersSent: false,
        writeHead: (status: number, headers: Record<string, string>) => Object.assign(answer, { status, headers }),
        end: (text: string) => {
          answer.text = text;
        },
        destroy: () => undefined,
      };
      const product = PRODUCTS.find(({ name }) => name === sent.product);
      if (!product) throw new Error(`the range has no ${sent.product}`);
      const incoming = Readable.from(sent.body === '' ? [] : [Buffer.from(sent.body)]);
      const request = { method: sent.method, path: `/${sent.product}${sent.path}`, query: sent.query, headers: sent.headers, incoming };
      await answerProduct(serving, product, request as never, response as never).catch((error: { status?: number; message: string }) => {
        answer.status = error.status ?? 500;
        answer.text = JSON.stringify({ error: error.message });
      }); // only these members of Node's request and response are used
      return answer;
    } finally {
      busy -= 1;
    }
  };
  const fly = async (sent: Sent, word: string): Promise<Awaited<ReturnType<typeof land>>> => {
    const answers = [];
    for (const one of self.tamper(sent)) answers.push(await land(one));
    const answer = answers[0];
    if (!answer) throw new Error('a planted fault must leave something to send');
    const mine = flights.findLast((flight) => flight.key === (sent.headers['idempotency-key'] ?? '') && flight.word === word);
    if (mine) mine.landedMs = Date.now();
    return answer;
  };

  async function request(options: HttpOptions, isDead: () => boolean, wanted: HttpRequest): Promise<HttpAnswer> {
    if (isDead()) return await never();
    const base = new URL(options.baseUrl);
    const headers: Readonly<Record<string, string>> = { 'content-type': 'application/json', ...lowerCased(wanted.headers ?? {}) };
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(wanted.query ?? {})) if (value !== undefined) query.append(name, String(value));
    const sent: Sent = {
      product: base.pathname.slice(1),
      method: wanted.method,
      path: fillPath(wanted.path, wanted.params),
      query,
      headers,
      body: wanted.json === undefined ? '' : JSON.stringify(wanted.json),
    };
    const changes = wanted.method !== 'GET' && wanted.safe !== true;
    const asked = { method: wanted.method, path: wanted.path, host: base.host, changes, secrets: secretValues(headers, {}) };
    const { word, target } = aimOf(sent);
    const fault = faultOf(word);
    const gone = async <T>(): Promise<T | undefined> => (isDead() ? await never<T>() : undefined);
    if (fault?.how === 'refused') throw brokenFailure(asked, 'broken', false);
    if (changes) {
      flights.push({
        product: sent.product,
        key: headers['idempotency-key'] ?? '',
        word,
        target,
        sentMs: Date.now(),
        landedMs: Date.now(),
      });
    }
    await pass(1 + chosen.number(MAX_LATENCY_MS));
    if (fault?.how === 'late') {
      setTimeout(() => void fly(sent, word), fault.ms);
      await gone();
      throw brokenFailure(asked, 'broken', true);
    }
    if (typeof fault?.how === 'number') {
      await gone();
      throw statusFailure(
        asked,
        fault.how,
        fault.how === 429 ? { 'retry-after': '3' } : {},
        { error: `no, ${headers.authorization ?? ''}` },
        Date.now(),
      );
    }
    const answer = fault?.how === 'before' ? undefined : await fly(sent, word);
    if (fault?.how === 'hang') await pass(options.timeoutMs ?? TIMEOUT_MS);
    else if (fault?.how === 'slow') await pass(fault.ms);
    else await pass(1 + chosen.number(MAX_LATENCY_MS));
    await gone();
    if (answer === undefined || fault?.how === 'after') throw brokenFailure(asked, 'broken', true);
    if (fault?.how === 'hang') throw brokenFailure(asked, 'timeout', true);
    if (fault?.how === 'denied') throw statusFailure(asked, 503, { 'retry-after': '3' }, null, Date.now());
    const body: unknown = answer.text === '' ? null : JSON.parse(answer.text);
    const isAnswer = (answer.status >= 200 && answer.status < 300) || wanted.accept?.includes(answer.status) === true;
    if (!isAnswer) throw statusFailure(asked, answer.status, answer.headers, body, Date.now());
    return { status: answer.status, headers: answer.headers, body };
  }

  const self: SimulatedProducts = {
    lines,
    flights,
    tokens,
    busy: () => busy,
    tamper: (sent) => [sent],
    valueOf: (product, target) => state.things(product).get(target)?.value,
    foreign: async (product, method, path) => {
      const headers = { authorization: `Bearer ${tokens[product]}`, 'content-type': 'application/json' };
      await land({ product, method, path, query: new URLSearchParams(), headers, body: '' });
    },
    ports: (isDead) => ({
      http: (options) => ({ request: (wanted) => request(options, isDead, wanted), close: () => undefined }),
      secret: async (reference) => new Secret(tokens[reference.replace(/^file:secrets\/range-/, '')] ?? ''),
      address: async () => '127.0.0.1',
    }),
  };
  return self;
}

const lowerCased = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
