// What every action has to hold, by what it declares. A new connector gets all of it from one call of `checkAction`.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONNECTORS } from '../../connectors/connectors.ts';
import { type Bench, openBench, type Subject } from './bench.ts';
import { contextOf, failureOf, perform, type Readable, readable, resolve, settled } from './runtime.ts';

export interface ActionCase {
  readonly verb: string;
  readonly params: unknown;
  /** What its first write is called in the record; absent for reads. */
  readonly word?: string;
  /** Words of writes that make ready what it needs, before each test: [verb, params]. */
  readonly ready?: readonly (readonly [string, unknown])[];
  /** How many effects one run has. Default 1. */
  readonly effects?: number;
}

/** How a subject is made ready. Default: a fake product at a range of its own. */
export type OpenBench = typeof openBench;

export function checkAction(subject: Subject, wanted: ActionCase, open: OpenBench = openBench): void {
  const declared = CONNECTORS.find((each) => each.type === subject.type)?.actions.find((each) => each.verb === wanted.verb);
  if (declared === undefined) throw new Error(`${subject.type} has no ${wanted.verb}`);
  describe(`${subject.type} ${wanted.verb}`, () => {
    let bench: Bench;
    beforeEach(async () => {
      bench = await open(subject, { timeoutMs: 1_500 }); // a busy machine answers late, and that is no fault
      for (const [verb, params] of wanted.ready ?? []) await perform(bench, readable(bench.action(verb)), params, 'made-ready');
    });
    afterEach(async () => {
      // Whatever happened: no secret of ours is in the outside record.
      const record = JSON.stringify(await bench.record());
      await bench.close();
      expect(record).not.toContain(subject.secret);
      expect(record).not.toContain(subject.token);
    });
    const { word } = wanted;
    if (word === undefined) return checkRead(() => bench, subject, wanted);
    checkFailures(() => bench, subject, { ...wanted, word }, open);
    if (declared.risk === 'read') throw new Error(`${wanted.verb} changes nothing`);
    if (declared.delivery !== 'readable') return checkSent(() => bench, subject, { ...wanted, word });
    checkReadable(() => bench, subject, { ...wanted, word });
    if (declared.risk === 'reversible') checkUndo(() => bench, wanted);
  });
}

/** Far beyond what a test asks for: a real product on a busy machine takes its time. */
const LANDED_WITHIN_MS = 10_000;

type Changing = ActionCase & { readonly word: string };

function checkRead(bench: () => Bench, subject: Subject, { verb, params }: ActionCase): void {
  const run = async () => {
    const action = bench().action(verb);
    if (action.risk !== 'read') throw new Error(`${verb} is no read`);
    return action.output.parse(await action.run(bench().instance.client, action.input.parse(params), contextOf('a-read')));
  };

  it('answers what the verb promises, and changes nothing', async () => {
    expect(await run()).toBeDefined();
    expect(await bench().writes()).toEqual([]);
  });

  it.each([
    ['500', { status: 500 }, 'retryable'],
    ['429', { status: 429, retryAfter: '7' }, 'retryable'],
    ['a hang', { hang: true }, 'retryable'],
    ['a broken connection', { drop: 'before' }, 'retryable'],
    ['403', { status: 403 }, 'permanent'],
    ['a redirect', { status: 302 }, 'permanent'],
  ])('on %s is %3$s', async (_, fault, kind) => {
    await bench().fault({ product: subject.product, ...fault });
    expect((await failureOf(run())).kind).toBe(kind);
  });
}

function checkReadable(bench: () => Bench, subject: Subject, { verb, params, word, ready, effects = 1 }: Changing): void {
  const action = (): Readable => readable(bench().action(verb));
  const own = async () => (await bench().effects()).slice(ready?.length ?? 0);

  it('twice is already, with no second write', async () => {
    const first = await perform(bench(), action(), params, 'key-1');
    const writes = (await bench().writes()).length;
    const second = await perform(bench(), action(), params, 'key-1');
    expect([first.outcome, second.outcome]).toEqual(['changed', 'already']);
    expect((await bench().writes()).length).toBe(writes);
    expect((await own()).length).toBe(effects);
  });

  it('a dry run (resolve, read, say) writes nothing', async () => {
    const input = action().input.parse(params);
    const written = (await bench().writes()).length;
    const entity = await resolve(bench(), action(), input);
    const before = await action().read(bench().instance.client, input, entity, contextOf('key-1'));
    expect(action().says(input, entity, before)).not.toBe('');
    expect((await bench().writes()).length).toBe(written);
  });

  it('what is cancelled just before sending is never sent', async () => {
    const written = (await bench().writes()).length;
    const stop = () => {
      throw new Error('lease ended');
    };
    await expect(perform(bench(), action(), params, 'key-1', stop)).rejects.toThrow('lease ended');
    expect((await bench().writes()).length).toBe(written);
  });

  it('the effect without its answer is found by reading, and is one effect', async () => {
    await bench().fault({ product: subject.product, effect: word, drop: 'after', count: 1 });
    expect((await failureOf(perform(bench(), action(), params, 'key-1'))).kind).toBe('ambiguous');
    await perform(bench(), action(), params, 'key-1');
    expect((await own()).length).toBe(effects);
    expect((await perform(bench(), action(), params, 'key-1')).outcome).toBe('already');
  });

  it('an effect that lands after its answer was given up is one effect, once it has landed', async () => {
    await bench().fault({ product: subject.product, effect: word, landsAfterMs: 60, count: 1 });
    expect((await failureOf(perform(bench(), action(), params, 'key-1'))).kind).toBe('ambiguous');
    const input = action().input.parse(params);
    const entity = await resolve(bench(), action(), input);
    // The runtime waits for `landsWithinMs`; here the record tells that it has landed.
    await settled(
      async () => (await own()).length,
      (count) => count !== 0,
      LANDED_WITHIN_MS,
    );
    await settled(
      () => action().read(bench().instance.client, input, entity, contextOf('key-1')),
      (state) => action().done(state, input),
    );
    await perform(bench(), action(), params, 'key-1');
    expect((await own()).length).toBe(effects);
  });
}

