// Request Tracker against a fake with the real one's measured traits.
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Bench, openBench, type Subject } from './bench.ts';
import { RT_FIELD, RT_TOKEN, rtProduct } from './fakes/request-tracker.ts';
import { checkAction } from './kit.ts';
import { contextOf, failureOf, perform, readable } from './runtime.ts';

const subject: Subject = {
  type: 'request-tracker',
  product: 'rt',
  path: '/REST/2.0',
  token: RT_TOKEN,
  secret: RT_TOKEN,
  config: { token: 'env:SECRET', user: 'cordon', queue: 'Security', keyField: RT_FIELD },
  products: [rtProduct()],
};
const { keyField: _, ...withoutField } = subject.config ?? {};
const byLink: Subject = { ...subject, config: { ...withoutField, keyLink: 'https://cordon.example.test/steps' } };
const title = { title: 'Alice Adams contained', severity: 'high' };

for (const each of [subject, byLink]) checkAction(each, { verb: 'ticket.open', params: title, word: 'ticket' });
checkAction(subject, {
  verb: 'ticket.comment',
  params: { ticket: { id: '1' }, text: 'Released.' },
  word: 'comment',
  ready: [['ticket.open', title]],
});

describe('Request Tracker', () => {
  let bench: Bench;
  afterEach(() => bench.close());
  const open = (key = 'key-1') => perform(bench, readable(bench.action('ticket.open')), title, key);
  const ping = () => bench.instance.connector.ping(bench.instance.client, new AbortController().signal);
  const run = async (key: string) => {
    const action = readable(bench.action('ticket.open'));
    const input = action.input.parse(title);
    // As two workers that both read before either wrote.
    await action.run(bench.instance.client, input, undefined, { id: null, url: null, doubles: [] }, contextOf(key));
  };
  const standing = async () => {
    const tickets = new Map((await bench.effects()).map((line) => [line.target, line.after]));
    return [...tickets]
      .filter(([, value]) => typeof value === 'object' && value !== null && 'mergedInto' in value && value.mergedInto === null)
      .map(([id]) => id);
  };

  it('two creates at once end as one ticket: the lowest, with the other merged into it', async () => {
    bench = await openBench(subject);
    await Promise.all([run('key-1'), run('key-1')]);
    expect(await standing()).toEqual(['1']);
    expect((await open()).output).toMatchObject({ ticket: { id: '1' } });
  });

  it('a "unique values" field, which drops the key of the second ticket, still ends as one', async () => {
    bench = await openBench({ ...subject, products: [rtProduct({ unique: true })] });
    await run('key-1');
    await run('key-1');
    expect(await standing()).toEqual(['1']);
  });

  it('a field that is not kept is a permanent failure that names the ticket, not a ticket on every retry', async () => {
    bench = await openBench({ ...subject, products: [rtProduct({ fieldKept: false })] });
    const failure = await failureOf(open());
    expect([failure.kind, failure.code]).toEqual(['permanent', 'KEY_NOT_STORED']);
    expect(failure.message).toContain('Ticket 1');
  });

  it('other steps open other tickets', async () => {
    bench = await openBench(subject);
    await open('key-1');
    await open('key-2');
    expect(await standing()).toEqual(['1', '2']);
  });

  it('pings with the account, and refuses a misspelt field and the wrong account', async () => {
    bench = await openBench(subject);
    expect(await ping()).toEqual({ as: 'cordon', detail: 'queue Security' });
    for (const [setting, code] of [
      [{ keyField: 'Cordon Kex' }, 'KEY_FIELD_MISSING'],
      [{ user: 'root' }, 'WRONG_ACCOUNT'],
      [{ queue: 'General' }, 'NOT_FOUND'],
    ] as const) {
      await bench.close();
      bench = await openBench(subject, setting);
      expect((await failureOf(ping())).code).toBe(code);
    }
  });

  it('a title with line breaks is one line, and a key that would end the query is refused before anything is sent', async () => {
    bench = await openBench(subject);
    const action = readable(bench.action('ticket.open'));
    await perform(bench, action, { title: 'one\r\nBcc: all@example.test' }, 'key-1');
    expect((await bench.effects())[0]?.after).toMatchObject({ subject: 'one Bcc: all@example.test' });
    const reads = (await bench.record()).length;
    expect((await failureOf(perform(bench, action, title, "x' OR id > 0 OR Subject = '"))).code).toBe('BAD_REQUEST');
    expect((await bench.record()).length).toBe(reads);
  });

  it('a number that was merged away resolves to the ticket that stayed', async () => {
    bench = await openBench(subject);
    await Promise.all([run('key-1'), run('key-1')]);
    const found = await bench.instance.connector.resolve?.(bench.instance.client, 'ticket', { id: '2' }, new AbortController().signal);
    expect(found?.map((each) => each.id)).toEqual(['1']);
  });
});
