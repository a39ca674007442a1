// What an engineer sees while typing: the real language server over the schema that the checks are made of.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FUNCTIONS } from '../../language/cel/functions/functions.ts';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import { playbookJsonSchema } from '../../language/json-schema.ts';
import { scenarioJsonSchema } from '../../language/scenario/json-schema.ts';
import { KINDS } from '../../language/steps/kinds.ts';
import { VERBS } from '../../language/verbs.ts';
import { type Editor, openEditor } from './language-server.ts';

let editor: Editor;
beforeAll(async () => {
  editor = await openEditor(playbookJsonSchema());
});
afterAll(async () => {
  await editor.close();
});

const HEAD = 'playbook: p\ntitle: t\nowner: o\ntriggers: [{ manual: {} }]\nsteps:\n';
const labels = async (text: string): Promise<readonly string[]> => (await editor.complete(HEAD + text)).map((item) => item.label);

describe('completion', () => {
  it('at a step offers every kind of step, and no `with` for each verb', async () => {
    const offered = await labels('  - ▮');
    expect(offered).toEqual(expect.arrayContaining(KINDS.map((kind) => kind.key)));
    expect(offered).toEqual(expect.arrayContaining(['id', 'when', 'on_error']));
    const kinds = KINDS.filter((kind) => Object.hasOwn(kind.schema.shape, 'with'));
    expect(offered.filter((label) => label === 'with')).toHaveLength(kinds.length);
  });

  it('at `do` offers every verb with what it does', async () => {
    const offered = await editor.complete(`${HEAD}  - do: ▮\n`);
    expect(offered.map((item) => item.label).toSorted()).toEqual(Object.keys(VERBS).toSorted());
    expect(offered.find((item) => item.label === 'host.isolate')?.documentation).toContain('can reach nothing but its management');
  });

  it("within `with` offers the verb's own parameters", async () => {
    const ticket = await labels('  - do: ticket.open\n    with:\n      ▮\n');
    expect(ticket).toEqual(expect.arrayContaining(['title', 'body', 'severity']));
    expect(ticket).not.toContain('host');
    expect(await labels('  - do: ticket.open\n    with:\n      title: t\n      ▮\n')).toEqual(expect.arrayContaining(['body', 'severity']));
    expect(await labels('  - do: ticket.open\n    with:\n      title: t\n      severity: ▮\n')).toEqual(
      expect.arrayContaining(['high', 'critical']),
    );
  });

  it('at a condition offers every function', async () => {
    const offered = await editor.complete(`${HEAD}  - when: ▮\n`);
    expect(offered.length).toBeGreaterThanOrEqual(FUNCTIONS.length);
    expect(offered).toContainEqual({
      label: 'cidr_contains(network: text, address: text)',
      text: expect.stringContaining('cidr_contains('),
      documentation: expect.stringContaining('within the network'),
    });
  });

  it('offers what a trigger, a hold and an approval may be', async () => {
    expect(await labels('  - do: host.isolate\n    hold: ▮\n')).toContain('until_released');
    expect(await labels('  - do: host.isolate\n    approve:\n      ▮\n')).toEqual(
      expect.arrayContaining(['by', 'within', 'unless', 'remind', 'escalate']),
    );
    const text = HEAD.replace('[{ manual: {} }]', '\n  - alert:\n      ▮');
    expect((await editor.complete(text)).map((item) => item.label)).toEqual(expect.arrayContaining(['source', 'min_severity']));
  });
});

describe('hover', () => {
  it('on a verb says what it does', async () => {
    expect(await editor.hover(`${HEAD}  - do: session.re▮voke\n    with: { user: a }\n`)).toContain(
      'It cannot be undone: people sign in again',
    );
  });

  it('on a key and on a parameter says what it means', async () => {
    expect(await editor.hover(`${HEAD}  - do: host.isolate\n    with: { ho▮st: a }\n`)).toContain('The host. (host)');
    expect(await editor.hover(`${HEAD}  - do: host.isolate\n    ho▮ld: until_released\n`)).toContain('Stays until people release it');
    expect(await editor.hover(`${HEAD}  - wh▮en: run.severity_id > 3\n    undo: all\n`)).toContain('A CEL expression');
  });
});

