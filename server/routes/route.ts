// What every file of routes gets.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { ServerDeps } from '../deps.ts';
import type { Intake } from '../intake.ts';
import type { LiveHub } from '../live-hub.ts';
import type { Metrics } from '../metrics.ts';
import { problem } from '../problems.ts';
import type { SignInPorts } from '../sign-in.ts';

export type App = FastifyInstance<RawServerDefault, IncomingMessage, ServerResponse, FastifyBaseLogger, ZodTypeProvider>;

export interface RouteContext {
  readonly deps: ServerDeps;
  readonly intake: Intake;
  readonly metrics: Metrics;
  readonly live: LiveHub;
  /** One throttle for everything that asks for a password. */
  readonly signIn: SignInPorts;
}

/** One file of routes. They are registered below /api/v1. */
export type Routes = (app: App, context: RouteContext) => void;

export const idParams = z.strictObject({ id: z.string().regex(/^[a-z]{3}_[0-9A-Z]{26}$/, 'not an id') });

/** Unknown members are refused everywhere: nobody can set what they may not by adding a field. */
export const pageQuery = z.strictObject({
  before: z.string().max(200).optional().describe('`next` of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).optional().describe('Items on a page. Default 50.'),
});

export const reasonText = z.string().trim().max(2_000).describe('Why, for the audit log.');

/** The thing, or 404 naming what was looked for. */
export function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw problem('NOT_FOUND', `There is no ${what}.`);
  return thing;
}
