// A checkpoint says, under a signature, which heads the streams had. Checkpoints are chained, so each need only hold the heads that have
// changed since the one before: together they hold all.
import type { Sha256 } from './event.ts';

/** stream -> [seq, hash] */
export type CheckpointHeads = Readonly<Record<string, readonly [seq: number, hash: string]>>;

export interface CheckpointContent {
  /** Digest of the checkpoint before; CHAIN_START for the first. */
  readonly prev: string;
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Number of heads. */
  readonly count: number;
  readonly root: string;
}

/** What is signed. */
export function checkpointDigest(content: CheckpointContent, sha256: Sha256): string {
  return sha256(['cordon-checkpoint/1', content.prev, content.at, String(content.count), content.root].join('\n'));
}

/** Merkle root over the heads, sorted by stream; leaves and nodes are hashed differently, so that neither passes for the other. */
export function headsRoot(heads: CheckpointHeads, sha256: Sha256): string {
  const leaves = Object.keys(heads)
    .sort()
    .map((stream) => {
      const [seq, hash] = heads[stream] ?? [0, ''];
      return sha256(['cordon-leaf/1', stream, String(seq), hash].join('\n'));
    });
  return merkleRoot(leaves, sha256);
}

function merkleRoot(leaves: readonly string[], sha256: Sha256): string {
  let row = leaves;
  while (row.length > 1) {
    const above: string[] = [];
    for (let at = 0; at < row.length; at += 2) {
      const [left, right] = [row[at] ?? '', row[at + 1]];
      above.push(right === undefined ? left : sha256(`cordon-node/1\n${left}\n${right}`));
    }
    row = above;
  }
  return row[0] ?? sha256('cordon-empty/1');
}
