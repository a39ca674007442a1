// Secrets that Cordon makes for itself, in secrets/ of the data folder: each a file of its own, for its owner's eyes only.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Keyring } from './codec.ts';
import { codeOf } from './error-code.ts';
import { StartError } from './start-error.ts';

export const secretFile = (folder: string, name: string): string => join(folder, 'secrets', name);

/** The content of a secret's file; `make` is asked when there is none. It is on disk, complete, before this returns. Throws StartError SECRET_DAMAGED. */
function ownSecret(folder: string, name: string, make: () => string): string {
  const file = secretFile(folder, name);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const secret = readOrMake(file, make);
  // Whoever sent nothing would have signed with it.
  if (secret === '') throw damaged(file, 'is empty', 'Restore it from its copy. Nothing was changed.');
  return secret;
}

function readOrMake(file: string, make: () => string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    // A key that data was encrypted with must not be lost by a power cut, nor cut by a full disk.
    writeFileSync(aside, make(), { flag: 'wx', mode: 0o600, flush: true });
    // Link, not rename: of two that start at once the first one wins, and both read its secret.
    linkSync(aside, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}

const damaged = (file: string, why: string, advice: string): StartError => new StartError('SECRET_DAMAGED', `${file} ${why}.`, advice);

/** A source's signing secret (Standard Webhooks) or bearer credential. */
export const sourceSecret = (folder: string, source: string): string =>
  ownSecret(folder, source, () => `whsec_${randomBytes(32).toString('base64')}`);

const keyringFile = z.strictObject({ current: z.string().min(1), keys: z.record(z.string().min(1), z.base64()) });

/** Keys of the payloads to Temporal. To rotate: add a key, make it `current`, keep the old ones as long as runs that know them. */
export function payloadKeyring(folder: string): Keyring {
  const text = ownSecret(folder, 'payload-keys', () => {
    const current = randomBytes(4).toString('hex');
    return JSON.stringify({ current, keys: { [current]: randomBytes(32).toString('base64') } });
  });
  return keyringOf(text, secretFile(folder, 'payload-keys'));
}

/** Throws StartError SECRET_DAMAGED, naming the file. */
export function keyringOf(text: string, file: string): Keyring {
  const parsed = keyringFile.safeParse(parseJson(text));
  const keys = Object.entries(parsed.data?.keys ?? {}).map(([id, key]) => [id, Buffer.from(key, 'base64')] as const);
  if (!parsed.success || keys.some(([, key]) => key.length !== 32) || !Object.hasOwn(parsed.data.keys, parsed.data.current)) {
    throw damaged(
      file,
      'cannot be read as a keyring',
      'Restore it from a backup: without it, runs that are open in Temporal cannot go on. Nothing was changed.',
    );
  }
  return { current: parsed.data.current, keys: Object.fromEntries(keys) };
}

export interface AuditKey {
  readonly sign: (text: string) => string;
  readonly verify: (text: string, signature: string) => boolean;
  /** PEM. */
  readonly publicKey: string;
}

/** Ed25519: whoever checks the audit elsewhere needs the public half only. */
export function auditKey(folder: string): AuditKey {
  const pem = ownSecret(folder, 'audit-key', () =>
    generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  );
  const secret = privateKey(pem, secretFile(folder, 'audit-key'));
  const open = createPublicKey(secret);
  return {
    publicKey: open.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => sign(null, Buffer.from(text), secret).toString('base64'),
    verify: (text, signature) => verify(null, Buffer.from(text), open, Buffer.from(signature, 'base64')),
  };
}

function privateKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw damaged(
      file,
      'cannot be read as a private key',
      'Restore it from its copy: another one verifies nothing that this one has signed. Nothing was changed.',
    );
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
