import { describe, expect, it } from '@jest/globals';
import { FUNCTIONS } from '../../language/cel/functions/functions.ts';
import { evaluate, parseExpression } from '../../language/cel.ts';

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

/** Beside each row's own example: the edges. */
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
  name_of: [
    ['name_of(alert.users[0])', 'Eve'],
    ['name_of(inputs.user)', 'EVE@example.org'],
    ["name_of({'name': ' ', 'ip': '192.0.2.1'})", '192.0.2.1'],
    ["name_of('wks-001')", 'wks-001'],
    ['name_of(null)', 'unknown'],
    ['name_of({})', 'unknown'],
  ],
  id_of: [
    ['id_of(alert.users[0])', 'u-1'],
    ['id_of(inputs.user)', 'eve@example.org'],
    ["id_of('WKS-001')", 'wks-001'],
    ['id_of(null)', ''],
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
    ["int('-7')", -7],
    ["int('+007')", 7],
    ['int(3.9)', 3],
  ],
  double: [
    ["double('0.5')", 0.5],
    ["double('-.5e1')", -5],
    ["double('+3.')", 3],
  ],
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
  last: [['last([])', null]],
  take: [
    ['take([1, 2], 5)', [1, 2]],
    ['take([1, 2], -1)', []],
  ],
  sort: [
    ["sort(['b', 'a', 'B'])", ['B', 'a', 'b']],
    ['sort([3, 1.5, 2])', [1.5, 2, 3]],
    ['sort([])', []],
    ["sort([{'n': 2}, {}, {'n': 1}], 'n')", [{ n: 1 }, { n: 2 }, {}]],
  ],
  group_by: [
    ["group_by([], 'a')", []],
    [
      "group_by([{'a': 1}, {}, {'a': 1.0}], 'a').map(g, [g.key, size(g.items)])",
      [
        [1, 2],
        [null, 1],
      ],
    ],
  ],
  merge: [["merge({}, {'__proto__': 1}).size()", 1]],
  split: [
    ["split('', ',')", ['']],
    ["split('a', ',')", ['a']],
  ],
  slice: [
    ["slice('añ😀b', 2)", '😀b'],
    ["slice('abc', -1)", 'c'],
  ],
  extract: [
    ["extract('none', '[0-9]+')", null],
    ["extract('ab', '(x)?b')", null],
    ["extract('Host: dc-01', 'Host: (?P<name>\\\\S+)')", 'dc-01'],
  ],
  hash_kind: [
    ["hash_kind('xyz')", null],
    ["hash_kind('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')", 'sha256'],
  ],
  refang: [["refang('hXXp://a[.]b (at) c(dot)d fxp://x')", 'http://a.b @ c.d ftp://x']],
  round: [
    ['round(-2.5)', -2],
    ['round(1.005, 9)', 1.005],
  ],
  min: [['min([])', null]],
  max: [['max([1, 2.5])', 2.5]],
  cidr_contains: [
    ["cidr_contains('10.0.0.0/8', '11.0.0.0')", false],
    ["cidr_contains('10.0.0.0/8', '10.0.0.0/7')", false],
    ["cidr_contains('10.0.0.0/8', '::ffff:10.1.1.1')", true],
    ["cidr_contains('::/0', '10.0.0.1')", false],
    ["cidr_contains('2001:db8::/32', '2001:db8:ffff::1')", true],
    ["cidr_contains('0.0.0.0/0', '255.255.255.255')", true],
    ["cidr_contains('::ffff:10.0.0.0/104', '10.200.0.1')", true],
  ],
  ip_kind: [
    ["ip_kind('8.8.8.8')", 'public'],
    ["ip_kind('127.1.2.3')", 'loopback'],
    ["ip_kind('fe80::1')", 'link-local'],
    ["ip_kind('::ffff:192.168.0.1')", 'private'],
    ["ip_kind('2606:4700::1111')", 'public'],
    ["ip_kind('dc-01')", null],
    ["ip_kind('1.2.3.4.5')", null],
    ["ip_kind('1::2::3')", null],
    ["ip_kind('12345::')", null],
  ],
  ip_normal: [
    ["ip_normal('0:0:0:0:0:0:0:0')", '::'],
    ["ip_normal('1:0:0:2:0:0:0:3')", '1:0:0:2::3'],
    ["ip_normal('::ffff:1.2.3.4')", '1.2.3.4'],
    ["ip_normal('FE80::A')", 'fe80::a'],
    ["ip_normal('010.0.0.1')", null],
  ],
  domain_within: [
    ["domain_within('notexample.org', 'example.org')", false],
    ["domain_within('EXAMPLE.org.', 'example.org')", true],
    ["domain_within('example.org', 'mail.example.org')", false],
  ],
  domain_parent: [["domain_parent('org')", null]],
  email_domain: [
    ["email_domain('Eve <eve@Example.org>')", 'example.org'],
    ["email_domain('eve')", null],
  ],
  url_parse: [
    ["url_parse('https://good.example.org@evil.example.org/x').host", 'evil.example.org'],
    ["url_parse('https:\\\\\\\\evil.example.org\\\\@good.example.org').host", 'evil.example.org'],
    ["url_parse('http://[2001:db8::1]:80/').port", 80],
    ["url_parse('mailto:eve@example.org')", null],
    ["url_parse('not a url')", null],
  ],
  date_parse: [
    ["date_parse('2026-01-31')", '2026-01-31T00:00:00.000Z'],
    ["date_parse('2026-01-31 08:00')", '2026-01-31T08:00:00.000Z'],
    ["date_parse('2026-01-31T08:00:00.123456Z')", '2026-01-31T08:00:00.123Z'],
    ["date_parse('2024-02-29T23:59:60-01:00')", '2024-03-01T00:59:59.000Z'],
    ['date_parse(0)', '1970-01-01T00:00:00.000Z'],
    ['date_parse(1767225600)', '2026-01-01T00:00:00.000Z'],
    ['date_parse(1767225600000)', '2026-01-01T00:00:00.000Z'],
    ["date_parse('2026-01-02') > date_parse('2026-01-01T23:59:59+00:00')", true],
  ],
  date_diff: [["date_diff('2026-01-02', '2026-01-01T12:00:00Z')", -43200]],
  date_format: [["date_format('2026-01-01', \"yyyy-MM-dd 'at' HH:mm:ss, EEEE MMMM\")", '2026-01-01 at 00:00:00, Thursday January']],
  csv_parse: [
    [
      'csv_parse(\'a,b\\r\\n1,\\r\\n\\r\\n"x""y",2\')',
      [
        { a: '1', b: '' },
        { a: 'x"y', b: '2' },
      ],
    ],
    ["csv_parse('')", []],
  ],
  csv_format: [
    ["csv_format([{'a': 1}, {'b': [1, null]}])", 'a,b\n1,\n,"[1,null]"\n'],
    ["csv_format([{'n': '-5', 'f': '-5+cmd'}])", "n,f\n-5,'-5+cmd\n"],
    ['csv_format([])', ''],
  ],
  base64_decode: [
    ["base64_decode('ZXZl')", 'eve'],
    ["base64_decode('8J+YgA')", '😀'],
    ["base64_decode('/w==')", null],
    ["base64_decode('!')", null],
    ["base64_decode('ZXZl', 'latin1')", null],
  ],
  url_decode: [["url_decode('%zz')", null]],
  severity_id: [["severity_id('HIGH')", 4]],
  json_format: [["json_format('a\"b')", '"a\\"b"']],
  get: [
    ["get(alert, 'users.0.name', '?')", 'Eve'],
    ["get(alert, 'users.0.email', '?')", '?'],
    ["get(alert, 'users.7.name', '?')", '?'],
    ["get(alert.data, 'labels.team', 'unknown')", 'unknown'],
    ["get(null, 'a', [])", []],
    ["get(alert, '__proto__.constructor', 'no')", 'no'],
  ],
};

