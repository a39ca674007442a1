import { describe, expect, it } from '@jest/globals';
import { conditionWords, templateWords } from '../../../language/words/expression-words.ts';
import { durationWords, peopleWords } from '../../../language/words/quantities.ts';

const name = (id: string) => `“${id}”`;

describe('a condition in words', () => {
  it.each([
    ["steps.verdict.answer == 'phishing'", 'the answer of “verdict” is phishing'],
    ["steps.contain.outcome == 'denied'", '“contain” ended as denied'],
    ["!(steps.isolate.outcome in ['changed', 'already'])", '“isolate” did not end as done or so already'],
    ["get(steps, 'isolate.outcome', 'failed') == 'changed'", '“isolate” ended as done'],
    ['inputs.ip != null', 'the ip is known'],
    ['run.severity_id >= 4', 'the severity of the run is at least high'],
    ['severity_id(inputs.level) < 5', 'the level is below critical'],
    ['steps.purge.counts.failed > 0', 'the number of items that ended as failed of “purge” is above 0'],
    ['size(vars.a) + size(vars.b) > 0', 'the number of a plus the number of b is above 0'],
    ["steps.q.rows.exists(r, r.answer == 'drop')", 'for one of these it is so that its answer is drop: the rows of “q”'],
    ["steps.a.publisher.startsWith('Contoso')", 'the publisher of “a” begins with “Contoso”'],
    ["!inputs.domain.endsWith('.example.test')", 'the domain does not end with “.example.test”'],
    ["inputs.message.subject.contains('invoice')", 'the subject of the message contains “invoice”'],
    ["cidr_contains('10.0.0.0/8', inputs.ip)", 'the ip is within “10.0.0.0/8”'],
    ["!domain_within(inputs.domain, 'example.test')", 'the domain is not within “example.test”'],
    ["steps.what.scopes.exists(s, s.startsWith('mail.'))", 'one of the scopes of “what” begins with “mail.”'],
    [
      "steps.what.verified && !steps.what.scopes.exists(s, s.startsWith('mail.') || s == 'offline_access')",
      'both of these: the verified of “what” is true, and (none of the scopes of “what” begins with “mail.” or is offline_access)',
    ],
    ["steps.what.scopes.all(s, s.endsWith('.read'))", 'each of the scopes of “what” ends with “.read”'],
    ["!steps.what.scopes.all(s, s.endsWith('.read'))", 'not each of the scopes of “what” ends with “.read”'],
    ['!has(alert.data.category)', 'the category of the alert is not known'],
    ['inputs.ip == null', 'the ip is not known'],
    ['size(alert.users) == 1 && size(alert.files) == 0', 'the alert has exactly one user and the alert has no files'],
    ['size(steps.copies.messages) > 0', 'there are some messages of “copies”'],
    ['steps.reputation.score >= 90', 'the score of “reputation” is at least 90'],
    ['!(steps.a.score > 5)', 'the score of “a” is at most 5'],
    ["ip_kind(inputs.ip) in ['public', 'private']", 'the kind of the ip is public or private'],
    ["id_of(inputs.user) == 'user-007'", 'the id of the user is user-007'],
    ["run.severity == 'high'", 'the severity of the run is high'],
  ])('%s', (source, words) => {
    expect(conditionWords(source, name)).toBe(words);
  });

  it.each([
    ["['a', 'b'].exists(x, x == 'c')", 'for one of these it is so that it is c: a and b'],
    ["!['a', 'b'].exists(x, x == 'c')", 'for each of these it is so that it is not c: a and b'],
  ])('%s', (source, words) => {
    expect(conditionWords(source, name)).toBe(words);
  });

  it('that has no plain words is shown as it is written, in one line', () => {
    expect(conditionWords('inputs.list.map(x,\n  x * 2) == []', name)).toBe('`inputs.list.map(x, x * 2) == []`');
  });

  it('that is no expression is shown too', () => {
    expect(conditionWords('a +', name)).toBe('`a +`');
  });

  it.each([
    ['x || y', 'the x is true or the y is true'],
    ['x && y && z', 'the x is true and the y is true and the z is true'],
    ['(x || y) && z', 'both of these: (the x is true or the y is true), and the z is true'],
    ['x || y && z', 'either of these: the x is true, or (the y is true and the z is true)'],
    ['x && y || z', 'either of these: (the x is true and the y is true), or the z is true'],
    ['x && (y || z) && w', 'all of these: the x is true, (the y is true or the z is true), and the w is true'],
    ['x || y && z || w', 'any of these: the x is true, (the y is true and the z is true), or the w is true'],
    ['x && (y || (z && w))', 'both of these: the x is true, and (either of these: the y is true, or (the z is true and the w is true))'],
    ['x || (y && (z || w))', 'either of these: the x is true, or (both of these: the y is true, and (the z is true or the w is true))'],
    ["x == 'b' && y in ['c', 'd']", 'both of these: the x is b, and (the y is c or d)'],
    ["['a', 'b'].exists(i, i == 'c') && x", 'both of these: (for one of these it is so that it is c: a and b), and the x is true'],
  ])('that joins others: %s', (source, words) => {
    expect(conditionWords(source, name)).toBe(words);
  });

  it.each([
    ['!(x && y)', 'it is not the case that (the x is true and the y is true)'],
    ['!(x || y)', 'it is not the case that (the x is true or the y is true)'],
    ['!(x && (y || z))', 'it is not the case that (both of these: the x is true, and (the y is true or the z is true))'],
    ['!(x && y) || z', 'either of these: it is not the case that (the x is true and the y is true), or the z is true'],
    ['x && !(y || !z)', 'both of these: the x is true, and it is not the case that (the y is true or the z is not true)'],
    [
      '!(!(x || y) && z)',
      'it is not the case that (both of these: it is not the case that (the x is true or the y is true), and the z is true)',
    ],
    ['!!(x || y)', 'the x is true or the y is true'],
  ])('that denies others: %s', (source, words) => {
    expect(conditionWords(source, name)).toBe(words);
  });

  it.each(['toString(x, y)', 'constructor(x, y)', '!valueOf(x, y)'])('never takes what objects inherit for words: %s', (source) => {
    expect(conditionWords(source, name)).toBe(`\`${source}\``);
  });
});

it('text keeps its words and shows what is filled in', () => {
  expect(templateWords({ text: ['Account ', { cel: "get(inputs.user, 'name', 'x')" }, ' contained'] }, name)).toBe(
    'Account ‹the name of the user› contained',
  );
});

it.each([
  [1000, '1 second'],
  [5_400_000, '1 hour 30 minutes'],
  [86_400_000, '1 day'],
])('%d ms is %s', (ms, words) => {
  expect(durationWords(ms)).toBe(words);
});

it.each([
  [{ role: 'analyst' }, 1, 'an analyst'],
  [{ role: 'responder' }, 2, '2 different responders'],
  [{ oncall: 'soc-lead' }, 1, 'whoever is on call for soc-lead'],
])('people: %j', (people, count, words) => {
  expect(peopleWords(people, '', count)).toBe(words);
});

it.each([
  ["steps.q.rows.filter(r, r.answer == 'drop').map(r, r.of)", 'those of the rows of “q” for which its answer is drop'],
  ['steps.list.keys.filter(k, k.active).map(k, k.id)', 'the id of each of those of the keys of “list” for which its active is true'],
  ["group_by(steps.stale.users, 'manager')", 'the users of “stale”, in groups by manager'],
  ['steps.each.counts.items', 'the number of items of “each”'],
])('says the value %s in words', (cel, words) => {
  expect(templateWords({ cel }, name)).toBe(words);
});
