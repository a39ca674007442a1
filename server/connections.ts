// Who has connected and keeps us waiting. A flood of connections that never ask anything, or never read what they asked for, must not keep a person or
// an alert source out: where there are too many, the one that has waited longest is closed, so that a new one always finds a place.
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** All together. Beyond it the kernel's answer is a closed connection. */
const MAX_CONNECTIONS = 2_000;
/** Of them, those whose request is not complete yet, and those between two requests. The rest is for requests that are being answered. */
const WAITING_SHARE = 3 / 4;
/** With more than this, nobody keeps a place by leaving an answer unread. */
const CROWDED_SHARE = 7 / 8;

export function boundConnections(server: Server, most: number = MAX_CONNECTIONS): void {
  server.maxConnections = most;
  /** Both in the order in which they began to. */
  const connected = new Set<Socket>();
  const waiting = new Set<Socket>();

  const wait = (socket: Socket): void => {
    if (socket.destroyed) return;
    waiting.add(socket);
    if (waiting.size <= most * WAITING_SHARE) return;
    const [longest] = waiting;
    longest?.destroy();
  };
  /** What the kernel no longer takes stays with us: its reader is slow, or does not read. */
  const makeRoom = (): void => {
    if (connected.size <= most * CROWDED_SHARE) return;
    for (const socket of connected) if (socket.writableLength > 0) return void socket.destroy();
  };

  server.on('connection', (socket: Socket) => {
    connected.add(socket);
    socket.once('close', () => {
      connected.delete(socket);
      waiting.delete(socket);
    });
    makeRoom();
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
