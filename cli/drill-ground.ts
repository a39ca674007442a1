// What has to be so before a drill posts anything: it touches nothing real, and can take back what it sets.
import type { ConnectorRow, Freeze, Me, Page, PersonRow } from '../server/contract.ts';
import type { Client } from './client.ts';
import { CliError, EXIT } from './command.ts';

/** Throws DRILL_REAL: a playbook reads and tells people also before it asks for an approval. */
export async function mustBeSimulated(client: Client): Promise<void> {
  const { items } = await client.get<Page<ConnectorRow>>('/connectors');
  const real = items.filter(({ simulated }) => !simulated).map(({ id }) => id);
  if (items.length > 0 && real.length === 0) return;
  const why = real.length > 0 ? `${real.join(', ')} ${real.length === 1 ? 'is' : 'are'} real` : 'no product is connected';
  const hint = 'Drills need an installation that is connected to the practice range and to nothing else (npm start).';
  throw new CliError(EXIT.no, 'DRILL_REAL', `nothing was posted: ${why}`, hint);
}

/** Throws DRILL_FROZEN: a drill would wait in vain, or lift what somebody else has frozen. */
export async function mustNotBeFrozen(client: Client): Promise<void> {
  const { on, parts } = await client.get<Freeze>('/freeze');
  if (!on && parts.length === 0) return;
  const what = on
    ? 'everything'
    : parts.map(({ verb, connector }) => [verb, connector && `through ${connector}`].filter(Boolean).join(' ')).join(', ');
  const verb = on || parts.length === 1 ? 'is' : 'are';
  throw new CliError(EXIT.no, 'DRILL_FROZEN', `nothing was posted: ${what} ${verb} frozen already`, 'cordon freeze status');
}

/** Throws DRILL_SECOND: two people lift a freeze where there are two. */
export async function mustBeAbleToLift(client: Client): Promise<void> {
  if (await isAlone(client)) return;
  const hint = 'Have somebody ready who runs `cordon freeze off --reason drill` when they are asked, then add --second-person.';
  throw new CliError(EXIT.no, 'DRILL_SECOND', 'nothing was posted: only a second person could lift the freeze again', hint);
}

const MAY_LIFT: ReadonlySet<string> = new Set(['responder', 'engineer', 'admin']);

/** Nobody else could lift a freeze, and so one person is enough. Whoever is not an admin is not alone: there is one. */
async function isAlone(client: Client): Promise<boolean> {
  const me = await client.get<Me>('/me');
  if (me.role !== 'admin' || !me.scopes.includes('admin')) return false;
  const { items } = await client.get<Page<PersonRow>>('/people');
  return !items.some(({ id, disabled, role }) => id !== me.id && !disabled && MAY_LIFT.has(role));
}
