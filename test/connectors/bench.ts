// A product to test a connector against: a range of its own, its record, its faults.
import type { OpenAction } from '../../connectors/connector.ts';
import { ports } from '../../connectors/ports.ts';
import { type Instance, openConnectors } from '../../connectors/registry.ts';
import type { Product } from '../../range/product.ts';
import { PRODUCTS } from '../../range/products.ts';
import { startRange } from '../../range/range.ts';
import type { RecordLine } from '../../range/record.ts';

export interface Bench {
  readonly instance: Instance;
  readonly url: string;
  readonly action: (verb: string) => OpenAction;
  readonly record: () => Promise<readonly RecordLine[]>;
  /** Requests that reached the product and would change something, in order. */
  readonly writes: () => Promise<readonly RecordLine[]>;
  /** Those of them that did. */
  readonly effects: () => Promise<readonly RecordLine[]>;
  readonly fault: (fault: unknown) => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Subject {
  readonly type: string;
  /** Where the fake listens, below the range. */
  readonly product: string;
  readonly path?: string;
  readonly token: string;
  readonly secret: string;
  readonly config?: Readonly<Record<string, unknown>>;
  readonly products?: readonly Product[];
}

export async function openBench(subject: Subject, settings: Readonly<Record<string, unknown>> = {}): Promise<Bench> {
  const range = await startRange({
    port: 0,
    tokens: { [subject.product]: subject.token },
    products: subject.products ?? PRODUCTS,
    settleMs: 20,
    env: {},
  });
  const guard = { addresses: { loopback: true } };
  const opened = openConnectors(
    [{ id: 'subject', type: subject.type, url: `${range.url}/${subject.product}${subject.path ?? ''}`, ...subject.config, ...settings }],
    ports({ guard, secrets: { env: { SECRET: subject.secret, WRONG: 'made-up-wrong-secret' }, folder: '/nonexistent' } }),
  );
  const instance = opened.instances[0];
  if (instance === undefined) throw new Error('the subject did not open');
  const record = async () => {
    const text = await (await fetch(`${range.url}/record`)).text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as RecordLine); // written by the range
  };
  const writes = async () => (await record()).filter((line) => line.effect !== null);
  return {
    instance,
    url: range.url,
    action: (verb) => {
      const action = opened.actionOf(instance, verb);
      if (action === undefined) throw new Error(`${subject.type} has no ${verb}`);
      return action;
    },
    record,
    writes,
    effects: async () => (await writes()).filter((line) => JSON.stringify(line.before) !== JSON.stringify(line.after)),
    fault: async (fault) => {
      const answer = await fetch(`${range.url}/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
      if (answer.status !== 200) throw new Error(await answer.text());
    },
    close: async () => {
      await opened.close();
      await range.close();
    },
  };
}
