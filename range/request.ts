// One request to the range, and its answers. Bounded, and only from this machine under a local name.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Json } from '../connectors/connector.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** Answered with its status. */
export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly incoming: IncomingMessage;
}

export function toRequest(incoming: IncomingMessage): Request {
  // A web page that points its own name at 127.0.0.1 must not reach this.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(incoming.headers.host ?? ''))
    throw new Refused(421, 'Only 127.0.0.1 and localhost are served here.');
  // Nor one that sends requests here which it cannot read the answers of. Programs name no origin.
  const { origin } = incoming.headers;
  if (origin !== undefined && origin !== `http://${incoming.headers.host}`)
    throw new Refused(403, 'Requests from pages of another origin are refused.');
  const target = incoming.url ?? '/';
  const question = target.indexOf('?');
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  );
  return {
    method: incoming.method ?? 'GET',
    path: question < 0 ? target : target.slice(0, question),
    query: new URLSearchParams(question < 0 ? '' : target.slice(question)),
    headers,
    incoming,
  };
}

/** JSON or a form, as an object; empty for no body. */
export async function readJson({ incoming, headers }: Request): Promise<unknown> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of incoming as AsyncIterable<Buffer>) {
    // no encoding is set, so pieces are buffers
    size += piece.length;
    if (size > MAX_BODY_BYTES) throw new Refused(413, 'The body is larger than 1 MiB.');
    pieces.push(piece);
  }
  const text = Buffer.concat(pieces).toString('utf8');
  if (text === '') return {};
  const type = headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(text));
  // Also keeps web pages out: they cannot send this type to another origin unasked.
  if (!type.startsWith('application/json')) throw new Refused(415, 'Send application/json.');
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refused(400, 'The body is no JSON.');
  }
}

export function sendJson(response: ServerResponse, status: number, body?: Json, headers: Readonly<Record<string, string>> = {}): void {
  if (response.headersSent) return;
  const text = body === undefined || status === 204 ? '' : JSON.stringify(body);
  response.writeHead(status, {
    ...(text !== '' && { 'content-type': 'application/json' }),
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