/** Expression and the code of its error. */
const ERRORS: readonly (readonly [string, string])[] = [
  ["first('text')", 'EXPRESSION_TYPE'],
  ["join([[1]], '')", 'EXPRESSION_TYPE'],
  ['lower(1)', 'EXPRESSION_TYPE'],
  ["unique('a')", 'EXPRESSION_TYPE'],
  ['get(alert, 1, 2)', 'EXPRESSION_TYPE'],
  ['lower(alert.ips)', 'EXPRESSION_TYPE'],
  ['lower(size(alert.ips))', 'EXPRESSION_TYPE'],
  ["sort([1, 'a'])", 'EXPRESSION_TYPE'],
  ['sort([[1]])', 'EXPRESSION_TYPE'],
  ["sum(['a'])", 'EXPRESSION_TYPE'],
  ["split('a', '')", 'EXPRESSION_FAILED'],
  ["date_parse('yesterday')", 'EXPRESSION_FAILED'],
  ["date_parse('2026-02-29')", 'EXPRESSION_FAILED'],
  ["date_parse('2026-01-01T24:00:00Z')", 'EXPRESSION_FAILED'],
  ['date_parse(1e300)', 'EXPRESSION_FAILED'],
  ["date_add('9999-12-31', '2d')", 'EXPRESSION_FAILED'],
  ["date_add('2026-01-01', '1 week')", 'EXPRESSION_FAILED'],
  ["date_format('2026-01-01', 'YYYY')", 'EXPRESSION_FAILED'],
  ["cidr_contains('10.0.0.0/33', '10.0.0.1')", 'EXPRESSION_FAILED'],
  ["cidr_contains('10.0.0.0/8', '10.0.0.01')", 'EXPRESSION_FAILED'],
  ["cidr_contains('10.0.0.0/8', 'dc-01')", 'EXPRESSION_FAILED'],
  ["json_parse('{')", 'EXPRESSION_FAILED'],
  ["json_parse('[1e999]')", 'EXPRESSION_DATA'],
  ["csv_parse('a,a\\n1,2')", 'EXPRESSION_FAILED'],
  ["csv_parse('a\\n1,2')", 'EXPRESSION_FAILED'],
  ["csv_parse('a\\n\"b')", 'EXPRESSION_FAILED'],
  ['csv_format([1])', 'EXPRESSION_TYPE'],
  ["severity_id('terrible')", 'EXPRESSION_FAILED'],
  ["extract('a', alert.title)", 'EXPRESSION_PATTERN'],
  ["extract('a', '(?=a)')", 'EXPRESSION_PATTERN'],
  ["extract_all('a', '[')", 'EXPRESSION_PATTERN'],
];

