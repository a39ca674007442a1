// Schedules of the published playbooks: what they are, how they last came round, and pausing them.
import { z } from 'zod';
import { appendAudit } from '../../store/audit.ts';
import { pauseSchedule, readSchedules, type ScheduleView } from '../../store/schedules.ts';
import type { ScheduleRow } from '../contract.ts';
import { whoOf } from '../guard.ts';
import { problem } from '../problems.ts';
import { type Routes, reasonText } from './route.ts';

const params = z.strictObject({ playbook: z.string().min(1).max(128), index: z.string().regex(/^\d{1,2}$/) });
const body = z.strictObject({ reason: reasonText.optional() });

export const scheduleRoutes: Routes = (app, { deps }) => {
  const { store } = deps;
  app.get('/schedules', { schema: { tags: ['playbooks'], summary: 'What starts by the clock, and how it last came round' } }, async () => ({
    items: (await readSchedules(store.db)).map(rowOf),
  }));
  for (const change of ['pause', 'resume'] as const) {
    const summary =
      change === 'pause' ? 'Nothing is started by it until it goes on' : 'It goes on; what came round meanwhile is not made up for';
    app.post(`/schedules/:playbook/:index/${change}`, { schema: { tags: ['playbooks'], summary, params, body } }, async (request) => {
      const id = `${request.params.playbook}/${request.params.index}`;
      const by = whoOf(request).person.id;
      await store.db.transaction().execute(async (trx) => {
        if (!(await pauseSchedule(trx, id, change === 'pause' ? by : null))) throw problem('NOT_FOUND', `There is no schedule ${id}.`);
        const event = { schedule: id, reason: request.body.reason ?? '' };
        await appendAudit(trx, 'admin', [
          { at: deps.now(), code: change === 'pause' ? 'schedule.paused' : 'schedule.resumed', actor: by, body: event },
        ]);
      });
      store.wake('playbooks');
      const row = (await readSchedules(store.db)).find((one) => one.id === id);
      if (!row) throw problem('NOT_FOUND', `There is no schedule ${id}.`);
      return rowOf(row);
    });
  }
};

const rowOf = ({ id, playbook, paused_by, fault, last, cron, timezone, overlap }: ScheduleView): ScheduleRow => ({
  id,
  playbook,
  cron,
  timezone,
  overlap,
  paused: paused_by !== null,
  ...(fault === null ? {} : { fault }),
  ...(last === null
    ? {}
    : {
        last: {
          at: new Date(last.at).toISOString(),
          state: last.state,
          reason: last.reason ?? '',
          ...(last.run_id === null ? {} : { runId: last.run_id }),
        },
      }),
});
