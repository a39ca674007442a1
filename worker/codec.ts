// Payloads to Temporal are encrypted, AES-256-GCM under a keyring. What comes back and was not encrypted with our keys is refused:
// it is replaced by a value that says so, and nothing of it is kept. An error here instead would let one forged signal stop a run for ever.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Payload, PayloadCodec } from '@temporalio/common';
// CommonJS whose names Node cannot see: default import only.
import proto from '@temporalio/proto';
import { REFUSED } from '../workflows/contract.ts';

const ENCODING = 'binary/encrypted';
/** Within the encrypted one: what is compressed is as authentic as the rest. */
const DEFLATED = 'binary/deflated';
/** Below it, compressing costs more than it saves, bytes. */
const DEFLATE_FROM = 16_384;
/** What a payload may become, bytes: a few characters must not fill the memory. */
const MAX_INFLATED = 64 * 1024 * 1024;
const KEY_ID = 'encryption-key-id';
const IV_BYTES = 12;
const TAG_BYTES = 16;
const text = new TextEncoder();
const { Payload: PayloadProto } = proto.temporal.api.common.v1;

export interface Keyring {
  /** Id of the key that encrypts; all of them decrypt. */
  readonly current: string;
  /** 32 bytes each. */
  readonly keys: Readonly<Record<string, Buffer>>;
}

/** Throws when the keyring has no such current key. `refused` is told why a payload was not taken. */
export function encryptionCodec(ring: Keyring, refused: (reason: string) => void = () => undefined): PayloadCodec {
  const keyId = ring.current;
  const key = ring.keys[keyId];
  if (key === undefined) throw new Error(`the keyring has no key "${keyId}"`);
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(payload, keyId, key)),
    decode: async (payloads) =>
      payloads.map((payload) => {
        const opened = decrypt(payload, ring.keys);
        if (typeof opened !== 'string') return opened;
        refused(opened);
        return refusal(opened);
      }),
  };
}

function encrypt(payload: Payload, keyId: string, key: Buffer): Payload {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(keyId));
  const body = cipher.update(deflated(PayloadProto.encode(payload).finish()));
  return {
    metadata: { encoding: text.encode(ENCODING), [KEY_ID]: text.encode(keyId) },
    data: Buffer.concat([iv, body, cipher.final(), cipher.getAuthTag()]),
  };
}

function deflated(plain: Uint8Array): Uint8Array {
  if (plain.byteLength < DEFLATE_FROM) return plain;
  return PayloadProto.encode({ metadata: { encoding: text.encode(DEFLATED) }, data: deflateRawSync(plain, { level: 3 }) }).finish();
}

function inflated(payload: Payload): Payload {
  const isDeflated = Buffer.from(payload.metadata?.encoding ?? []).toString() === DEFLATED;
  return isDeflated ? PayloadProto.decode(inflateRawSync(payload.data ?? Buffer.alloc(0), { maxOutputLength: MAX_INFLATED })) : payload;
}

/** The payload, or why it is not ours. */
function decrypt({ metadata, data }: Payload, keys: Keyring['keys']): Payload | string {
  const said = (name: string) => Buffer.from(metadata?.[name] ?? []).toString();
  if (said('encoding') !== ENCODING) return 'it is not encrypted';
  const keyId = said(KEY_ID);
  // Own members only: "constructor" is no key.
  const key = Object.hasOwn(keys, keyId) ? keys[keyId] : undefined;
  if (key === undefined) return 'it is encrypted with a key that is not ours';
  if (!data || data.byteLength < IV_BYTES + TAG_BYTES) return 'it is too short';
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(keyId)).setAuthTag(bytes.subarray(-TAG_BYTES));
    const plain = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]);
    return inflated(PayloadProto.decode(plain));
  } catch {
    return 'it was changed after it was encrypted';
  }
}

const refusal = (reason: string): Payload => ({
  metadata: { encoding: text.encode('json/plain') },
  data: text.encode(JSON.stringify({ [REFUSED]: reason })),
});