/** What a source may send where a number is expected: text that is none, or none that is meant. */
const NO_NUMBERS: readonly (readonly [text: string, nature: string])[] = [
  ['', 'empty text'],
  ['  ', 'nothing but blanks'],
  ['42 ', 'blanks around it'],
  ['n/a', 'text that is no number'],
  ['1,5', 'text that is no number'],
  ['1_000', 'text that is no number'],
  ['.', 'text that is no number'],
  ['0x1F', 'not written in tens'],
  ['0b1', 'not written in tens'],
  ['NaN', 'no finite number'],
  ['Infinity', 'no finite number'],
  ['-inf', 'no finite number'],
  ['9'.repeat(65), 'more than 64 characters'],
];

describe('functions', () => {
  it.each(FUNCTIONS.map((row) => [row.name, ...row.example] as const))('the example of %s gives what its row says', (_, source, value) => {
    expect({ source, ...evaluate(source, {}) }).toEqual({ source, ok: true, value });
  });

  it.each(FUNCTIONS.map((row) => row))('the row of $name says what it gives', ({ name, gives, example: [source] }) => {
    // The example may go on after the call; then its own kind is what the whole gives.
    const parsed = parseExpression(source);
    const isCall = parsed.ok && source.startsWith(`${name}(`) && source.endsWith(')');
    const evaluation = evaluate(source, {});
    expect(evaluation.ok && (gives === 'any' || !isCall || kindOfJson(evaluation.value) === gives)).toBe(true);
  });

  it('each row has a name of its own and a sentence', () => {
    expect(new Set(FUNCTIONS.map((row) => row.name)).size).toBe(FUNCTIONS.length);
    for (const { doc } of FUNCTIONS) expect(doc).toMatch(/[.].*$/);
  });

  it.each(Object.entries(CASES).flatMap(([name, cases]) => cases.map(([source, value]) => ({ name, source, value }))))(
    '$name: $source',
    ({ source, value }) => {
      expect({ source, ...evaluate(source, roots) }).toEqual({ source, ok: true, value });
    },
  );

  it.each(ERRORS)('%s is refused with %s', (source, code) => {
    expect({ source, ...evaluate(source, roots) }).toMatchObject({ source, ok: false, error: { code } });
  });

  it.each(NO_NUMBERS)('text that is no number decides nothing: %p', (text, nature) => {
    for (const name of ['int', 'double']) {
      const source = `${name}(get(alert, 'score', '')) >= 0.0`;
      const evaluation = evaluate(source, { alert: { score: text } });
      expect({ source, ...evaluation }).toMatchObject({ source, ok: false, error: { code: 'EXPRESSION_FAILED' } });
      expect(evaluation.ok ? '' : evaluation.error.message).toContain(nature);
    }
  });

  it('a number that is too large or not whole is refused, too, and its text is not told', () => {
    const told = (source: string, text: string) => {
      const evaluation = evaluate(source, { text });
      return evaluation.ok ? evaluation.value : evaluation.error.message;
    };
    expect(told('double(text)', '1e400')).toBe('double() was given a number that is too large');
    expect(told('int(text)', '9223372036854775808')).toBe('int() was given a number that is too large');
    expect(told('int(text)', '3.9')).toBe('int() was given a number that is not whole; int(double(…)) cuts it off');
    expect(told('int(text)', 'made-up-secret')).toBe('int() was given text that is no number');
  });

  it('says which argument is wrong, and nothing of its value', () => {
    const evaluation = evaluate('lower(x)', { x: ['made-up-secret'] });
    expect(evaluation).toMatchObject({ ok: false, error: { message: 'lower() takes text for its text, and this is list' } });
    expect(parseExpression('lower(1)')).toMatchObject({
      ok: false,
      error: { message: 'gives lower() number for its text, which is text' },
    });
  });
});

function kindOfJson(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  return { string: 'text', number: 'number', boolean: 'boolean', object: 'map' }[typeof value as 'string'] ?? '?';
}
