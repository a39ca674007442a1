import { describe, expect, it } from '@jest/globals';
import { FUNCTIONS } from '../../language/cel/functions.ts';
import { evaluate } from '../../language/cel.ts';

const roots = {
  alert: {
    title: 'Malware found',
    users: [{ id: 'u-1', name: 'Eve', email: null }],
    hosts: [{ id: 'wks-001' }],
    ips: ['192.0.2.1', '192.0.2.2', '192.0.2.1'],
    data: { labels: {} },
  },
  inputs: { user: { email: 'EVE@example.org' }, host: { name: 'wks' } },
  run: { playbook: 'contain-it' },
};

/** By function: expression and value. A function without a case fails the test below. */
const CASES: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  has: [
    ['has(alert.title)', true],
    ['has(alert.other)', false],
    ['has(alert.users[0].email)', false],
  ],
  size: [
    ['size(alert.ips)', 3],
    ["size('añ')", 2],
    ['alert.users.size()', 1],
    ['size({})', 0],
  ],
  contains: [["alert.title.contains('ware')", true]],
  startsWith: [["run.playbook.startsWith('contain-')", true]],
  endsWith: [["inputs.user.email.endsWith('@example.org')", true]],
  matches: [
    ["alert.title.matches('^Mal')", true],
    ["alert.title.matches('^mal')", false],
  ],
  int: [
    ["int('42')", 42],
    ['int(3.9)', 3],
  ],
  double: [["double('0.5')", 0.5]],
  string: [
    ['string(42)', '42'],
    ['string(true)', 'true'],
  ],
  bool: [["bool('true')", true]],
  dyn: [["dyn('a')", 'a']],
  all: [["alert.ips.all(i, i != '')", true]],
  exists: [["alert.hosts.exists(h, h.id == 'dc-01')", false]],
  exists_one: [["alert.ips.exists_one(i, i == '192.0.2.2')", true]],
  filter: [["alert.ips.filter(i, i.endsWith('.2'))", ['192.0.2.2']]],
  map: [['alert.users.map(u, u.name)', ['Eve']]],
  first: [
    ['first(alert.ips)', '192.0.2.1'],
    ['first([])', null],
  ],
  unique: [
    ['unique(alert.ips)', ['192.0.2.1', '192.0.2.2']],
    ['unique([1, 1.0, {"a": 1}, {"a": 1}])', [1, { a: 1 }]],
  ],
  join: [
    ["join(unique(alert.ips), ', ')", '192.0.2.1, 192.0.2.2'],
    ["join([1, true, 'a'], '')", '1truea'],
  ],
  lower: [['lower(inputs.user.email)', 'eve@example.org']],
  upper: [['upper(inputs.host.name)', 'WKS']],
  get: [
    ["get(alert, 'users.0.name', '?')", 'Eve'],
    ["get(alert, 'users.0.email', '?')", '?'],
    ["get(alert, 'users.7.name', '?')", '?'],
    ["get(alert.data, 'labels.team', 'unknown')", 'unknown'],
    ["get(null, 'a', [])", []],
    ["get(alert, '__proto__.constructor', 'no')", 'no'],
  ],
};

describe('functions', () => {
  it.each(FUNCTIONS.map((row) => row.name))('%s does what its row says', (name) => {
    const cases = CASES[name] ?? [];
    expect(cases.length).toBeGreaterThan(0);
    for (const [source, value] of cases) expect({ source, ...evaluate(source, roots) }).toEqual({ source, ok: true, value });
  });

  it.each(FUNCTIONS.map((row) => [row.name, row.example] as const))('the example of %s works', (_, example) => {
    const wide = { ...roots, alert: { ...roots.alert, users: [{ id: 'a', name: 'b', email: 'c' }] } };
    expect({ example, ok: evaluate(example, wide).ok }).toEqual({ example, ok: true });
  });

  it.each(["first('text')", "join([[1]], '')", 'lower(1)', "unique('a')", 'get(alert, 1, 2)'])('%s is an error of type', (source) => {
    expect(evaluate(source, roots)).toMatchObject({ ok: false, error: { code: 'EXPRESSION_TYPE' } });
  });
});
