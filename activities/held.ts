// A ledger entry with the product's own action and entity: what an undo works on, and what a re-check reads.
import { isDeepStrictEqual } from 'node:util';
import type { Entity, Json, OpenAction } from '../connectors/connector.ts';
import type { HoldRecord } from '../store/holds.ts';
import type { ActivityDeps, Instance } from './deps.ts';

export type Undoable = Extract<OpenAction, { readonly risk: 'reversible' }>;

export interface Held {
  readonly hold: HoldRecord;
  readonly instance: Instance;
  readonly action: Undoable;
  readonly input: unknown;
  readonly entity: Entity;
}

export function heldBy(
  deps: Pick<ActivityDeps, 'connectors'>,
  hold: HoldRecord,
): Held | { readonly code: string; readonly message: string } {
  const instance = deps.connectors.instance(hold.connector);
  if (!instance) return { code: 'CONNECTOR_MISSING', message: `connector '${hold.connector}' is gone; put it back to undo this` };
  const action = deps.connectors.actionOf(instance, hold.verb);
  if (action?.risk !== 'reversible')
    return { code: 'ACTION_MISSING', message: `connector '${hold.connector}' can no longer undo ${hold.verb}` };
  const parsed = action.input.safeParse(hold.params);
  if (!parsed.success) return { code: 'PARAMETER_INVALID', message: `the recorded parameters no longer fit ${hold.verb}` };
  const kind = action.target?.(parsed.data).kind ?? 'host';
  return { hold, instance, action, input: parsed.data, entity: { kind, id: hold.entity_id, name: hold.entity_name, aliases: [] } };
}

export const readHeld = async ({ action, instance, input, entity }: Held, key: string, signal: AbortSignal): Promise<Json> =>
  await action.read(instance.client, input, entity, { key, signal, sending: () => undefined });

/** Is it as it was before? */
export const isRestored = (action: Undoable, now: Json, before: Json): boolean =>
  action.restored ? action.restored(now, before) : isDeepStrictEqual(now, before);
