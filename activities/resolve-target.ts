// Which product serves a verb, and which one thing it is about. None or several is an error, never a guess.
import type { Entity, EntityKind, EntityRef, OpenAction } from '../connectors/connector.ts';
import type { PerformItem, StepResult } from '../engine/command.ts';
import { hostsBehind, type InventoryEntry } from '../policy/inventory.ts';
import { readNetwork } from '../policy/network.ts';
import { askProduct } from './ask-product.ts';
import type { ActivityDeps, Instance } from './deps.ts';
import { failed } from './outcome.ts';

export interface Target {
  readonly entity: Entity;
  /** Canonical: what locks, limits and the ledger count. */
  readonly key: string;
  /** All exact names, lower case. */
  readonly names: readonly string[];
  readonly entry?: InventoryEntry;
}

export interface Resolved {
  readonly instance: Instance;
  readonly action: OpenAction;
  /** Parameters, parsed by the action's schema. */
  readonly input: unknown;
  readonly target?: Target;
}

type Resolution = { readonly ok: true; readonly resolved: Resolved } | { readonly ok: false; readonly result: StepResult };

const no = (code: string, message: string): Resolution => ({ ok: false, result: failed(code, message) });

interface Candidate {
  readonly instance: Instance;
  readonly action: OpenAction;
  readonly input: unknown;
}

/** Throws ConnectorFailure where a product could not be asked. */
export async function resolveTarget(deps: ActivityDeps, item: PerformItem, signal: AbortSignal): Promise<Resolution> {
  const candidates = candidatesFor(deps, item);
  if (!Array.isArray(candidates)) return candidates;
  const first = candidates[0];
  if (!first) return no('CONNECTOR_MISSING', `no connector serves ${item.verb}; add one that does`);
  if (!first.action.target) {
    if (candidates.length > 1) return no('CONNECTOR_AMBIGUOUS', `${names(candidates)} all serve ${item.verb}; name one with 'via'`);
    return { ok: true, resolved: first };
  }
  const found: Resolved[] = [];
  for (const candidate of candidates) found.push(...(await locate(deps, candidate, signal)));
  const only = found[0];
  if (!only) return no('TARGET_NOT_FOUND', `${describe(first)} is not known to ${names(candidates)}; nothing was done`);
  if (found.length > 1)
    return no('TARGET_AMBIGUOUS', `${describe(first)} matches ${found.length} things in ${names(candidates)}; nothing was done`);
  const unclear = only.target && whyUnclear(deps, only.action, only.target);
  if (unclear !== undefined) return no('TARGET_AMBIGUOUS', `${describe(first)} ${unclear}. Nothing was done`);
  return { ok: true, resolved: only };
}

/** It, or a host that it leads to, cannot be told from another in the inventory. Whatever leads to a host may still be looked up. */
function whyUnclear(deps: ActivityDeps, { risk }: OpenAction, { entity, names: known }: Target): string | undefined {
  const entries = entriesOf(deps, entity);
  if (entries.length > 1) {
    const several = entries.map((entry) => entry.key).join(' and ');
    return `is ${several} in the inventory; give each name to one of them`;
  }
  // A look at it changes nothing, and is how people find out which of the two it is.
  if (risk === 'read') return undefined;
  const behind = hostsBehind(deps.inventory(), entity.kind, known);
  const conflict = [...entries, ...behind].find((entry) => entry.conflict !== undefined)?.conflict;
  return conflict === undefined ? undefined : `is unclear in the inventory: ${conflict}`;
}

function candidatesFor(deps: ActivityDeps, item: PerformItem): Candidate[] | Resolution {
  const named = item.via === undefined ? undefined : deps.connectors.instance(item.via);
  if (item.via !== undefined && !named) return no('CONNECTOR_MISSING', `there is no connector '${item.via}'`);
  const instances = named ? [named] : deps.connectors.servers(item.verb);
  const candidates: Candidate[] = [];
  for (const instance of instances) {
    const action = deps.connectors.actionOf(instance, item.verb);
    if (!action) return no('CONNECTOR_MISSING', `connector '${instance.id}' does not serve ${item.verb}`);
    const parsed = action.input.safeParse(item.params);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      return no('PARAMETER_INVALID', `${item.verb}: ${issue ? `${issue.path.join('.')}: ${issue.message}` : 'parameters do not fit'}`);
    }
    candidates.push({ instance, action, input: parsed.data });
  }
  return candidates;
}

async function locate(deps: ActivityDeps, candidate: Candidate, signal: AbortSignal): Promise<Resolved[]> {
  const wanted = candidate.action.target?.(candidate.input);
  if (!wanted) return [candidate];
  const { resolve } = candidate.instance.connector;
  const { client } = candidate.instance;
  const entities = resolve
    ? await askProduct(deps, candidate.action.verb, async () => await resolve(client, wanted.kind, wanted.ref, signal))
    : asGiven(wanted.kind, wanted.ref);
  return entities.map((entity) => ({ ...candidate, target: targetOf(deps, entity) }));
}

/** A product without a directory of its own (a reputation service): the reference is the thing. */
function asGiven(kind: EntityKind, ref: EntityRef): Entity[] {
  const id = ref.id ?? ref.name ?? ref.email ?? ref.ip;
  return id === undefined || id === '' ? [] : [{ kind, id, name: ref.name ?? id, aliases: [] }];
}

function targetOf(deps: ActivityDeps, entity: Entity): Target {
  const [entry] = entriesOf(deps, entity);
  return {
    entity,
    key: entry?.key ?? `${entity.kind}:${entity.id.toLowerCase()}`,
    names: [...new Set([...exactNames(entity), ...(entry?.aliases ?? []), ...(entry ? [entry.name.toLowerCase()] : [])])],
    ...(entry ? { entry } : {}),
  };
}

/** What the inventory knows of it; several entries are an error of the inventory. */
function entriesOf(deps: ActivityDeps, entity: Entity): readonly InventoryEntry[] {
  const own = exactNames(entity);
  // Addresses wander from one host to the next: they count where no name is known.
  const byName = deps.inventory().find(
    entity.kind,
    own.filter((name) => readNetwork(name) === undefined),
  );
  return byName.length > 0 ? byName : deps.inventory().find(entity.kind, own);
}

/** A person's display name identifies nobody: two may share it. */
function exactNames(entity: Entity): string[] {
  const exact = entity.kind === 'user' ? [entity.id, ...entity.aliases] : [entity.id, entity.name, ...entity.aliases];
  return exact.map((name) => name.normalize('NFC').toLowerCase());
}

const names = (candidates: readonly Candidate[]): string => candidates.map((candidate) => candidate.instance.id).join(', ');

function describe(candidate: Candidate): string {
  const wanted = candidate.action.target?.(candidate.input);
  if (!wanted) return 'it';
  return `${wanted.kind} ${wanted.ref.id ?? wanted.ref.name ?? wanted.ref.email ?? wanted.ref.ip ?? ''}`.trim();
}
