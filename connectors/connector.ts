// The contract between Cordon and a product: one folder per product, one record per action, plain functions and data.
// The runtime, not the author, does policy, audit, locks, dry run, retries, polling, undo, redaction and metrics.
import type { z } from 'zod';
import type { HttpClient, HttpOptions } from './http.ts';
import type { Secret } from './secret.ts';
import type { Messages, OnCall, Pager } from './talk.ts';

/** Plain JSON: what may be stored, digested and sent to Temporal. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export type EntityKind = 'user' | 'host' | 'ip' | 'domain' | 'url' | 'file' | 'message' | 'ticket' | 'channel' | 'key' | 'app';

/** One real thing as the product knows it. `id` is the product's own canonical id; exact, never a pattern. */
export interface Entity {
  readonly kind: EntityKind;
  readonly id: string;
  /** For people: "Eve Adams". */
  readonly name: string;
  /** Other exact names of the same thing (login, e-mail, FQDN, address), for the inventory to match. */
  readonly aliases: readonly string[];
}

/** A thing with what the product says of it. Groups and tags are the product's own words. */
export interface DirectoryEntry extends Entity {
  readonly tags?: readonly string[];
  readonly groups?: readonly string[];
}

/** How a reference to a thing arrives from an alert or a playbook. Exact values; an empty reference is refused before this. */
export interface EntityRef {
  readonly id?: string;
  readonly name?: string;
  readonly email?: string;
  readonly ip?: string;
}

// `risk` of an action. read · additive: adds information only (a ticket, a comment, a message), contains nothing · reversible · destructive.
//
// `delivery`: what a repeat does at the product.
// readable: `read` and `done` tell whether it has taken effect · keyed: the product removes duplicates by our key ·
// once: neither, so never sent again by itself after an open intent · repeatable: a marked duplicate does no harm.

export interface CallContext {
  /** The same over all retries of this effect, other for an undo. Safe in a header and in text: [A-Za-z0-9._~-], at most 200. */
  readonly key: string;
  /** Aborted when the work is no longer wanted and has not been sent yet. */
  readonly signal: AbortSignal;
  /** Call immediately before the request that changes something goes out. Throws when our lease has ended or the work was cancelled. */
  readonly sending: () => void;
  /** True: an earlier attempt may have gone through; a message says so of itself. */
  readonly repeat?: boolean;
}

interface Described<Input, Output> {
  readonly verb: string;
  /** Schemas hold the verb's parameters and outputs; the catalogue in language/verbs.ts says the same to authors. */
  readonly input: z.ZodType<Input>;
  readonly output: z.ZodType<Output>;
  /** The least rights at the product, in its own words. */
  readonly permissions: string;
  readonly docs: string;
  readonly example: Input;
  /** True: takes seconds by nature, so it never runs in the local lane. */
  readonly slow?: boolean;
}

export interface ReadAction<Client, Input, Output> extends Described<Input, Output> {
  readonly risk: 'read';
  /** What it is about, where it is about one thing. */
  readonly target?: (input: Input) => { readonly kind: EntityKind; readonly ref: EntityRef };
  /** `entity`: the resolved target, where the caller has resolved it already. */
  readonly run: (client: Client, input: Input, context: CallContext, entity?: Entity) => Promise<Output>;
}

interface Effect<Input, Output> extends Described<Input, Output> {
  /** What is changed: the lock, the ledger's key. Absent only where nothing existing is changed (a new ticket, a message). */
  readonly target?: (input: Input) => { readonly kind: EntityKind; readonly ref: EntityRef };
  /** An effect may still appear this long after its answer was given up, ms. */
  readonly landsWithinMs: number;
}

/** Polls `read` until `done` (a product that answers 202). Defaults: every 250 ms for 5 s. */
export interface Settle {
  readonly everyMs: number;
  readonly forMs: number;
}

export interface ReadableEffect<Client, Input, Output, State extends Json> extends Effect<Input, Output> {
  readonly delivery: 'readable';
  /** Before-state and read-back. `entity` is the resolved target (absent where the action has no target). */
  readonly read: (client: Client, input: Input, entity: Entity | undefined, context: CallContext) => Promise<State>;
  /** Already so? Then `run` is skipped. */
  readonly done: (state: State, input: Input) => boolean;
  readonly run: (client: Client, input: Input, entity: Entity | undefined, state: State, context: CallContext) => Promise<void>;
  /** What the step answers, from what was read before and after. */
  readonly result: (after: State, before: State, input: Input, entity: Entity | undefined) => Output;
  readonly settle?: Settle;
  /** A sentence a person approves: "Disable Eve Adams (user-007)", "End 3 sessions of Eve Adams". */
  readonly says: (input: Input, entity: Entity | undefined, before: State | undefined) => string;
}

export interface Reversible<Client, Input, State> {
  readonly risk: 'reversible';
  /** Back to the before-state, not to "the opposite". The runtime compares state before and reads back after. */
  readonly undo: (client: Client, input: Input, entity: Entity | undefined, before: State, context: CallContext) => Promise<void>;
  /** Is it as before? Default: deep equality of the two states. */
  readonly restored?: (now: State, before: State) => boolean;
  readonly saysUndo: (input: Input, entity: Entity | undefined) => string;
}

