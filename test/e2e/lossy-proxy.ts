// A proxy on loopback in front of one product: it can lose an answer after the product has acted on the request.
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LossyProxy {
  readonly url: string;
  /** The next request with this method and path: it is carried out, and its answer never arrives. */
  readonly loseAnswerOf: (method: string, path: RegExp) => void;
  /** Requests whose answers were lost: "POST /REST/2.0/ticket 201". */
  readonly lost: readonly string[];
  readonly close: () => Promise<void>;
}

export async function startLossyProxy(target: string): Promise<LossyProxy> {
  let loses: { method: string; path: RegExp } | undefined;
  const lost: string[] = [];
  const forward = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const path = incoming.url ?? '/';
    const isLost = loses !== undefined && incoming.method === loses.method && loses.path.test(path);
    if (isLost) loses = undefined;
    const onward = request(`${target}${path}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
      if (isLost) {
        lost.push(`${incoming.method} ${path} ${answer.statusCode}`);
        answer.resume().once('end', () => outgoing.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.once('error', () => outgoing.destroy());
    incoming.pipe(onward);
  };
  const server = createServer(forward);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    loseAnswerOf: (method, path) => {
      loses = { method, path };
    },
    lost,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
