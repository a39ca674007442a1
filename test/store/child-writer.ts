// Writes without end, and prints each number once its commit has answered.
import { appendAudit } from '../../store/audit.ts';
import { migrateStore } from '../../store/migrate.ts';
import { openStore } from '../../store/open.ts';

const [folder = '', round = ''] = process.argv.slice(2);
const store = await openStore({ folder }, { production: false });
await migrateStore(store);
for (let number = 0; ; number++) {
  await store.db.transaction().execute(async (trx) => {
    await trx
      .insertInto('settings')
      .values({ name: `${round}:${number}`, value: '1' })
      .execute();
    const event = { at: new Date(), code: 'effect.intent', actor: 'cordon', body: { verb: 'x', number } } as const;
    await appendAudit(trx, 'run_child', [event]);
  });
  process.stdout.write(`${number}\n`);
}
