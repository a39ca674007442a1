// What the reader of a policy must know and cannot: what is an address, what is forbidden by itself, which names are taken.
import { FORBIDDEN_RULES, FORBIDDEN_TAGS } from './forbidden.ts';
import { readNetwork } from './network.ts';

export const POLICY_KNOWLEDGE = {
  isNetwork: (text: string): boolean => readNetwork(text) !== undefined,
  forbiddenTags: FORBIDDEN_TAGS,
  reservedNames: [...FORBIDDEN_RULES, 'default', 'playbook', 'mode-ask', 'undo', 'tier-additive', 'tier-reversible', 'tier-destructive'],
};
