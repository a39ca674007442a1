// `cordon audit verify --against`: what was taken off the machine is held against what is there now. Whoever has the machine and its key can rewrite
// the whole log so that it verifies, but not a copy that is elsewhere.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { chainHash } from '../audit/chain.ts';
import type { ChainedEvent } from '../audit/event.ts';
import type { Client } from './client.ts';
import { CliError, type Context, EXIT } from './command.ts';

export interface AgainstReport {
  readonly file: string;
  /** That were compared. */
  readonly events: number;
  readonly checkpoints: number;
  /** The first line of the file that is not in the log any more, or not as it was. */
  readonly bad?: { readonly line: number; readonly what: string; readonly reason: 'missing' | 'differs' };
}

type Line = { readonly type: 'event'; readonly event: ChainedEvent } | { readonly type: 'checkpoint'; readonly digest: string };

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** `file`: an export of the audit log, whole or in part, or a bundle of evidence. About 200 bytes of memory for each record of the log. */
export async function verifyAgainst(context: Context, client: Client, file: string): Promise<AgainstReport> {
  const kept = createReadStream(resolve(context.cwd, file));
  await new Promise<void>((opened, failed) =>
    kept.once('open', () => opened()).once('error', (error) => failed(unreadable(file, error.message))),
  );
  const there = await present(client);
  const seen = { events: 0, checkpoints: 0 };
  for await (const [number, line] of linesOf(kept, file)) {
    const [key, hash] = line.type === 'event' ? keyOf(line.event) : [line.digest, line.digest];
    const found = there.get(key);
    const what = line.type === 'event' ? `${line.event.stream} record ${line.event.seq}` : `checkpoint ${line.digest}`;
    if (found !== hash) {
      kept.destroy();
      return { file, ...seen, bad: { line: number, what, reason: found === undefined ? 'missing' : 'differs' } };
    }
    seen[line.type === 'event' ? 'events' : 'checkpoints'] += 1;
  }
  if (seen.events + seen.checkpoints === 0) throw unreadable(file, 'it holds no record of an audit log');
  return { file, ...seen };
}

/** Each record by its place with what it hashes to, and the digests of checkpoints. Hashed here: what the server says of a record is no proof of it. */
async function present(client: Client): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const [, line] of linesOf(Readable.from(await client.stream('/audit/export')), 'the export')) {
    if (line.type === 'event') found.set(...keyOf(line.event));
    else found.set(line.digest, line.digest);
  }
  return found;
}

const keyOf = (event: ChainedEvent): [place: string, hash: string] => [`${event.stream} ${event.seq}`, hashOf(event)];

/** Empty where it is nothing that can be hashed: as we never wrote it. */
function hashOf(event: ChainedEvent): string {
  try {
    return chainHash(event.prev, event, sha256);
  } catch {
    return '';
  }
}

async function* linesOf(input: Readable, file: string): AsyncGenerator<[number: number, line: Line]> {
  let number = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    const line = text === '' ? undefined : lineOf(text, `${file}, line ${number}`);
    if (line) yield [number, line];
  }
}

/** Undefined: of a bundle, and no part of the log. */
function lineOf(text: string, place: string): Line | undefined {
  const value = parsed(text, place);
  if (value.type === 'checkpoint' && typeof value.digest === 'string') return { type: 'checkpoint', digest: value.digest };
  if (value.type !== 'event') return undefined;
  if (typeof value.stream !== 'string' || typeof value.seq !== 'number') throw unreadable(place, 'it says no place in the log');
  // An event as we write it; where it is not, it does not hash to what is there.
  return { type: 'event', event: value as unknown as ChainedEvent };
}

function parsed(text: string, place: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    // Its members are looked at one by one.
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // said below
  }
  throw unreadable(place, 'it is no line of an export (JSON): the file was cut or altered');
}

const unreadable = (file: string, why: string): CliError =>
  new CliError(
    EXIT.wrongUse,
    'FILE_UNREADABLE',
    `${file} cannot be compared: ${why}`,
    'It takes what `cordon audit export` wrote, or a bundle of evidence.',
  );
