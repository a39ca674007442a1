// The registry, and every connector's agreement with the catalogue of verbs.
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { type AnyConnector, ConnectorFailure, connector, type Ports } from '../../connectors/connector.ts';
import { CONNECTORS } from '../../connectors/connectors.ts';
import { ports } from '../../connectors/ports.ts';
import { type ConnectorConfig, ConnectorConfigError, openConnectors } from '../../connectors/registry.ts';
import { VERBS } from '../../language/verbs.ts';

const local: Ports = ports({ guard: { addresses: { loopback: true } }, secrets: { env: {}, folder: '/nonexistent' } });
const idp = (more: object = {}): ConnectorConfig => ({ id: 'idp', type: 'practice-idp', url: 'http://127.0.0.1:8090/idp', ...more });

function problems(configs: readonly ConnectorConfig[], known?: readonly AnyConnector[]) {
  try {
    openConnectors(configs, local, known);
  } catch (error) {
    if (error instanceof ConnectorConfigError) return error.problems.map(({ code, where }) => `${code} ${where}`);
    throw error;
  }
  return [];
}

describe('the registry', () => {
  it('opens instances and finds them by verb, in the order of the configuration', () => {
    const open = openConnectors(
      [idp(), { id: 'edr', type: 'practice-edr', url: 'http://127.0.0.1:8090/edr' }, idp({ id: 'idp-2' })],
      local,
    );
    expect(open.servers('user.disable').map((each) => each.id)).toEqual(['idp', 'idp-2']);
    expect(open.servers('no.such')).toEqual([]);
    const edr = open.instance('edr');
    expect(edr).toMatchObject({ type: 'practice-edr', simulated: true, verbs: ['host.lookup', 'host.isolate'] });
    expect(edr && open.actionOf(edr, 'host.isolate')?.verb).toBe('host.isolate');
    expect(edr && open.actionOf(edr, 'user.disable')).toBeUndefined();
    expect(open.instance('none')).toBeUndefined();
  });

  it('says everything that is wrong at once, where it is, without repeating values', () => {
    const configs = [
      idp(),
      idp(),
      { id: 'x', type: 'nonsense' },
      { id: 'Bad Id', type: 'practice-edr', url: 'ftp://x', timeout: 5 },
      idp({ id: 'secretive', token: 'made-up-secret' }),
    ];
    expect(problems(configs)).toEqual([
      'DUPLICATE_ID connectors.idp.id',
      'UNKNOWN_TYPE connectors.x.type',
      'BAD_ID connectors.Bad Id.id',
      'BAD_SETTING connectors.Bad Id.url',
      'BAD_SETTING connectors.Bad Id',
      'BAD_SETTING connectors.secretive.token',
    ]);
    expect(() => openConnectors(configs, local)).toThrow(/connectors\.secretive\.token: write env:NAME or file:path/);
    expect(() => openConnectors(configs, local)).not.toThrow(/made-up-secret/);
  });

  it('is never half open: what opened before a failure is closed', () => {
    const closed: string[] = [];
    const fake = (type: string, open: () => string) =>
      connector({
        type,
        title: type,
        config: z.strictObject({}),
        open,
        close: async (name: string) => void closed.push(name),
        ping: async () => ({ as: 'x' }),
        actions: [],
      });
    const broken = fake('broken', () => {
      throw new ConnectorFailure('permanent', 'BAD_URL', 'no');
    });
    expect(
      problems(
        [
          { id: 'a', type: 'good' },
          { id: 'b', type: 'broken' },
        ],
        [fake('good', () => 'good client'), broken],
      ),
    ).toEqual(['OPEN_FAILED connectors.b']);
    expect(closed).toEqual(['good client']);
  });

  it('refuses, when opening, an address that the guard refuses', () => {
    expect(() => openConnectors([idp()], ports({ guard: { addresses: {} }, secrets: { env: {}, folder: '/' } }))).toThrow(
      /connectors\.idp: 127\.0\.0\.1 may not be reached/,
    );
  });

  it('the fingerprint follows the configuration and nothing else', () => {
    const print = (config: ConnectorConfig) => openConnectors([config], local).instances[0]?.fingerprint;
    expect(print(idp())).toMatch(/^[0-9a-f]{64}$/);
    expect(print({ url: 'http://127.0.0.1:8090/idp', type: 'practice-idp', id: 'idp' })).toBe(print(idp()));
    expect(print(idp({ timeoutMs: 10_000 }))).toBe(print(idp())); // the default, written out
    for (const other of [{ id: 'other' }, { url: 'http://127.0.0.1:8090/idp2' }, { token: 'env:OTHER' }, { timeoutMs: 9_000 }])
      expect(print(idp(other))).not.toBe(print(idp()));
  });
});

describe('every connector', () => {
  const actions = CONNECTORS.flatMap((each) => each.actions.map((action) => [`${each.type} ${action.verb}`, action, each] as const));

  it('has a type of its own, and no verb twice', () => {
    expect(new Set(CONNECTORS.map((each) => each.type)).size).toBe(CONNECTORS.length);
    for (const each of CONNECTORS) expect(new Set(each.actions.map((action) => action.verb)).size).toBe(each.actions.length);
  });

  it('serves, together, every verb of the catalogue', () => {
    expect([...new Set(actions.map(([, action]) => action.verb))].sort()).toEqual(Object.keys(VERBS).sort());
  });

  it('is marked as simulated exactly where it is of the practice range', () => {
    for (const each of CONNECTORS) expect(each.simulated === true).toBe(each.type.startsWith('practice-'));
  });

  const keys = (schema: z.ZodType) => (schema instanceof z.ZodObject ? Object.keys(schema.shape).sort() : undefined);
  const optional = (schema: z.ZodType) =>
    schema instanceof z.ZodObject
      ? Object.entries(schema.shape).flatMap(([name, each]) =>
          each instanceof z.ZodType && each.safeParse(undefined).success ? [name] : [],
        )
      : [];

  it.each(actions)('%s takes and gives what the catalogue says, with its risk', (_, action) => {
    const verb = VERBS[action.verb];
    expect(keys(action.input)).toEqual(Object.keys(verb?.params ?? {}).sort());
    expect(keys(action.output)).toEqual(Object.keys(verb?.outputs ?? {}).sort());
    expect(action.risk).toBe(verb?.risk);
    const mayBeLeftOut = Object.entries(verb?.params ?? {}).flatMap(([name, param]) => (param.optional === true ? [name] : []));
    // exactOptional takes no undefined: leave the member out instead.
    for (const name of mayBeLeftOut) {
      const { [name]: _left, ...rest } = action.example as Record<string, unknown>; // an example is a map of parameters
      expect(action.input.safeParse(rest).success).toBe(true);
    }
    expect(optional(action.input)).toEqual([]);
  });

  it.each(actions)('%s has an example that its own schema takes, and refuses an empty one', (_, action) => {
    expect(action.input.safeParse(action.example).success).toBe(true);
    expect(action.input.safeParse({}).success).toBe(false);
    expect(action.permissions).not.toBe('');
    expect(action.docs).not.toBe('');
  });

  it.each(actions)('%s that is reversible has words for its undo, and lands within a bounded time', (_, action) => {
    if (action.risk === 'read') return expect('landsWithinMs' in action).toBe(false);
    expect(action.landsWithinMs).toBeGreaterThan(0);
    expect(action.landsWithinMs).toBeLessThanOrEqual(60_000);
    return expect('undo' in action && 'saysUndo' in action).toBe(action.risk === 'reversible');
  });
});