describe('a scenario', () => {
  const SCENARIO = 'scenario: s\nalert: travel\n';
  let scenarios: Editor;
  beforeAll(async () => {
    scenarios = await openEditor(scenarioJsonSchema());
  });
  afterAll(async () => {
    await scenarios.close();
  });
  const offered = async (text: string): Promise<readonly string[]> => (await scenarios.complete(SCENARIO + text)).map((item) => item.label);

  it('is completed: what happened, on whom, to whom, and what a verb answers', async () => {
    expect(await offered('expect:\n  - disable: ▮\n')).toEqual(expect.arrayContaining(['changed', 'asked', 'undone']));
    expect(await offered('expect:\n  - disable: changed\n    ▮\n')).toEqual(expect.arrayContaining(['on', 'with', 'to', 'covers', 'at']));
    expect(await offered('answers:\n  ip.reputation:\n    ▮\n')).toEqual(expect.arrayContaining(['score', 'verdict', 'outcome', 'fails']));
    expect(await offered('never:\n  - verb: ▮\n')).toEqual(expect.arrayContaining(['host.isolate']));
    expect(await scenarios.hover(`${SCENARIO}expect:\n  - { disable: changed, o▮n: eve }\n`)).toContain('What it acts on, exactly');
  });

  it('is marked where it is wrong, and nowhere where it is one of those that are shipped', async () => {
    const wrong = await scenarios.diagnose(`${SCENARIO}expect:\n  - { disable: chnaged }\nheld: [{ stp: disable }]\n`);
    expect(wrong.map(({ line }) => line)).toEqual(expect.arrayContaining([4, 5]));
    for (const name of ['phishing', 'two-hundred-mailboxes', 'by-hand-without-link'])
      expect(await scenarios.diagnose(shipped(`report-phishing/scenarios/${name}.yaml`))).toEqual([]);
    expect(await scenarios.diagnose(shipped('access-review/scenarios/two-managers.yaml'))).toEqual([]);
  });
});

const shipped = (path: string): string => readFileSync(new URL(`../../playbooks/${path}`, import.meta.url), 'utf8').replace(/^#.*\n/, '');

describe('the page about editors', () => {
  const page = readFileSync(new URL('../../docs/editor.md', import.meta.url), 'utf8');
  const versionOf = (path: string): string => String(JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version);

  it('names the version of the language server that is tested', () => {
    expect(page).toContain(`version ${versionOf('../../node_modules/yaml-language-server/package.json')}`);
  });

  it('has a problem matcher that reads what validate prints', () => {
    const pattern = /"regexp": ("(?:[^"\\]|\\.)*")/.exec(page)?.[1] ?? '""';
    const text = 'do: x\n';
    const diagnostic = {
      code: 'VERB_UNKNOWN',
      severity: 'error',
      message: 'there is no verb `x`',
      hint: 'h',
      file: 'p/playbook.yaml',
      line: 1,
      column: 5,
    } as const;
    const [first = ''] = formatDiagnostics([diagnostic], text, { color: false }).split('\n');
    expect(new RegExp(String(JSON.parse(pattern))).exec(first)?.slice(1)).toEqual([
      'p/playbook.yaml',
      '1',
      '5',
      'error',
      'VERB_UNKNOWN there is no verb `x`',
    ]);
  });
});

describe('diagnostics', () => {
  it('a misspelt verb, key or parameter is marked on its line while it is typed', async () => {
    // Line 0 is the comment that names the schema.
    expect(await editor.diagnose(`${HEAD}  - do: host.isolat\n`)).toEqual([{ line: 6, message: expect.stringContaining('host.isolate') }]);
    expect(await editor.diagnose(`${HEAD}  - do: host.isolate\n    with: { hots: a }\n`)).toEqual(
      expect.arrayContaining([
        { line: 7, message: 'Missing property "host".' },
        { line: 7, message: 'Property hots is not allowed.' },
      ]),
    );
    expect(await editor.diagnose(`${HEAD}  - do: host.isolate\n    with: { host: a }\n    aprove: {}\n`)).toEqual([
      { line: 8, message: 'Property aprove is not allowed.' },
    ]);
  });

  it.each(['contain-compromised-account', 'malware-on-host', 'report-phishing'])('the shipped playbook %s has none', async (name) => {
    const text = readFileSync(new URL(`../../playbooks/${name}/playbook.yaml`, import.meta.url), 'utf8');
    expect(await editor.diagnose(text.replace(/^# yaml-language-server.*\n/m, ''))).toEqual([]);
  });
});
