// A fresh proof of who decides. Local accounts give their password; whoever signs in elsewhere signs in there again, which renews `authAt`.
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { appendAudit } from '../store/audit.ts';
import { renewProof } from '../store/sessions.ts';
import { whoOf } from './guard.ts';
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

/** Of managing people and tokens: for that long a password counts as just given. */
const LATELY_MS = 15 * 60_000;

/** A member of bodies that need it. */
export const withPassword = {
  password: z.string().min(1).max(256).optional().describe('Your own. Needed where you have not given it within the last 15 minutes.'),
};

/** Throws PROOF_NEEDED where the person has not proven lately who they are and does not do it now. */
export async function proveLately(ports: SignInPorts, request: FastifyRequest, password: string | undefined): Promise<void> {
  const who = whoOf(request);
  const isLate = who.authAt === undefined || ports.deps.now().getTime() - who.authAt.getTime() > LATELY_MS;
  if (!isLate) return;
  if (password === undefined) throw problem('PROOF_NEEDED', 'It is a while since you gave your password.');
  await prove(ports, who, password, request.socket.remoteAddress ?? 'unknown');
}
