// policy.yaml: what a response may do, and the digest that decisions are recorded with.
import { createHash } from 'node:crypto';
import { parseDuration } from '../language/duration.ts';
import { readPolicy } from '../language/policy-text.ts';
import type { Policy } from '../policy/policy.ts';

/** Throws an Error that says what is wrong, and where. An empty file is refused: cut off while it was written, it would allow everything. */
export function parsePolicy(source: string, path: string): Policy {
  const { policy, diagnostics } = readPolicy(source, path);
  if (!policy) {
    const faults = diagnostics.map((one) => `${one.file}:${one.line}:${one.column} ${one.code} ${one.message}`);
    throw new Error(faults.join('\n'));
  }
  return {
    digest: createHash('sha256').update(source).digest('hex'),
    rules: policy.rules,
    approvalWithinMs: parseDuration(policy.approvalWithin) ?? 0,
    approvalUseByMs: parseDuration(policy.approvalUseBy) ?? 0,
  };
}