function checkUndo(bench: () => Bench, { verb, params }: ActionCase): void {
  const reversible = () => {
    const action = readable(bench().action(verb));
    if (action.risk !== 'reversible') throw new Error(`${verb} is not reversible`);
    return action;
  };

  it('undo restores the state from before, exactly', async () => {
    const own = reversible();
    const { client } = bench().instance;
    const { before, entity } = await perform(bench(), own, params, 'key-1');
    const input = own.input.parse(params);
    await own.undo(client, input, entity, before, contextOf('key-1-undo'));
    const restored = own.restored ?? ((now, then) => JSON.stringify(now) === JSON.stringify(then));
    const after = await settled(
      () => own.read(client, input, entity, contextOf('key-1-undo')),
      (state) => restored(state, before),
    );
    expect(restored(after, before)).toBe(true);
    expect(own.done(after, input)).toBe(false);
    expect(own.saysUndo(input, entity)).not.toBe('');
  });

  it('undo of what was so already leaves it so', async () => {
    const own = reversible();
    await perform(bench(), own, params, 'key-1');
    const { before, entity, outcome } = await perform(bench(), own, params, 'key-2');
    const input = own.input.parse(params);
    await own.undo(bench().instance.client, input, entity, before, contextOf('key-2-undo'));
    const after = await own.read(bench().instance.client, input, entity, contextOf('key-2-undo'));
    expect([outcome, own.done(after, input)]).toEqual(['already', true]);
  });
}

function checkSent(bench: () => Bench, subject: Subject, { verb, params, word, effects = 1 }: Changing): void {
  const send = async () => {
    const action = bench().action(verb);
    if (action.risk === 'read' || action.delivery === 'readable') throw new Error(`${verb} is not a sent action`);
    const input = action.input.parse(params);
    return action.output.parse(await action.run(bench().instance.client, input, await resolve(bench(), action, input), contextOf('key-1')));
  };

  it('the effect without its answer is ambiguous, and never taken for a failure', async () => {
    await bench().fault({ product: subject.product, effect: word, drop: 'after', count: 1 });
    expect((await failureOf(send())).kind).toBe('ambiguous');
    expect((await bench().effects()).length).toBe(effects);
  });

  it('sent again under the same key it is one effect where it says "keyed"', async () => {
    const action = bench().action(verb);
    await send();
    if (action.risk !== 'read' && action.delivery === 'keyed') await send();
    expect((await bench().effects()).length).toBe(effects);
  });
}

function checkFailures(bench: () => Bench, subject: Subject, { verb, params, word }: Changing, open: OpenBench): void {
  const attempt = async (under: Bench) => {
    const action = under.action(verb);
    if (action.risk === 'read') throw new Error(`${verb} changes nothing`);
    if (action.delivery === 'readable') return perform(under, action, params, 'key-1');
    const input = action.input.parse(params);
    return action.run(under.instance.client, input, await resolve(under, action, input), contextOf('key-1'));
  };

  it.each([
    ['500', { status: 500 }, 'ambiguous', undefined],
    ['500 after the effect', { status: 500, drop: 'after' }, 'ambiguous', undefined],
    ['503 without a date', { status: 503 }, 'ambiguous', undefined],
    ['503 with Retry-After', { status: 503, retryAfter: 3 }, 'retryable', 3_000],
    ['429', { status: 429, retryAfter: 2 }, 'retryable', 2_000],
    ['429 that asks for years', { status: 429, retryAfter: '1e9' }, 'retryable', 300_000],
    ['429 with a negative wish', { status: 429, retryAfter: '-5' }, 'retryable', 0],
    ['a hang', { hang: true }, 'ambiguous', undefined],
    ['a broken connection', { drop: 'before' }, 'ambiguous', undefined],
    ['403', { status: 403 }, 'permanent', undefined],
    ['a redirect', { status: 307 }, 'permanent', undefined],
  ])('a write that meets %s is %3$s', async (_, fault, kind, retryAfterMs) => {
    await bench().fault({ product: subject.product, effect: word, ...fault });
    const failure = await failureOf(attempt(bench()));
    expect([failure.kind, failure.retryAfterMs]).toEqual([kind, retryAfterMs]);
    expect(failure.message).not.toContain(subject.secret);
  });

  it('a wrong secret is permanent, writes nothing, and is not repeated in the message', async () => {
    const name = 'secret' in (subject.config ?? {}) ? 'secret' : 'token';
    const wrong = await open(subject, { [name]: 'env:WRONG' });
    try {
      const failure = await failureOf(attempt(wrong));
      expect([failure.kind, failure.code]).toEqual(['permanent', 'UNAUTHORIZED']);
      expect(`${failure.message} ${String(failure.stack)} ${JSON.stringify(failure)}`).not.toContain('made-up-wrong-secret');
      expect(await wrong.effects()).toEqual([]);
    } finally {
      await wrong.close();
    }
  });
}
