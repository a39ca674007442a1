// A fresh proof of who decides. Local accounts give their password; whoever signs in elsewhere signs in there again, which renews `authAt`.
import { appendAudit } from '../store/audit.ts';
import { renewProof } from '../store/sessions.ts';
import { problem } from './problems.ts';
import { confirmPassword, type SignInPorts } from './sign-in.ts';
import type { Who } from './who.ts';

/** Who sends it, proven just now. Throws PASSWORD_WRONG, and APPROVAL_STEP_UP where the account has no password here. */
export async function prove(ports: SignInPorts, who: Who, password: string, peer: string): Promise<Who> {
  const { deps } = ports;
  const { person } = who;
  if (person.iss !== 'local')
    throw problem('APPROVAL_STEP_UP', 'Your account has no password here: sign in again where you do, then decide.');
  if (person.oneTime) throw problem('PASSWORD_CHANGE_REQUIRED', 'A one-time password proves nothing: change it first.');
  await confirmPassword(ports, person, password, peer);
  const now = deps.now();
  if (who.sessionHash !== undefined) await renewProof(deps.store.db, who.sessionHash, now);
  await appendAudit(deps.store.db, 'people', [{ at: now, code: 'person.proven', actor: person.id, body: { peer } }]);
  return { ...who, authAt: now };
}
