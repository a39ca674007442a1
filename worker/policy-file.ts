// policy.yaml as this machine reads it: with its time zones, and the digest of its text for the record of every decision.
import { createHash } from 'node:crypto';
import { formatDiagnostics } from '../language/format-diagnostics.ts';
import { readPolicy } from '../language/policy/read-policy.ts';
import { POLICY_KNOWLEDGE } from '../policy/knowledge.ts';
import type { Policy } from '../policy/policy.ts';

/** Throws an Error that says all that is wrong, and where. */
export function parsePolicy(source: string, path: string): Policy {
  const { policy, diagnostics } = readPolicy(source, path, { ...POLICY_KNOWLEDGE, isZone });
  if (!policy) throw new Error(`the policy cannot be used:\n${formatDiagnostics(diagnostics, source, { color: false })}`);
  return { ...policy, digest: createHash('sha256').update(source).digest('hex') };
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
