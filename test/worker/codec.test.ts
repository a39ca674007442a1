import { describe, expect, it } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import { encryptionCodec, type Keyring } from '../../worker/codec.ts';

const ring = (id: string, byte: number): Keyring => ({ current: id, keys: { [id]: Buffer.alloc(32, byte) } });
const payload = (value: unknown) => {
  const made = defaultPayloadConverter.toPayload(value);
  if (made === undefined) throw new Error('no payload');
  return made;
};
const open = async (keys: Keyring, sent: Parameters<ReturnType<typeof encryptionCodec>['decode']>[0]) => {
  const reasons: string[] = [];
  const [first] = await encryptionCodec(keys, (reason) => reasons.push(reason)).decode(sent);
  if (first === undefined) throw new Error('nothing came back');
  return { value: defaultPayloadConverter.fromPayload(first), reasons };
};

describe('payloads to Temporal', () => {
  it('come back as they were, and hold no plain text on the way', async () => {
    const value = { user: 'Eve Adams', note: 'made-up-secret' };
    const sent = await encryptionCodec(ring('a', 1)).encode([payload(value)]);
    expect(Buffer.from(sent[0]?.data ?? []).toString('latin1')).not.toContain('made-up-secret');
    expect(await open(ring('a', 1), sent)).toEqual({ value, reasons: [] });
  });

  it('are read with an old key of the ring, and written with the current one', async () => {
    const old = await encryptionCodec(ring('old', 1)).encode([payload('before')]);
    const both: Keyring = { current: 'new', keys: { old: Buffer.alloc(32, 1), new: Buffer.alloc(32, 2) } };
    expect((await open(both, old)).value).toBe('before');
    const [next] = await encryptionCodec(both).encode([payload('after')]);
    expect(Buffer.from(next?.metadata?.['encryption-key-id'] ?? []).toString()).toBe('new');
  });
});

describe('large payloads', () => {
  it('come back as they were, and travel compressed', async () => {
    const value = Array.from({ length: 5000 }, (_, index) => ({ id: `message-${index}`, subject: 'Your mailbox is full' }));
    const sent = await encryptionCodec(ring('a', 1)).encode([payload(value)]);
    expect(sent[0]?.data?.byteLength).toBeLessThan(JSON.stringify(value).length / 4);
    expect((await open(ring('a', 1), sent)).value).toEqual(value);
  });

  it('of which one byte was changed are refused', async () => {
    const [sent] = await encryptionCodec(ring('a', 1)).encode([payload('x'.repeat(100_000))]);
    const data = Buffer.from(sent?.data ?? []);
    data[40] = (data[40] ?? 0) ^ 1;
    expect((await open(ring('a', 1), [{ ...sent, data }])).reasons).toEqual(['it was changed after it was encrypted']);
  });
});

describe('what was not encrypted with our keys is replaced, and nothing of it is kept', () => {
  const refused = (reason: string) => ({ value: { 'cordon.refused': reason }, reasons: [reason] });

  it('plain JSON, as any client of Temporal can send it', async () => {
    expect(await open(ring('a', 1), [payload({ runId: 'forged' })])).toEqual(refused('it is not encrypted'));
  });
  it('a payload without any metadata', async () => {
    expect(await open(ring('a', 1), [{}])).toEqual(refused('it is not encrypted'));
  });
  it('one encrypted by somebody else, also under a name that objects have by themselves', async () => {
    for (const id of ['b', 'constructor', '__proto__']) {
      const sent = await encryptionCodec({ current: id, keys: Object.fromEntries([[id, Buffer.alloc(32, 9)]]) }).encode([payload(1)]);
      expect(await open(ring('a', 1), sent)).toEqual(refused('it is encrypted with a key that is not ours'));
    }
  });
  it('one under our key id with another key, a changed byte, or cut off', async () => {
    const changed = 'it was changed after it was encrypted';
    const foreign = await encryptionCodec(ring('a', 9)).encode([payload(1)]);
    expect(await open(ring('a', 1), foreign)).toEqual(refused(changed));
    const [sent] = await encryptionCodec(ring('a', 1)).encode([payload('a longer text')]);
    const data = Buffer.from(sent?.data ?? []);
    data.writeUInt8(data.readUInt8(20) ^ 1, 20);
    expect(await open(ring('a', 1), [{ ...sent, data }])).toEqual(refused(changed));
    expect(await open(ring('a', 1), [{ ...sent, data: data.subarray(0, 27) }])).toEqual(refused('it is too short'));
    expect(await open(ring('a', 1), [{ ...sent, data: data.subarray(0, 40) }])).toEqual(refused(changed));
  });
});
