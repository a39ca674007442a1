// Versions of one playbook: a draft that somebody else wrote, the one in force, one that it went back from, and the first.
import { readFileSync } from 'node:fs';
import { readPlaybook } from '../../language/parse.ts';
import { svgOf } from '../../language/picture/svg.ts';
import type { VersionDiff, VersionRow } from '../../server/contract.ts';
import { type Ago, DIGEST } from './world-parts.ts';

const APPROVAL = {
  change: 'changed',
  about: 'effect',
  says: 'Disable a user on inputs.user: approved by a responder within 15 minutes → approved by two responders within 30 minutes',
} as const;
const ISOLATE = {
  change: 'added',
  about: 'effect',
  says: 'Isolate a host on inputs.hosts, held for 24 hours, then people are asked, only when the reputation of the address is 90 or more',
} as const;

export function versions(ago: Ago): VersionRow[] {
  const row = { digest: DIGEST, author: 'Sam Okafor', publishedBy: 'Lea Brandt' };
  const written = (seconds: number, by = 'Sam Okafor') => ({ did: 'drafted', at: ago(seconds), by }) as const;
  return [
    {
      ...row,
      version: 4,
      state: 'draft',
      writtenAt: ago(3_600),
      changes: [APPROVAL, ISOLATE],
      mayPublish: true,
      history: [written(3_600)],
    },
    {
      ...row,
      version: 3,
      state: 'published',
      writtenAt: ago(172_800),
      publishedAt: ago(86_400),
      changes: [{ change: 'removed', about: 'question', says: 'question “Is this a true positive?”, to the role analyst' }],
      history: [{ did: 'published', at: ago(86_400), by: 'Lea Brandt', reason: 'reviewed with identity' }, written(172_800)],
    },
    {
      ...row,
      version: 2,
      state: 'superseded',
      writtenAt: ago(900_000),
      publishedAt: ago(864_000),
      changes: [],
      mayPublish: true,
      history: [
        { did: 'rolled back', at: ago(500_000), by: 'Sam Okafor', reason: 'version 3 asked the wrong people at night' },
        { did: 'published', at: ago(864_000), by: 'Lea Brandt' },
        written(900_000),
      ],
    },
    { ...row, version: 1, state: 'superseded', writtenAt: ago(2_000_000), changes: [], mayPublish: true, history: [] },
  ];
}

export const difference = (playbook: string, from: number, to: number): VersionDiff => ({
  ...{ playbook, from, to },
  changes:
    to === 4
      ? [APPROVAL, ISOLATE]
      : to < from
        ? []
        : [{ change: 'removed', about: 'question', says: 'question “Is this a true positive?”' }],
});

/** The real picture of a shipped playbook. */
export function picture(): string {
  const path = 'playbooks/contain-compromised-account/playbook.yaml';
  const { plan } = readPlaybook(readFileSync(path, 'utf8'), path);
  if (!plan) throw new Error(`${path} is broken`);
  return svgOf(plan);
}
