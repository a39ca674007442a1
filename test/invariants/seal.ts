// A key that seals the audit's heads, as the server's own does each second. Made up, for this process only.
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import type { SignDigest, VerifySignature } from '../../store/checkpoint.ts';

export interface Seal {
  readonly sign: SignDigest;
  readonly verify: VerifySignature;
}

export function openSeal(): Seal {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    sign: (digest) => sign(null, Buffer.from(digest), privateKey).toString('base64'),
    verify: (digest, signature) => verify(null, Buffer.from(digest), publicKey, Buffer.from(signature, 'base64')),
  };
}
