// What the reader of a policy must know of this machine and of the rules that are built in.
import type { PolicyKnowledge } from '../language/policy/read-policy.ts';
import { POLICY_KNOWLEDGE } from '../policy/knowledge.ts';

export const policyKnowledge: PolicyKnowledge = {
  ...POLICY_KNOWLEDGE,
  isZone: (name) => {
    try {
      new Intl.DateTimeFormat('en', { timeZone: name });
      return true;
    } catch {
      return false;
    }
  },
};