export interface SentEffect<Client, Input, Output> extends Effect<Input, Output> {
  readonly delivery: 'keyed' | 'once' | 'repeatable';
  readonly run: (client: Client, input: Input, entity: Entity | undefined, context: CallContext) => Promise<Output>;
  readonly says: (input: Input, entity: Entity | undefined) => string;
}

// The unions are the rules: reversible needs `undo` and so `read`; destructive is never repeatable.
export type ReversibleAction<C, I, O, S extends Json> = ReadableEffect<C, I, O, S> & Reversible<C, I, S>;
export type ReadableAction<C, I, O, S extends Json> = ReadableEffect<C, I, O, S> & { readonly risk: 'additive' | 'destructive' };
export type SentAction<C, I, O> = SentEffect<C, I, O> &
  ({ readonly risk: 'additive' } | { readonly risk: 'destructive'; readonly delivery: 'keyed' | 'once' });

export type Action<C, I, O, S extends Json> =
  | ReadAction<C, I, O>
  | ReversibleAction<C, I, O, S>
  | ReadableAction<C, I, O, S>
  | SentAction<C, I, O>;

/** What the runtime holds: parameters are checked by `input` before any function is called, so the inner types need not be known. */
export type AnyAction<C = never> = Action<C, never, unknown, never>;

/** What a connector gets from the runtime when an instance is opened. */
export interface Ports {
  /** The guarded client: only the given hosts, no redirects, bounded size and time. Records nothing. */
  readonly http: (options: HttpOptions) => HttpClient;
  /** Resolves `env:NAME`, `file:path`. Called per use, so that a rotated secret is picked up. Throws ConnectorFailure permanent SECRET_MISSING. */
  readonly secret: (reference: string) => Promise<Secret>;
  /** For products that do not speak HTTP: an address of the host that may be connected to. Throws ConnectorFailure. */
  readonly address: (host: string) => Promise<string>;
}

export interface Connector<Client, Config> {
  /** Folder name and `type:` in cordon.yaml. */
  readonly type: string;
  readonly title: string;
  /** True for the practice range: nothing real is touched. Shown wherever its name is. */
  readonly simulated?: boolean;
  readonly config: z.ZodType<Config>;
  readonly open: (config: Config, ports: Ports) => Client;
  readonly close?: (client: Client) => Promise<void>;
  /** Proves who we are at the product, not that a port is open. Throws ConnectorFailure. */
  readonly ping: (client: Client, signal: AbortSignal) => Promise<{ readonly as: string; readonly detail?: string }>;
  /** All things that match the reference exactly: none, one or several. Never a pattern search. */
  readonly resolve?: (client: Client, kind: EntityKind, ref: EntityRef, signal: AbortSignal) => Promise<readonly Entity[]>;
  /** Everything that it knows of one kind, for the inventory; in pages, so that each may be given up. Throws ConnectorFailure. */
  readonly directory?: (client: Client, signal: AbortSignal) => AsyncIterable<readonly DirectoryEntry[]>;
  /** Where people can be asked and told through it. */
  readonly messages?: Messages<Client>;
  readonly pager?: Pager<Client>;
  readonly onCall?: OnCall<Client>;
  readonly actions: readonly AnyAction<Client>[];
}

/** A connector whose client and configuration are known to itself alone. `connector()` makes one. */
export type AnyConnector = Connector<unknown, unknown>;

/** An action as the runtime calls it: with the instance's own client, and parameters that `input` has parsed. */
export type OpenAction = Action<unknown, unknown, unknown, Json>;

export type FailureKind =
  /** By the product's word nothing happened, and a repeat may work (refused connection, 429, 503 with Retry-After). The runtime reads it back. */
  | 'retryable'
  /** By the product's word nothing happened, and a repeat cannot work (400, 401, 403, 404, refused parameter). The runtime reads it back. */
  | 'permanent'
  /** The request may have taken effect (timeout, reset or 5xx after sending). */
  | 'ambiguous';

/** The only error a connector throws. `message` never holds a secret. */
export class ConnectorFailure extends Error {
  readonly kind: FailureKind;
  /** UPPER_SNAKE, stable: RATE_LIMITED, NOT_FOUND, UNAUTHORIZED, FORBIDDEN, TIMEOUT, UNREACHABLE, BAD_ANSWER, REFUSED, … */
  readonly code: string;
  /** The product's own wish, ms; capped by the runtime. */
  readonly retryAfterMs: number | undefined;
  constructor(kind: FailureKind, code: string, message: string, options: { retryAfterMs?: number | undefined; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'ConnectorFailure';
    this.kind = kind;
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Identity functions that only make the compiler check the shape. */
export const read = <C, I, O>(action: ReadAction<C, I, O>): AnyAction<C> => action as unknown as AnyAction<C>;
export const reversible = <C, I, O, S extends Json>(action: ReversibleAction<C, I, O, S>): AnyAction<C> =>
  action as unknown as AnyAction<C>;
export const readable = <C, I, O, S extends Json>(action: ReadableAction<C, I, O, S>): AnyAction<C> => action as unknown as AnyAction<C>;
export const sent = <C, I, O>(action: SentAction<C, I, O>): AnyAction<C> => action as unknown as AnyAction<C>;
export const connector = <C, K>(definition: Connector<C, K>): AnyConnector => definition as unknown as AnyConnector;
