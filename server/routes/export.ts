// Events for systems that collect them: alerts as OCSF Detection Findings, effects as Remediation Activities, one JSON object on each line.
import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Alert } from '../../alerts/alert.ts';
import { detectionFinding, type FindingFacts, OCSF_VERSION } from '../../alerts/ocsf.ts';
import { remediationActivity } from '../../audit/ocsf.ts';
import { appendAudit } from '../../store/audit.ts';
import type { Db } from '../../store/store.ts';
import { type AlertForExport, alertsIn, effectsIn, type Span } from '../../store/views/ocsf.ts';
import { whoOf } from '../guard.ts';
import type { Routes } from './route.ts';

const span = z.strictObject({
  since: z.iso.datetime().optional().describe('Events of this instant and later.'),
  until: z.iso.datetime().optional().describe('Events before this instant.'),
});

export const exportRoutes: Routes = (app, { deps }) => {
  const { db } = deps.store;
  app.get(
    '/export/ocsf',
    { schema: { tags: ['audit'], summary: 'Alerts and effects as OCSF events, as NDJSON', querystring: span } },
    async (request, reply) => {
      const { since, until } = request.query;
      await appendAudit(db, 'admin', [
        { at: deps.now(), code: 'events.exported', actor: whoOf(request).person.id, body: { format: 'OCSF' } },
      ]);
      const wanted = {
        ...(since === undefined ? {} : { since: new Date(since) }),
        ...(until === undefined ? {} : { until: new Date(until) }),
      };
      return reply.type('application/x-ndjson').send(Readable.from(ocsfLines(db, wanted, deps.version)));
    },
  );
};

async function* ocsfLines(db: Db, wanted: Span, version: string): AsyncGenerator<string> {
  const product = { name: 'Cordon', vendor_name: 'Cordon', version };
  for await (const row of alertsIn(db, wanted)) yield `${JSON.stringify(detectionFinding(findingOf(row), product))}\n`;
  for await (const effect of effectsIn(db, wanted))
    yield `${JSON.stringify(remediationActivity(effect, { version: OCSF_VERSION, product }))}\n`;
}

function findingOf(row: AlertForExport): FindingFacts {
  // Written by our own intake, as the adapter's checked Alert.
  const alert = row.body === null ? undefined : (row.body as Alert);
  const happenedMs = Date.parse(alert?.time ?? '');
  return {
    id: row.id,
    title: row.title,
    source: row.source,
    severityId: row.severity_id,
    isResolved: row.status === 'resolved',
    receivedMs: row.received_at.getTime(),
    ...(Number.isNaN(happenedMs) ? {} : { happenedMs }),
    ...(row.incident_id === null ? {} : { incident: row.incident_id }),
    ...(alert ? { alert } : {}),
  };
}
