import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readCsvEntities } from '../../language/entities/read-csv-entities.ts';
import { canonicalEntities, inventoryOf } from '../../policy/entities.ts';
import { readEntityRecords, replaceEntities } from '../../store/entities.ts';
import { askSync, claimSync, endSync } from '../../store/entity-sync.ts';
import type { Store } from '../../store/store.ts';
import { listEntities } from '../../store/views/inventory.ts';
import { makeRun } from '../server/rows.ts';
import { openMemoryStore } from './memory-store.ts';

const NOW = new Date('2026-11-21T12:00:00.000Z');
let store: Store;
beforeAll(async () => {
  store = await openMemoryStore();
});
beforeEach(async () => {
  await store.db.deleteFrom('entities').execute();
});
afterAll(async () => {
  await store.close();
});

const HEAD = 'kind,name,aliases,tags,groups,owner,criticality,depends_on\n';
const csv = (source: string, lines: string) => readCsvEntities(HEAD + lines, 'cmdb.csv', source).records ?? [];
const put = async (source: string, lines: string, preview = false) =>
  await replaceEntities(store.db, { source, records: csv(source, lines), by: 'per_ana', preview }, NOW);

describe('importing into the inventory', () => {
  it('a preview says what would change and changes nothing; the import then does just that, and is in the audit log', async () => {
    await put('import:cmdb', 'host,wks-1,,old,,,,\nhost,wks-2,,,,,,\n');
    const next = 'host,wks-1,wks-1.example.test,new,,Eve,high,\nhost,wks-3,,,,,,\n';
    const preview = await put('import:cmdb', next, true);
    expect(preview).toMatchObject({ added: ['host:wks-3'], changed: ['host:wks-1'], removed: ['host:wks-2'], unchanged: 0, conflicts: [] });
    expect((await readEntityRecords(store.db)).map(({ name }) => name).sort()).toEqual(['wks-1', 'wks-2']);
    expect(await put('import:cmdb', next)).toEqual(preview);
    expect((await readEntityRecords(store.db)).map(({ name }) => name).sort()).toEqual(['wks-1', 'wks-3']);
    expect(await put('import:cmdb', next)).toMatchObject({ added: [], changed: [], removed: [], unchanged: 2 });
    const events = await store.db.selectFrom('audit_events').select(['code', 'actor']).where('stream', '=', 'admin').execute();
    expect(events.filter(({ code }) => code === 'entities.changed')).toHaveLength(2);
  });

  it('one source never takes out what another says', async () => {
    await put('file', 'host,dc-01,,domain-controller,,,critical,\n');
    await put('import:cmdb', 'host,dc-01,asset-1,,,,low,\n');
    await put('import:cmdb', '');
    expect(await readEntityRecords(store.db)).toMatchObject([{ source: 'file', tags: ['domain-controller'] }]);
  });

  it('what is held under a vendor id is held under the one key from then on, so that the last hold is known as the last', async () => {
    const runId = await makeRun(store);
    const { incident_id } = await store.db.selectFrom('runs').select('incident_id').where('id', '=', runId).executeTakeFirstOrThrow();
    const hold = { run_id: runId, key: 'isolate', generation: 0, step_id: 'isolate', incident_id, entity_name: 'h-17', entity_id: 'h-17' };
    await store.db
      .insertInto('holds')
      .values({
        ...hold,
        id: 'hld_1',
        entity: 'host:h-17',
        verb: 'host.isolate',
        connector: 'edr',
        params: '{}',
        before: '{}',
        says_undo: 'Release',
      })
      .execute();
    await put('connector:edr', 'host,h-17,asset-4711,,,,,\n');
    await put('file', 'host,dc-01,asset-4711,domain-controller,,,,\n');
    expect(await store.db.selectFrom('holds').select('entity').executeTakeFirst()).toEqual({ entity: 'host:dc-01' });
    const { items } = await listEntities(store.db, { name: 'H-17' });
    expect(items).toMatchObject([{ id: 'host:dc-01', tags: ['domain-controller'], sources: ['connector:edr', 'file'], held: 1 }]);
  });

  it('names that join two things of one source are told, and mean nobody', async () => {
    await put('import:cmdb', 'host,a,,,,,,\nhost,b,,,,,,\n');
    const change = await put('import:hr', 'host,a,b,,,,,\n');
    expect(change.conflicts.map(({ id }) => id).sort()).toEqual(['host:a', 'host:a', 'host:b']);
    const { find } = inventoryOf(canonicalEntities(await readEntityRecords(store.db)));
    expect(find('host', ['b']).length).toBeGreaterThan(1);
    expect((await listEntities(store.db, { name: 'b' })).items[0]?.conflict).toContain('share a name');
  });
});

describe('CSV', () => {
  it('says each fault with its line', () => {
    const text = `${HEAD}host,a,"x;y",,,,,\nhots,b,,,,,,\nhost,c,,Not A Tag,,,,\nhost,d\nhost,e,X,,,,,\nhost,f,,,,,,nobody\n"host","g ""quoted"", and\nbroken",,,,,,\n`;
    const { records, diagnostics } = readCsvEntities(text, 'cmdb.csv', 'import:x');
    expect(records).toBeUndefined();
    expect(diagnostics.map(({ line, message }) => `${line} ${message}`)).toEqual([
      '3 `hots` is no kind',
      '4 `tags.0` must be small letters, digits and -',
      '5 there are 2 fields, and the header has 8',
      '6 `x` is a name of `a` already',
      '7 f depends on `nobody`, which is not there',
    ]);
    expect(readCsvEntities('kind,nmae\nhost,a\n', 'x', 'y').diagnostics.map((one) => one.hint ?? one.message)).toEqual([
      'did you mean `name`?',
      'the column `name` is missing',
    ]);
    expect(readCsvEntities(`${HEAD}host,"a,,,,\n`, 'x', 'y').diagnostics).toMatchObject([{ line: 2, message: 'a quote is not closed' }]);
    expect(readCsvEntities('', 'x', 'y').diagnostics).toHaveLength(1);
  });

  it('takes quotes, line breaks within them, Windows line ends and a byte order mark as they are meant', () => {
    const { records } = readCsvEntities('\ufeffname,kind,aliases\r\n"a ""b"", c\nd",host,x; y\r\n\r\n', 'x', 'import:x');
    expect(records).toMatchObject([{ name: 'a "b", c\nd', kind: 'host', aliases: ['x', 'y'] }]);
  });
});

describe('reading a directory', () => {
  it('is done by one worker at a time, when its hour is over or somebody asks', async () => {
    const bounds = { everyMs: 3_600_000, withinMs: 60_000 };
    const claimed = async (within = bounds) => (await claimSync(store.db, 'edr', within)) !== undefined;
    expect(await Promise.all([claimed(), claimed()])).toEqual([true, false]);
    await endSync(store.db, 'edr', '500 entries');
    expect(await claimed()).toBe(false);
    expect(await askSync(store.db, 'per_ana')).toEqual(['edr']);
    expect(await claimed()).toBe(true);
    // The one that read it has died.
    expect(await claimed({ everyMs: 3_600_000, withinMs: -1 })).toBe(true);
  });
});
