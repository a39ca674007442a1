// `cordon audit verify --bundle`: needs the file and the public key, no server and no network.
import { isUtf8 } from 'node:buffer';
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { type EvidenceReport, verifyEvidence } from '../audit/evidence.ts';
import { CliError, type Context, EXIT, type ExitCode } from './command.ts';
import { jsonText } from './output.ts';

export function verifyBundle(context: Context, file: string, keyFile: string | undefined): ExitCode {
  if (keyFile === undefined) {
    const hint =
      'Get it once from the installation itself, `cordon audit key > audit-key.pem`, and keep it: a key that comes with the bundle proves nothing.';
    throw new CliError(EXIT.wrongUse, 'KEY_MISSING', 'a bundle is checked with the public key that you trust: --key <file>', hint);
  }
  const key = publicKey(readBytes(context, keyFile).toString('utf8'), keyFile);
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  const isSigned = (digest: string, signature: string) => verify(null, Buffer.from(digest), key, Buffer.from(signature, 'base64'));
  const bytes = readBytes(context, file);
  const report = isUtf8(bytes) ? verifyEvidence(bytes.toString('utf8'), sha256, isSigned) : noText(bytes);
  context.out(context.json ? jsonText(report) : `${sayEvidence(file, report)}\n`);
  return report.ok ? EXIT.yes : EXIT.no;
}

/** A byte that is no text would be read as a replacement character, which may have been written there. */
function noText(bytes: Buffer): EvidenceReport {
  let line = 1;
  for (let from = 0; ; line++) {
    const to = bytes.indexOf(0x0a, from);
    if (to < 0 || !isUtf8(bytes.subarray(from, to))) break;
    from = to + 1;
  }
  return {
    ok: false,
    lines: 0,
    events: 0,
    checkpoints: 0,
    unanchored: 0,
    bad: { line, what: 'this line was altered: it is no text any more' },
  };
}

function sayEvidence(file: string, { bad, ...report }: EvidenceReport): string {
  if (bad) return `NOT intact: ${file}, line ${bad.line}: ${bad.what}`;
  const behind = report.unanchored === 0 ? '' : `; ${report.unanchored} events are younger than the last checkpoint in it`;
  return `intact: incident ${report.incident}, made ${report.madeAt}: ${report.lines} lines, ${report.events} audit events in whole chains, ${report.checkpoints} checkpoints${behind}`;
}

function readBytes(context: Context, file: string): Buffer {
  try {
    return readFileSync(resolve(context.cwd, file));
  } catch (error) {
    throw new CliError(
      EXIT.wrongUse,
      'FILE_UNREADABLE',
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function publicKey(pem: string, file: string): KeyObject {
  try {
    const key = createPublicKey(pem);
    if (key.asymmetricKeyType === 'ed25519' && !pem.includes('PRIVATE')) return key;
  } catch {
    // said below, as for any other text
  }
  throw new CliError(EXIT.wrongUse, 'KEY_WRONG', `${file} holds no public Ed25519 key (PEM, as \`cordon audit key\` prints it)`);
}
