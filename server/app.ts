// The server, wired: headers, guard, routes. It reads the store and writes to it; it knows no Temporal.
import cookie from '@fastify/cookie';
import Fastify, { type FastifyInstance, LogController, type RouteOptions } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import { mayHoldUnstorable, storableJson } from '../language/storable-text.ts';
import { familiarSignIns } from '../store/familiar-sign-ins.ts';
import { accessOf } from './access.ts';
import { checkpoints } from './checkpoints.ts';
import { boundConnections } from './connections.ts';
import type { ServerDeps } from './deps.ts';
import { handleError, sendProblem } from './error-handler.ts';
import { guard } from './guard.ts';
import { securityHeaders } from './headers.ts';
import { housekeeping } from './housekeeping.ts';
import { intake } from './intake.ts';
import { liveHub } from './live-hub.ts';
import { metrics } from './metrics.ts';
import { openApi } from './open-api.ts';
import { passwords } from './passwords.ts';
import { problem } from './problems.ts';
import { POSTS, refusals, SIGN_INS } from './refusals.ts';
import { routes } from './routes/index.ts';
import { MAX_ENTRIES, signInThrottle } from './sign-in-throttle.ts';

/** Slow senders do not keep sockets. */
const REQUEST_TIMEOUT_MS = 20_000;
/** Nor do those who do not read their answers: a socket on which nothing moves for this many of it is closed. Live updates beat every 15 s. */
const IDLE_TIMEOUTS = 3;
/** Of JSON that the API takes. Webhooks have a limit of their own. */
const API_BODY_BYTES = 256 * 1024;

/** Not listening yet: `listen` is the caller's. `close` ends live connections and writes what is gathered. */
export async function buildServer(deps: ServerDeps): Promise<FastifyInstance> {
  const requestTimeout = deps.requestTimeoutMs ?? REQUEST_TIMEOUT_MS;
  const app = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: API_BODY_BYTES,
    requestTimeout,
    connectionTimeout: requestTimeout * IDLE_TIMEOUTS,
    forceCloseConnections: true,
    trustProxy: false,
    http: { headersTimeout: requestTimeout / 2, requestTimeout, connectionsCheckingInterval: requestTimeout / 10 },
    routerOptions: { maxParamLength: 256 },
  });
  boundConnections(app.server, deps.maxConnections);
  app.removeContentTypeParser('text/plain'); // JSON only: what a form of another site can send is refused
  readStorableJson(app);
  app.setValidatorCompiler(validatorCompiler);
  // Answers are typed by the contract and tested against their schemas; checking each one again costs half of the throughput.
  app.setSerializerCompiler(() => (body) => JSON.stringify(body));
  app.setErrorHandler(handleError);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(reply, 'NOT_FOUND', `There is nothing at ${request.method} ${pathOf(request.url)}.`),
  );
  app.decorateRequest('who', null);
  app.addHook('onRoute', mustBeInTable);

  const watch = metrics(() => door.queue.depth());
  const refused = refusals(deps, POSTS);
  const strangers = refusals(deps, SIGN_INS);
  const door = intake(deps, watch, refused);
  const live = liveHub(deps.store);

  app.addHook('onRequest', async (request, reply) => {
    reply.headers(securityHeaders(deps.secureCookies));
    if (request.url.includes('%00')) throw problem('BAD_REQUEST', 'The address holds the character U+0000, which nothing is called.');
  });
  await app.register(cookie);
  app.addHook('onRequest', (request) => guard(request, deps));
  app.addHook('onResponse', async (request, reply) => {
    watch.request(request.method, request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1000);
  });
  await openApi(app, deps.version);
  const known = await familiarSignIns(deps.store.db, deps.now(), MAX_ENTRIES).catch((error: unknown) => {
    deps.log.warn({ err: error }, 'who has signed in from where could not be read; they are strangers until they do again');
    return [];
  });
  const signIn = { deps, passwords: passwords(), throttle: signInThrottle(known), strangers };
  await routes(app, { deps, intake: door, metrics: watch, live, signIn });

  const chores = housekeeping(deps);
  const anchors = checkpoints(deps);
  app.addHook('preClose', async () => live.close());
  app.addHook('onClose', async () => {
    chores.stop();
    await anchors.stop();
    await refused.close();
    await strangers.close();
  });
  return app;
}

/** As Fastify reads JSON, with the few characters that no store takes made visible. */
function readStorableJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, text: string, done) => {
    void parse(request, text, (error, body) => {
      if (error || !mayHoldUnstorable(text)) return done(error, body);
      try {
        done(null, storableJson(body));
      } catch {
        // Nested so deep that it cannot be walked; no request of the API is.
        done(Object.assign(new Error('the body is nested too deeply'), { statusCode: 400 }), undefined);
      }
    });
  });
}

/** A route that somebody forgot to think about stops the start, rather than being open. */
function mustBeInTable(route: RouteOptions): void {
  for (const method of [route.method].flat()) {
    if (accessOf(method, route.url) === undefined) throw new Error(`server/access.ts has no line for ${method} ${route.url}`);
  }
}

/** Without the query: it may hold what should not be repeated. */
const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
