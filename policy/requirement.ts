// What a playbook itself asks for, in policy's terms.
import type { ApproveWish } from '../engine/command.ts';
import type { Requirement } from './policy.ts';
import { isRole } from './roles.ts';

/** The playbook's wish as a requirement; a role that nobody has is read as the strictest. */
export function requirementOfWish(wish: ApproveWish | undefined): Requirement | undefined {
  if (!wish) return undefined;
  const role = wish.by.role === undefined ? 'responder' : isRole(wish.by.role) ? wish.by.role : 'admin';
  return { count: wish.by.count, role, reasons: [{ rule: 'playbook', reason: 'the playbook asks before this' }] };
}
