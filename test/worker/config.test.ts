import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { checkChannels, checkPages } from '../../channels/channel.ts';
import { checkRotas } from '../../channels/on-call.ts';
import { ports } from '../../connectors/ports.ts';
import { openConnectors } from '../../connectors/registry.ts';
import { parseEntities } from '../../language/inventory-text.ts';
import { readConfig } from '../../worker/config.ts';
import { parsePolicy } from '../../worker/policy-file.ts';
import { firstModeOf } from '../../worker/trial-form.ts';

function read(env: Record<string, string>, yaml?: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'cordon-config-'));
  if (yaml !== undefined) writeFileSync(join(cwd, 'cordon.yaml'), yaml);
  return { cwd, config: readConfig({ env, cwd, root: '/install' }) };
}
const fault = (env: Record<string, string>, yaml?: string): string => {
  try {
    read(env, yaml);
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'it was accepted';
};

describe('with nothing configured', () => {
  it('it is the trial form: the practice range, two sources, the shipped policy and playbooks', () => {
    const { config, cwd } = read({});
    expect(config.usesRange).toBe(true);
    expect(config.settings).toMatchObject({ port: 8080, rangePort: 8090, mode: 'trial', host: '127.0.0.1' });
    expect(config.dataFolder).toBe(join(cwd, '.cordon'));
    expect(config.sources.map((source) => source.name)).toEqual(['plain', 'alertmanager']);
    expect(config.connectors.map((one) => one.type)).toContain('practice-edr');
    expect(config.playbookFolder).toBe('/install/playbooks');
  });

  it('playbooks come from the folder and over the API, and one person publishes; cordon.yaml says otherwise', () => {
    expect(read({}).config.publishing).toEqual({ from: 'both', secondPerson: false });
    const strict = read({}, 'publishing: { from: store, second_person: true }\n').config.publishing;
    expect(strict).toEqual({ from: 'store', secondPerson: true });
    expect(fault({}, 'publishing: { from: git }\n')).toContain('publishing.from');
  });

  it('whom the shipped playbooks call by group or rota is somebody', () => {
    const { groups, oncall } = read({}).config.directory;
    const called = readdirSync('playbooks').flatMap((name) => [
      ...readFileSync(`playbooks/${name}/playbook.yaml`, 'utf8').matchAll(/\b(oncall|group): ([a-z][a-z-]*)/g),
    ]);
    expect(called.length).toBeGreaterThan(5);
    for (const [, kind, name = ''] of called)
      expect({ name, people: kind === 'group' ? groups[name] : oncall[name]?.people }).toEqual({ name, people: ['owner'] });
    expect(read({}, 'people: { groups: { treasury: [ann] } }\n').config.directory).toEqual({ groups: { treasury: ['ann'] }, oncall: {} });
  });
});

describe('the trial form has a policy and an inventory of its own', () => {
  const real = 'connectors: [{ id: staff, type: keycloak }]\npages: { to: [{ connector: staff }] }\n';
  const filesOf = (env: Record<string, string>, yaml: string) => {
    const { config } = read(env, yaml);
    return [config.policyFile, config.entitiesFile];
  };
  const PRODUCTION = { CORDON_MODE: 'production', CORDON_DATABASE_URL: 'postgres://db.example.test/x', TEMPORAL_ADDRESS: 'made-up:7233' };

  it('which stand beside simulated products only: real ones have the strict policy and an empty inventory, and are told', () => {
    const trial = ['/install/worker/trial/policy.yaml', '/install/worker/trial/entities.yaml'];
    const strict = ['/install/worker/default/policy.yaml', '/install/worker/default/entities.yaml'];
    expect(filesOf({}, '')).toEqual(trial);
    expect(filesOf({}, 'connectors: [{ id: edr, type: practice-edr }]\n')).toEqual(trial);
    expect(filesOf({}, 'connectors: []\n')).toEqual(strict);
    expect(filesOf({}, real)).toEqual(strict);
    expect(filesOf(PRODUCTION, `${real}policy: /mine.yaml\n`)).toEqual(['/mine.yaml', strict[1]]);
    expect(read({}, real).config.warnings.join('\n')).toMatch(/names no policy:.*\n.*names no entities:/);
    expect(read({}, `${real}policy: /mine.yaml\nentities: /mine-too.yaml\n`).config.warnings).toEqual([]);
  });

  it('the strict one asks people for all that contains, and nobody approves what they wrote', () => {
    const policy = parsePolicy(readFileSync('worker/default/policy.yaml', 'utf8'), 'policy.yaml');
    expect(policy.authorMayApprove).toBeUndefined();
    expect(policy.rules).toContainEqual(
      expect.objectContaining({ name: 'containment-needs-a-person', match: { risks: ['reversible', 'destructive'] } }),
    );
    expect(parseEntities(readFileSync('worker/default/entities.yaml', 'utf8'), 'entities.yaml')).toEqual([]);
  });
});

describe('ports', () => {
  it('two servers of one start on one port are refused at once, by both names', () => {
    expect(fault({ CORDON_PORT: '8123', CORDON_RANGE_PORT: '8123' })).toContain(
      'CORDON_RANGE_PORT: 8123 is the port of CORDON_PORT already',
    );
    expect(fault({ CORDON_TEMPORAL_PORT: '8090' })).toContain('CORDON_TEMPORAL_PORT: 8090 is the port of CORDON_RANGE_PORT already');
    // Where nothing listens there is nothing to collide with.
    expect(fault({ CORDON_PORT: '8090' }, 'connectors: []\n')).toBe('it was accepted');
    expect(fault({ CORDON_TEMPORAL_PORT: '8080', TEMPORAL_ADDRESS: '127.0.0.1:7233' })).toBe('it was accepted');
  });
});

describe('channels, pages and rotas', () => {
  it('real products whose troubles wake nobody are said so at the start; the practice range has its messenger', () => {
    const connector = 'connectors: [{ id: staff, type: keycloak }, { id: mail, type: smtp }]\n';
    expect(read({}, connector).config.warnings.join()).toContain('NOBODY IS WOKEN');
    for (const yaml of ['', 'connectors: []\n', `${connector}pages: { to: [{ connector: mail, to: a@example.test }] }\n`])
      expect(read({}, yaml).config.warnings.join()).not.toContain('NOBODY');
  });
  it('the example of docs/channels.md is taken as it stands, and says what it means', () => {
    const yaml = /```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/channels.md', 'utf8'))?.[1] ?? '';
    const { config } = read({}, yaml);
    const connectors = openConnectors(config.connectors, ports({ guard: { addresses: {} }, secrets: { env: {}, folder: '/' } }));
    checkChannels(connectors, [...config.channels, ...config.pages.to, ...config.pages.otherwise]);
    checkPages(config.pages);
    checkRotas(connectors, config.productRotas);
    expect(config.channels).toContainEqual({ connector: 'teams', to: 'soc', for: ['role:responder'] });
    expect(config.pages.to).toEqual([{ connector: 'pagerduty', to: 'service' }]);
    expect(config.productRotas).toEqual([{ name: 'soc-lead', connector: 'pagerduty', schedule: 'P1ABC2D' }]);
    expect(config.directory.oncall.identity?.offsets?.length).toBeGreaterThan(5);
  });
  it('each address is a channel of its own, and `notify` alone is one', () => {
    expect(read({}, 'channels: [{ connector: mail, to: [a@example.test, b@example.test] }]\n').config.channels).toEqual([
      { connector: 'mail', to: 'a@example.test' },
      { connector: 'mail', to: 'b@example.test' },
    ]);
    const { config } = read({}, 'notify: { connector: mail, channel: a@example.test }\n');
    expect([config.channels, config.pages.to]).toEqual([
      [{ connector: 'mail', to: 'a@example.test' }],
      [{ connector: 'mail', to: 'a@example.test' }],
    ]);
  });
  it.each([
    ['channels: [{ connector: Mail, to: x }]', /channels.0.connector/],
    ['channels: [{ connector: mail }]', /channels.0.to/],
    ['channels: [{ connector: mail, to: x, for: [everybody] }]', /channels.0.for.0/],
    ['pages: { to: [] }', /pages.to/],
    ['people: { oncall: { a: { people: [x], every: 7d, from: "2026-01-01T00:00:00Z", timezone: Nowhere/At-All } } }', /people.oncall.a/],
  ])('%s is refused with its place', (yaml, place) => {
    expect(fault({}, `${yaml}\n`)).toMatch(place);
  });
  it('what a channel or a rota cannot be of its connector is refused by name', () => {
    const connectors = openConnectors(
      [{ id: 'slack', type: 'slack', token: 'env:TOKEN' }],
      ports({ guard: { addresses: {} }, secrets: { env: {}, folder: '/' } }),
    );
    expect(() => checkChannels(connectors, [{ connector: 'slack', to: '#soc' }])).toThrow('must be the id of a channel');
    expect(() => checkChannels(connectors, [{ connector: 'nothing', to: 'x' }])).toThrow('there is no connector "nothing"');
  });
  it('what hears of pages that do not get through is another connector than theirs', () => {
    const [a, b, pager] = [
      { connector: 'mail', to: 'a@example.test' },
      { connector: 'mail', to: 'b@example.test' },
      { connector: 'pagerduty', to: 'service' },
    ];
    expect(() => checkPages({ to: [a], otherwise: [b] })).toThrow('pages.otherwise: "mail"');
    expect(() => checkPages({ to: [a], otherwise: [pager, b] })).not.toThrow();
    // It hears of what the pager does not take.
    expect(() => checkPages({ to: [a, pager], otherwise: [b] })).not.toThrow();
    expect(() => checkPages({ to: [a], otherwise: [pager] })).not.toThrow();
    expect(() => checkPages({ to: [a], otherwise: [] })).not.toThrow();
  });
});

describe('where a value comes from', () => {
  it('the environment goes before the file, the file before the default', () => {
    const { config } = read({ CORDON_PORT: '9001' }, 'port: 9002\nrange_port: 9003\n');
    expect(config.settings).toMatchObject({ port: 9001, rangePort: 9003, places: 50 });
  });
  it('an empty variable is none', () => {
    expect(read({ CORDON_PORT: '' }).config.settings.port).toBe(8080);
    expect(read({ CORDON_CONFIG: '' }, 'port: 9002\n').config.settings.port).toBe(9002);
    expect(read({ CORDON_CONFIG: '' }).config.settings.port).toBe(8080);
  });
  it('a number may stand in quotes', () => {
    expect(read({ CORDON_PLACES: '7' }, 'port: "9002"\n').config.settings).toMatchObject({ port: 9002, places: 7 });
  });
  it('paths in the file start at the file', () => {
    const { config, cwd } = read({}, 'policy: rules/policy.yaml\nplaybooks: /elsewhere\n');
    expect(config.policyFile).toBe(join(cwd, 'rules/policy.yaml'));
    expect(config.playbookFolder).toBe('/elsewhere');
  });
  it('configured connectors take the place of the practice range', () => {
    const { config } = read({}, 'connectors:\n  - { id: mail, type: smtp, host: mx.example.test }\n');
    expect(config.usesRange).toBe(false);
    expect(config.connectors).toEqual([{ id: 'mail', type: 'smtp', host: 'mx.example.test' }]);
    expect([config.channels, config.pages.to]).toEqual([[], []]);
  });
});

describe('what is wrong stops the start, all of it at once', () => {
  it('each fault with its place', () => {
    const message = fault({ CORDON_PORT: '99999', CORDON_MODE: 'live' }, 'places: none\n');
    expect(message).toMatch(/3 faults/);
    expect(message).toMatch(/CORDON_PORT: "99999" is not allowed/);
    expect(message).toMatch(/CORDON_MODE: "live"/);
    expect(message).toMatch(/cordon.yaml: places: "none"/);
  });
  it('unknown keys, broken YAML, a list instead of a map, a named file that is not there', () => {
    expect(fault({}, 'conectors: []\n')).toMatch(/conectors/);
    expect(fault({}, 'port: [\n')).toMatch(/cordon.yaml/);
    expect(fault({}, '- port\n')).toMatch(/key: value/);
    expect(fault({ CORDON_CONFIG: 'nowhere.yaml' })).toMatch(/does not exist/);
  });
  it('a key without a value, which would count as 0', () => {
    for (const key of ['port', 'critical_places', 'range_port', 'data', 'database_url'])
      expect(fault({}, `${key}:\n`)).toContain(`cordon.yaml: ${key}: has no value: write one, or take the line out`);
  });
  it('what is no whole number, and would count as one', () => {
    for (const value of ['""', '" "', '[]', 'true', '80.5', 'off'])
      expect(fault({}, `critical_places: ${value}\n`)).toMatch(/cordon.yaml: critical_places: .* is not allowed/);
  });
  it('a port of the practice range that Cordon would not know', () => {
    expect(fault({ CORDON_RANGE_PORT: '0' })).toMatch(/CORDON_RANGE_PORT: "0" is not allowed/);
  });
  it('a secret instead of a reference to it', () => {
    expect(fault({}, 'sources:\n  - { name: plain, type: plain, secrets: [made-up-secret] }\n')).toMatch(/never the secret itself/);
  });
  it('a source whose file of secrets/ would be the key of the audit, of payloads, or a token of the practice range', () => {
    for (const name of ['audit-key', 'payload-keys', 'range-idp'])
      expect(fault({}, `sources:\n  - { name: ${name}, type: plain }\n`)).toMatch(/choose another/);
  });
  it('yaml that unfolds without end', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${['b', 'c', 'd', 'e'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcd'.charAt(at)}`)}]`).join('\n')}\n`;
    expect(fault({}, bomb)).not.toBe('it was accepted');
  });
});

