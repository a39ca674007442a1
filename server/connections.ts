// Who has connected and kept us waiting. A flood of connections that never ask anything must not keep a person or an alert source out:
// where too many wait, the one that has waited longest is closed, so that a new one always finds a place.
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** All together. Beyond it the kernel's answer is a closed connection. */
const MAX_CONNECTIONS = 2_000;
/** Of them, those whose request is not complete yet, and those between two requests. The rest is for requests that are being answered. */
const MAX_WAITING = 1_500;

export function boundConnections(server: Server, maxWaiting: number = MAX_WAITING): void {
  server.maxConnections = MAX_CONNECTIONS;
  /** In the order in which they began to wait. */
  const waiting = new Set<Socket>();

  const wait = (socket: Socket): void => {
    if (socket.destroyed) return;
    waiting.add(socket);
    if (waiting.size <= maxWaiting) return;
    const [longest] = waiting;
    longest?.destroy();
  };

  server.on('connection', (socket: Socket) => {
    socket.once('close', () => waiting.delete(socket));
    wait(socket);
  });
  server.on('request', (request: IncomingMessage, response) => {
    const { socket } = request;
    response.once('close', () => wait(socket));
    // Without a body it is complete with its headers; a body keeps it among those that wait until its last byte.
    if (!hasBody(request)) waiting.delete(socket);
    else request.once('end', () => waiting.delete(socket));
  });
}

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
