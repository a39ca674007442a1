// Versions of a playbook: who wrote which, what each changed for the world, and putting one in force: a draft, or an older one again.
import { z } from 'zod';
import { diffPlans } from '../../language/plan-diff.ts';
import { listVersions, publishVersion, type VersionRecord } from '../../store/playbook-history.ts';
import type { VersionRow } from '../contract.ts';
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
  app.get(
    '/playbooks/:name/versions',
    { schema: { tags: ['playbooks'], summary: 'Its versions, newest first, each with what it changed', params } },
    async (request) => {
      const versions = await versionsOf(request.params.name);
      return { items: versions.map((one, index) => rowOf(one, versions[index + 1])) };
    },
  );
  app.get(
    '/playbooks/:name/versions/:version',
    { schema: { tags: ['playbooks'], summary: 'One version with its text', params: versionParams } },
    async (request) => {
      const versions = await versionsOf(request.params.name);
      const index = versions.findIndex(({ version }) => version === request.params.version);
      const one = found(versions[index], `version ${request.params.version} of ${request.params.name}`);
      return { ...rowOf(one, versions[index + 1]), source: one.source };
    },
  );
  app.get(
    '/playbooks/:name/diff',
    { schema: { tags: ['playbooks'], summary: 'What one version changes for the world against another', params, querystring: diffQuery } },
    async (request) => {
      const versions = await versionsOf(request.params.name);
      const pick = (wanted: number | undefined, other: VersionRecord | undefined): VersionRecord =>
        found(
          wanted === undefined ? other : versions.find(({ version }) => version === wanted),
          `version ${wanted ?? ''} of ${request.params.name}`,
        );
      const inForce = versions.find(({ state }) => state === 'published');
      const to = pick(request.query.to, versions[0]);
      const from = pick(
        request.query.from,
        inForce === to ? (versions.find(({ version }) => version < to.version) ?? to) : (inForce ?? to),
      );
      return { playbook: request.params.name, from: from.version, to: to.version, changes: diffPlans(from.plan, to.plan) };
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

const rowOf = (one: VersionRecord, before: VersionRecord | undefined): VersionRow => ({
  version: one.version,
  digest: one.digest,
  state: one.state,
  author: one.author,
  ...(one.published_by === null || one.state === 'draft' ? {} : { publishedBy: one.published_by }),
  writtenAt: one.written_at.toISOString(),
  ...(one.state === 'draft' ? {} : { publishedAt: one.published_at.toISOString() }),
  changes: before ? diffPlans(before.plan, one.plan) : [],
});
