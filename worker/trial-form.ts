// What runs when nothing is configured: the practice range for products, and two sources that post alerts.
import { FIRST_LOGIN } from '../server/first-owner.ts';
import type { ConfigFile, ConnectorEntry, SourceEntry } from './config-file.ts';

/**
 * The range makes its products' tokens itself, in the data folder; both sides read the same files.
 * Connector type (and instance id) -> path of its product at the practice range.
 */
const PRODUCTS = {
  'practice-idp': 'idp',
  'practice-edr': 'edr',
  'practice-firewall': 'firewall',
  'practice-mail': 'mail',
  'practice-tickets': 'tickets',
  'practice-chat': 'chat',
  'practice-reputation': 'reputation',
  'practice-cloud': 'cloud',
  'practice-mdm': 'mdm',
};

export function trialConnectors(rangePort: number): readonly ConnectorEntry[] {
  return Object.entries(PRODUCTS).map(([type, path]) => ({
    id: type,
    type,
    url: `http://127.0.0.1:${rangePort}/${path}`,
    token: `file:secrets/range-${path}`,
  }));
}

/** Those of the practice range are made for being contained. */
export const realProducts = ({ connectors }: { readonly connectors: readonly ConnectorEntry[] }): readonly string[] =>
  connectors.flatMap(({ id, type }) => (type.startsWith('practice-') ? [] : [`${id} (${type})`]));

/** Of what the folder publishes for the first time: it acts by itself only where it touches nobody. */
export const firstModeOf = (config: { readonly settings: { readonly mode: string }; readonly connectors: readonly ConnectorEntry[] }) =>
  config.settings.mode === 'trial' && realProducts(config).length === 0 ? ('act' as const) : ('observe' as const);

export const TRIAL_SOURCES: readonly SourceEntry[] = [
  { name: 'plain', type: 'plain' },
  { name: 'alertmanager', type: 'alertmanager' },
];

export const TRIAL_NOTIFY = { connector: 'practice-chat', channel: 'security' };

const ME = [FIRST_LOGIN];

/** Whom the shipped playbooks call by group and rota. The trial has one person, who is all of them. */
export const TRIAL_PEOPLE: NonNullable<ConfigFile['people']> = {
  groups: { 'data-owners': ME, treasury: ME, 'identity-operations': ME, 'identity-governance': ME },
  oncall: { 'soc-lead': ME },
};
