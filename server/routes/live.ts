// Live updates: server-sent events that say what changed. Whoever listens asks the API for the rest.
import type { FastifyReply } from 'fastify';
import type { LiveEvent } from '../contract.ts';
import { identify } from '../guard.ts';
import { tooMany } from '../problems.ts';
import type { Routes } from './route.ts';

const HEARTBEAT_MS = 15_000;
const MAX_WATCHERS = 500;
/** A reader that does not read is let go, bytes. */
const MAX_BEHIND_BYTES = 256 * 1024;

export const liveRoutes: Routes = (app, { deps, live }) => {
  app.get(
    '/live',
    { schema: { tags: ['now'], summary: 'What changes, as server-sent events', produces: ['text/event-stream'] } },
    async (request, reply) => {
      if (live.count() >= MAX_WATCHERS) throw tooMany('Too many consoles are open.', 30);
      // Held over the heartbeat: whoever is signed out, disabled or expired hears nothing more after it.
      const stillAllowed = async (): Promise<boolean> => (await identify(request, deps).catch(() => undefined)) !== undefined;
      stream(reply, live, stillAllowed);
      return reply;
    },
  );
};

function stream(reply: FastifyReply, live: Parameters<Routes>[1]['live'], stillAllowed: () => Promise<boolean>): void {
  reply.hijack();
  const { raw } = reply;
  // A hijacked answer gets only what is written here: the security headers too.
  raw.writeHead(200, { ...headersOf(reply), 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  const write = (text: string): void => {
    if (raw.writableLength > MAX_BEHIND_BYTES) raw.destroy();
    else raw.write(text);
  };
  write('retry: 2000\n: connected\n\n');
  const end = (): void => {
    clearInterval(heart);
    stop();
    raw.end();
  };
  const beat = async (): Promise<void> => {
    if (await stillAllowed()) write(': alive\n\n');
    else end();
  };
  const heart = setInterval(() => void beat(), HEARTBEAT_MS).unref();
  const stop = live.watch((event: LiveEvent) => write(`data: ${JSON.stringify(event)}\n\n`), end);
  raw.on('close', end);
}

function headersOf(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}
