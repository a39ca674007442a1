// The runtime in miniature: resolve, read, done, run, read back. What activities do with locks, policy and the store around it.
import { type CallContext, ConnectorFailure, type Entity, type Json, type OpenAction } from '../../connectors/connector.ts';
import type { Instance } from '../../connectors/registry.ts';

/** Of a bench, all that is needed here. */
export interface Opened {
  readonly instance: Instance;
}

type Effect = Exclude<OpenAction, { readonly risk: 'read' }>;
export type Readable = Extract<Effect, { readonly delivery: 'readable' }>;

export interface Done {
  readonly outcome: 'changed' | 'already' | 'unverified';
  readonly output: unknown;
  readonly before: Json;
  readonly entity: Entity | undefined;
}

export const contextOf = (key: string, sending: () => void = () => undefined): CallContext => ({
  key,
  signal: new AbortController().signal,
  sending,
});

export async function resolve({ instance }: Opened, action: OpenAction, input: unknown): Promise<Entity | undefined> {
  const wanted = action.target?.(input);
  if (wanted === undefined) return undefined;
  if (instance.connector.resolve === undefined)
    return { kind: wanted.kind, id: wanted.ref.id ?? wanted.ref.ip ?? '', name: '', aliases: [] };
  const found = await instance.connector.resolve(instance.client, wanted.kind, wanted.ref, new AbortController().signal);
  if (found.length !== 1) throw new ConnectorFailure('permanent', found.length === 0 ? 'NOT_FOUND' : 'AMBIGUOUS', `${found.length} found`);
  return found[0];
}

export function readable(action: OpenAction): Readable {
  if (action.risk === 'read' || action.delivery !== 'readable') throw new Error(`${action.verb} is not readable`);
  return action;
}

export async function perform(bench: Opened, action: Readable, params: unknown, key: string, sending?: () => void): Promise<Done> {
  const { client } = bench.instance;
  const input = action.input.parse(params);
  const context = contextOf(key, sending);
  const entity = await resolve(bench, action, input);
  const before = await action.read(client, input, entity, context);
  if (action.done(before, input))
    return { outcome: 'already', output: action.output.parse(action.result(before, before, input, entity)), before, entity };
  await action.run(client, input, entity, before, context);
  const after = await settled(
    () => action.read(client, input, entity, context),
    (state) => action.done(state, input),
  );
  if (!action.done(after, input)) return { outcome: 'unverified', output: undefined, before, entity };
  return { outcome: 'changed', output: action.output.parse(action.result(after, before, input, entity)), before, entity };
}

/** Reads until it is so, at most `withinMs`. */
export async function settled(read: () => Promise<Json>, done: (state: Json) => boolean, withinMs = 1_000): Promise<Json> {
  const until = performance.now() + withinMs;
  for (;;) {
    const state = await read();
    if (done(state) || performance.now() > until) return state;
  }
}

/** The failure of what must fail. */
export async function failureOf(work: Promise<unknown>): Promise<ConnectorFailure> {
  const ended = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(ended instanceof ConnectorFailure)) throw new Error(`expected a ConnectorFailure, got ${String(ended)}`);
  return ended;
}
