// A key that seals the audit's heads, as the server's own does each second. Made up, and the same in a world and in a server beside it.
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { ServerDeps } from '../../server/deps.ts';

export type Seal = ServerDeps['audit'];

/** An Ed25519 key in PKCS #8 begins so; 32 bytes of its own follow. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

export function sealOf(name = 'made-up'): Seal {
  const own = createHash('sha256').update(name).digest();
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8, own]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  return {
    sign: (digest) => sign(null, Buffer.from(digest), privateKey).toString('base64'),
    verify: (digest, signature) => verify(null, Buffer.from(digest), publicKey, Buffer.from(signature, 'base64')),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}
