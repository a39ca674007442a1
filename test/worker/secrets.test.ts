import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { auditKey, payloadKeyring, sourceSecret } from '../../worker/secrets.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'cordon-secrets-'));

describe('secrets that Cordon makes for itself', () => {
  it('a source has one of its own, the same on every start, for the owner alone', () => {
    const at = folder();
    const made = sourceSecret(at, 'plain');
    expect(made).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(sourceSecret(at, 'plain')).toBe(made);
    expect(sourceSecret(at, 'alertmanager')).not.toBe(made);
    expect(statSync(join(at, 'secrets/plain')).mode & 0o777).toBe(0o600);
    expect(statSync(join(at, 'secrets')).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(at, 'secrets')).sort()).toEqual(['alertmanager', 'plain']);
  });

  it('a secret that a person has put there is taken, without the line end', () => {
    const at = folder();
    sourceSecret(at, 'plain');
    writeFileSync(join(at, 'secrets/plain'), 'whsec_bWFkZS11cC1zZWNyZXQ=\n');
    expect(sourceSecret(at, 'plain')).toBe('whsec_bWFkZS11cC1zZWNyZXQ=');
  });

  it('the keyring is kept over restarts and holds 32-byte keys', () => {
    const at = folder();
    const ring = payloadKeyring(at);
    expect(ring.keys[ring.current]).toHaveLength(32);
    expect(payloadKeyring(at)).toEqual(ring);
  });

  it('a damaged keyring stops the start and is left as it is: a new one would make open runs unreadable', () => {
    for (const damaged of [
      '',
      '{"current":"a","keys":{}}',
      '{"current":"a","keys":{"a":"c2hvcnQ="}}',
      '{"current":"constructor","keys":{}}',
      'not json',
    ]) {
      const at = folder();
      payloadKeyring(at);
      const file = join(at, 'secrets/payload-keys');
      writeFileSync(file, damaged);
      expect(() => payloadKeyring(at)).toThrow(expect.objectContaining({ code: 'SECRET_DAMAGED' }));
      expect(readFileSync(file, 'utf8')).toBe(damaged);
    }
  });

  it('an empty or damaged secret is never used, nor replaced: anybody could sign with nothing', () => {
    for (const [name, read] of [
      ['plain', (at: string) => sourceSecret(at, 'plain')],
      ['audit-key', auditKey],
    ] as const) {
      for (const damaged of name === 'plain' ? ['', ' \n'] : ['', '-----BEGIN PRIVATE KEY-----\nmade up\n']) {
        const at = folder();
        read(at);
        const file = join(at, 'secrets', name);
        writeFileSync(file, damaged);
        expect(() => read(at)).toThrow(expect.objectContaining({ code: 'SECRET_DAMAGED', message: expect.stringContaining(file) }));
        expect(readFileSync(file, 'utf8')).toBe(damaged);
      }
    }
  });

  it('the audit key signs so that a changed text or another key is found out', () => {
    const at = folder();
    const signature = auditKey(at).sign('root of the chain');
    expect(auditKey(at).verify('root of the chain', signature)).toBe(true);
    expect(auditKey(at).verify('another root', signature)).toBe(false);
    expect(auditKey(folder()).verify('root of the chain', signature)).toBe(false);
    expect(auditKey(at).verify('root of the chain', 'garbage')).toBe(false);
  });
});