describe('production mode refuses what is made for trials', () => {
  const production = { CORDON_MODE: 'production' };
  it('the embedded databases, fault tests, simulated products, a policy that nobody chose', () => {
    const message = fault(
      { ...production, CORDON_KILL_AT: 'effect.before' },
      'connectors:\n  - { id: edr, type: practice-edr, url: "http://127.0.0.1:1" }\n',
    );
    for (const part of ['CORDON_DATABASE_URL', 'TEMPORAL_ADDRESS', 'CORDON_KILL_AT', 'policy', 'edr is a simulated product'])
      expect(message).toContain(part);
  });
  it('and takes what is complete', () => {
    const env = { ...production, CORDON_DATABASE_URL: 'postgres://db.example.test/cordon', TEMPORAL_ADDRESS: 'temporal.example.test:7233' };
    const { config } = read(env, 'policy: policy.yaml\n');
    expect(config.usesRange).toBe(false);
    expect(config.sources).toEqual([]);
  });
});

it('a misspelt variable is told, since it would silently do nothing', () => {
  expect(read({ CORDON_PROT: '1', CORDON_TOKEN: 'x', CORDON_PORT: '1' }).config.warnings).toEqual([
    'CORDON_PROT is not a setting of Cordon, and does nothing',
  ]);
});

