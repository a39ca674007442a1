// Versions of a playbook: who wrote which, its picture, what each changed for the world, and putting one in force: a draft, or an older one again.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { svgOf } from '../../language/picture/svg.ts';
import { diffPlans, introducedBy } from '../../language/plan-diff.ts';
import { listVersionEvents, listVersions, publishVersion, type VersionEvent, type VersionRecord } from '../../store/playbook-history.ts';
import type { VersionDiff, VersionRow } from '../contract.ts';
import type { ServerDeps } from '../deps.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { found, type Routes, reasonText } from './route.ts';

const name = z.string().min(1).max(128);
const params = z.strictObject({ name });
const versionParams = z.strictObject({ name, version: z.coerce.number().int().min(1).max(1_000_000) });
const diffQuery = z.strictObject({ from: z.coerce.number().int().min(1).optional(), to: z.coerce.number().int().min(1).optional() });
const body = z.strictObject({ reason: reasonText.optional() });

/** Throws PUBLISH_ELSEWHERE where a folder is the source of truth. */
export function refuseElsewhere(deps: ServerDeps): void {
  if (deps.publishing?.from === 'folder')
    throw problem('PUBLISH_ELSEWHERE', 'By cordon.yaml (publishing.from) the folder of playbooks is the source of truth.');
}

export const versionRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  const versionsOf = async (playbook: string): Promise<readonly VersionRecord[]> => {
    const versions = await listVersions(store.db, playbook);
    if (versions.length === 0) throw problem('NOT_FOUND', `There is no playbook ${playbook}.`);
    return versions;
  };
  const rowsOf = async (playbook: string, who: Who): Promise<readonly VersionRow[]> => {
    const versions = await versionsOf(playbook);
    const events = await listVersionEvents(store.db, playbook);
    return versions.map((one, index) => ({
      ...rowOf(one, versions[index + 1], events),
      ...(one.state === 'published' ? {} : mayPublish(deps, who, one)),
    }));
  };
  app.get(
    '/playbooks/:name/versions',
    { schema: { tags: ['playbooks'], summary: 'Its versions, newest first, each with what it changed', params } },
    async (request) => ({ items: await rowsOf(request.params.name, whoOf(request)) }),
  );
  app.get(
    '/playbooks/:name/versions/:version',
    { schema: { tags: ['playbooks'], summary: 'One version with its text and its plan', params: versionParams } },
    async (request) => {
      const { name: playbook, version } = request.params;
      const rows = await rowsOf(playbook, whoOf(request));
      const row = rows.find((one) => one.version === version);
      const stored = (await versionsOf(playbook)).find((one) => one.version === version);
      return { ...found(row, `version ${version} of ${playbook}`), source: stored?.source, plan: stored?.plan };
    },
  );
  app.get(
    '/playbooks/:name/versions/:version/graph',
    { schema: { tags: ['playbooks'], summary: 'One version as a picture (SVG), light or dark as the reader is', params: versionParams } },
    async (request, reply) => {
      const { name: playbook, version } = request.params;
      const one = (await versionsOf(playbook)).find((candidate) => candidate.version === version);
      const svg = svgOf(found(one, `version ${version} of ${playbook}`).plan);
      return reply.header('content-security-policy', picturePolicy(svg)).type('image/svg+xml').send(svg);
    },
  );
  app.get(
    '/playbooks/:name/diff',
    {
      schema: {
        tags: ['playbooks'],
        summary: 'What one version changes for the world against another; 0: against nothing, where none is in force',
        params,
        querystring: diffQuery,
      },
    },
    async (request) => {
      const versions = await versionsOf(request.params.name);
      const pick = (wanted: number | undefined, other: VersionRecord | undefined): VersionRecord =>
        found(
          wanted === undefined ? other : versions.find(({ version }) => version === wanted),
          `version ${wanted ?? ''} of ${request.params.name}`,
        );
      const inForce = versions.find(({ state }) => state === 'published');
      const to = pick(request.query.to, versions[0]);
      const { name: playbook } = request.params;
      // Nothing is in force that it could be held against.
      if (!inForce && request.query.from === undefined) return { playbook, from: 0, to: to.version, changes: introducedBy(to.plan) };
      const from = pick(
        request.query.from,
        inForce === to ? (versions.find(({ version }) => version < to.version) ?? to) : (inForce ?? to),
      );
      const answer: VersionDiff = {
        ...{ playbook, from: from.version, to: to.version },
        changes: diffPlans(from.plan, to.plan),
      };
      return answer;
    },
  );
  app.post(
    '/playbooks/:name/versions/:version/publish',
    { schema: { tags: ['playbooks'], summary: 'Put a draft, or an older version again, in force', params: versionParams, body } },
    async (request) => {
      refuseElsewhere(deps);
      const { name: playbook, version } = request.params;
      const needsSecond = deps.publishing?.secondPerson ?? false;
      const wish = { playbook, version, by: whoOf(request).person.id, reason: request.body.reason ?? '', needsSecond };
      const result = await publishVersion(store.db, wish, deps.now());
      if (result === 'missing') throw problem('NOT_FOUND', `There is no version ${version} of ${playbook}.`);
      if (result === 'needs-second') throw problem('PUBLISH_SECOND', `You wrote version ${version} of ${playbook}.`);
      store.wake('playbooks');
      return { published: true, playbook, version, unchanged: result === 'unchanged' };
    },
  );
};

type Who = ReturnType<typeof whoOf>;

function mayPublish(deps: ServerDeps, who: Who, one: VersionRecord): Pick<VersionRow, 'mayPublish' | 'refusal'> {
  const no = (refusal: string) => ({ mayPublish: false, refusal });
  if (deps.publishing?.from === 'folder') return no('The folder of playbooks is the source of truth: change the file there.');
  if (!who.scopes.includes('publish')) return no('Engineers and above put versions in force.');
  if (one.state === 'draft' && deps.publishing?.secondPerson === true && one.author_id === who.person.id)
    return no('You wrote it: another person puts it in force.');
  return { mayPublish: true };
}

/** Nothing but its own style, which is the same in every picture: by its digest. */
function picturePolicy(svg: string): string {
  const style = /<style>([^<]*)<\/style>/.exec(svg)?.[1] ?? '';
  const digest = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${digest}'; frame-ancestors 'none'`;
}

const DID: Readonly<Record<string, VersionRow['history'][number]['did']>> = {
  'playbook.drafted': 'drafted',
  'playbook.published': 'published',
  'playbook.rolled_back': 'rolled back',
};

const rowOf = (one: VersionRecord, before: VersionRecord | undefined, events: readonly VersionEvent[]): VersionRow => ({
  version: one.version,
  digest: one.digest,
  state: one.state,
  author: one.author,
  ...(one.published_by === null || one.state === 'draft' ? {} : { publishedBy: one.published_by }),
  writtenAt: one.written_at.toISOString(),
  ...(one.state === 'draft' ? {} : { publishedAt: one.published_at.toISOString() }),
  changes: before ? diffPlans(before.plan, one.plan) : [],
  history: events
    .filter(({ version }) => version === one.version)
    .map(({ code, at, by, reason }) => ({
      did: DID[code] ?? 'published',
      at: at.toISOString(),
      by,
      ...(reason === null ? {} : { reason }),
    })),
});
