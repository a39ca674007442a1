// Who is on call now, rota by rota, and how old that is.
import { NOBODY, onDuty } from '../../policy/addressed.ts';
import { readRotas } from '../../store/oncall.ts';
import type { OnCallRow } from '../contract.ts';
import type { Routes } from './route.ts';

export const onCallRoutes: Routes = (app, { deps }) => {
  app.get('/oncall', { schema: { tags: ['people'], summary: 'Who is on call now, by rota' } }, async () => {
    const { oncall } = deps.directory ?? NOBODY;
    const known = new Map((await readRotas(deps.store.db)).map((row) => [row.rota, row]));
    const items = Object.entries(oncall).map(([rota, turns]): OnCallRow => {
      const row = known.get(rota);
      const people = onDuty(turns, deps.now().getTime());
      if (!row) return { rota, people, isStale: false };
      return {
        rota,
        people,
        isStale: row.failingSince !== null || row.readAt === null,
        ...(row.readAt === null ? {} : { readAt: row.readAt.toISOString() }),
        ...(row.error === null ? {} : { error: row.error }),
      };
    });
    return { items };
  });
};