it('half of a client certificate is no certificate', () => {
  const half = { TEMPORAL_ADDRESS: 'temporal.example.test:7233', TEMPORAL_TLS_CLIENT_CERT_PATH: 'client.pem' };
  expect(fault(half, '')).toContain('a certificate goes with its key');
});

describe('time-outs', () => {
  const connector = (timeoutMs: number) =>
    `connectors:\n  - { id: idp, type: keycloak, url: 'https://idp.example.test', timeoutMs: ${timeoutMs} }\n`;

  it('of a connector are never above what leases on effects are reckoned from', () => {
    expect(fault({}, connector(30_000))).toContain('idp: timeoutMs 30000 is above request_timeout_ms (10000)');
    expect(read({}, `request_timeout_ms: 30000\n${connector(30_000)}`).config.settings.requestTimeoutMs).toBe(30_000);
    expect(read({}, connector(5_000)).config.connectors).toHaveLength(1);
  });
});

it('a playbook that the folder publishes first acts only where nothing real is touched', () => {
  const keycloak = `connectors:\n  - { id: idp, type: keycloak, url: 'https://idp.example.test' }\n`;
  const practice = `connectors:\n  - { id: edr, type: practice-edr, url: 'http://127.0.0.1:1' }\n`;
  const production = {
    CORDON_MODE: 'production',
    CORDON_DATABASE_URL: 'postgres://db.example.test/c',
    TEMPORAL_ADDRESS: 't.example.test:7233',
  };
  expect(firstModeOf(read({}).config)).toBe('act');
  expect(firstModeOf(read({}, practice).config)).toBe('act');
  expect(firstModeOf(read({}, keycloak).config)).toBe('observe');
  expect(firstModeOf(read(production, 'policy: policy.yaml\n').config)).toBe('observe');
});
