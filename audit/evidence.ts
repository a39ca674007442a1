// A bundle of evidence about one incident: lines of JSON, the first says what it is, the last seals all others by their digests under a signature.
// Whoever has the public key can check it without us, and is told which line is not as it was written.
import { type CheckpointHeads, checkpointDigest, headsRoot } from './checkpoint.ts';
import type { ChainedEvent, Sha256 } from './event.ts';
import { verifyChain } from './verify.ts';

export const EVIDENCE_FORMAT = 'cordon-evidence/1';

/** Parsed lines, each with its kind. */
export interface EvidenceLine {
  readonly type: 'evidence' | 'incident' | 'alert' | 'decision' | 'run' | 'step' | 'approval' | 'hold' | 'event' | 'checkpoint' | 'seal';
  readonly [member: string]: unknown;
}

interface Seal extends EvidenceLine {
  readonly type: 'seal';
  /** sha256 of each line before this one, in order, hex. */
  readonly lines: readonly string[];
  readonly signature: string;
}

export interface EvidenceReport {
  readonly ok: boolean;
  readonly incident?: string;
  readonly madeAt?: string;
  readonly lines: number;
  /** Audit events in chains that are whole. */
  readonly events: number;
  /** Checkpoints that are signed by the key and hold a chain of the bundle. */
  readonly checkpoints: number;
  /** Events behind the last checkpoint in the bundle: they rest on the seal alone. */
  readonly unanchored: number;
  /** What is not as it was written, in words; the first one is named. */
  readonly bad?: { readonly line: number; readonly what: string };
}

/** What is signed: the digests of all lines, in their order. */
export const sealDigest = (lines: readonly string[], sha256: Sha256): string => sha256([`${EVIDENCE_FORMAT} seal`, ...lines].join('\n'));

/** `text`: the whole file, decoded without loss. `verify`: is this a signature of the digest by the key that the reader trusts? */
export function verifyEvidence(text: string, sha256: Sha256, verify: (digest: string, signature: string) => boolean): EvidenceReport {
  const lines = text.split('\n');
  const bad = (line: number, what: string): EvidenceReport => ({
    ok: false,
    lines: Math.max(0, lines.length - 2),
    events: 0,
    checkpoints: 0,
    unanchored: 0,
    bad: { line, what },
  });
  const at = lines.findLastIndex((line) => line !== '');
  const seal = at < 0 ? undefined : asSeal(lines[at] ?? '');
  if (!seal) return bad(Math.max(1, at + 1), 'the last line is no seal: the file was cut, or its end was altered');
  if (lines.length !== at + 2 || lines[at + 1] !== '') return bad(at + 2, 'there is something behind the seal');
  if (lines[at] !== sealText(seal)) return bad(at + 1, 'the seal was altered');
  if (!verify(sealDigest(seal.lines, sha256), seal.signature)) return bad(at + 1, 'the seal is not signed by this key, or was altered');
  for (let index = 0; index < Math.max(at, seal.lines.length); index++) {
    const line = index < at ? lines[index] : undefined;
    if (line === undefined) return bad(index + 1, 'this line is missing');
    if (sha256(line) !== seal.lines[index]) return bad(index + 1, `this line was altered${nameOf(line)}`);
  }
  return verifyContent(lines.slice(0, at).map(parsed), sha256, verify, bad);
}

/** Members in the order in which they are written: equal bytes for equal seals. */
export const sealText = ({ lines, signature }: Pick<Seal, 'lines' | 'signature'>): string =>
  JSON.stringify({ type: 'seal', lines, signature });

type Bad = (line: number, what: string) => EvidenceReport;

/** The seal holds. Are the chains in it whole, and as the checkpoints say? */
function verifyContent(
  content: readonly EvidenceLine[],
  sha256: Sha256,
  verify: (digest: string, signature: string) => boolean,
  bad: Bad,
): EvidenceReport {
  const [first] = content;
  if (first?.type !== 'evidence' || first.format !== EVIDENCE_FORMAT) return bad(1, `this is no bundle of the format ${EVIDENCE_FORMAT}`);
  // Sealed by the key: written by us, in these shapes.
  const events = content.filter((line) => line.type === 'event') as unknown as readonly ChainedEvent[];
  const verdict = verifyChain(events, sha256);
  if (!verdict.ok) {
    const line = content.findIndex((one) => one.stream === verdict.bad.stream && one.seq === verdict.bad.seq) + 1;
    return bad(line, `the audit record ${verdict.bad.seq} of ${verdict.bad.stream} is ${verdict.bad.reason}`);
  }
  const anchored = new Map<string, number>();
  for (const [index, line] of content.entries()) {
    if (line.type !== 'checkpoint') continue;
    const { heads, root, prev, at, digest, signature } = line as unknown as SealedCheckpoint; // as above
    const made = { prev, at, count: Object.keys(heads).length, root: headsRoot(heads, sha256) };
    if (made.root !== root || checkpointDigest(made, sha256) !== digest || !verify(digest, signature))
      return bad(index + 1, 'this checkpoint is not the one that was signed');
    for (const [stream, [seq, hash]] of Object.entries(heads)) {
      const event = events.find((one) => one.stream === stream && one.seq === seq);
      if (event && event.hash !== hash) return bad(index + 1, `this checkpoint holds another record ${seq} of ${stream}`);
      if (event) anchored.set(stream, Math.max(seq, anchored.get(stream) ?? 0));
    }
  }
  return {
    ok: true,
    incident: String(first.incident),
    madeAt: String(first.madeAt),
    lines: content.length,
    events: events.length,
    checkpoints: content.filter((line) => line.type === 'checkpoint').length,
    unanchored: events.filter((event) => event.seq > (anchored.get(event.stream) ?? 0)).length,
  };
}

interface SealedCheckpoint {
  readonly heads: CheckpointHeads;
  readonly root: string;
  readonly prev: string;
  readonly at: string;
  readonly digest: string;
  readonly signature: string;
}

function asSeal(line: string): Seal | undefined {
  const value = attempt(line);
  if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'seal') return undefined;
  if (!('lines' in value) || !Array.isArray(value.lines) || !('signature' in value) || typeof value.signature !== 'string')
    return undefined;
  return { type: 'seal', lines: value.lines.map(String), signature: value.signature };
}

/** Sealed lines are our own JSON. */
const parsed = (line: string): EvidenceLine => JSON.parse(line) as EvidenceLine;

function attempt(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What it is about, where it can still be read. */
function nameOf(line: string): string {
  const value = attempt(line);
  if (typeof value !== 'object' || value === null || !('type' in value)) return '';
  const about = ['id', 'key', 'stream'].flatMap((name) =>
    name in value ? [String((value as Readonly<Record<string, unknown>>)[name])] : [],
  );
  return ` (${[String(value.type), ...about].join(' ')})`;
}
