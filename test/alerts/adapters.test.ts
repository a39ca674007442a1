import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ALERTMANAGER_LABELS } from '../../alerts/alertmanager.ts';
import { entityKeys } from '../../alerts/entities.ts';
import { normalise, type SourceType } from '../../alerts/normalise.ts';
import { PLAIN_MEMBERS } from '../../alerts/plain.ts';
import { SAMPLES, type SampleName, sampleAlert } from '../../alerts/samples.ts';
import { SEVERITY_WORDS } from '../../alerts/severity.ts';
import { ALERT_MEMBERS, THING_ROWS } from '../../language/alert-members.ts';

function read(type: SourceType, json: unknown) {
  const normalised = normalise(type, 'src', JSON.stringify(json));
  if (!normalised.ok) throw new Error(normalised.reason);
  return normalised;
}
const reasonOf = (type: SourceType, json: unknown): string => {
  const normalised = normalise(type, 'src', JSON.stringify(json));
  return normalised.ok ? 'ok' : normalised.reason;
};

describe('the plain alert', () => {
  it('needs an id and a title, and nothing else', () => {
    expect(read('plain', { id: 'a', title: 't' }).alerts[0]).toEqual({
      source: 'src',
      uid: 'a',
      finding: 'a/open',
      title: 't',
      severity: 'unknown',
      severity_id: 0,
      status: 'open',
      users: [],
      hosts: [],
      ips: [],
      domains: [],
      urls: [],
      files: [],
      messages: [],
      data: {},
    });
  });

  it('gives a new finding to what happens again at a later time, and the same one to what is posted again', () => {
    const finding = (rest: object) => read('plain', { id: 'a', title: 't', ...rest }).alerts[0]?.finding;
    const open = finding({ time: '2026-11-21T10:00:00Z' });
    expect(finding({ time: '2026-11-21T10:00:00Z', status: 'open', severity: 'high' })).toBe(open);
    for (const time of ['2026-11-21T10:00:00.000Z', '2026-11-21T11:00:00+01:00', '2026-11-21T04:30:00-05:30'])
      expect(finding({ time })).toBe(open);
    expect(finding({ time: '2026-11-21T11:00:00Z', status: 'resolved' })).not.toBe(open);
    expect(finding({ time: '2026-11-21T10:00:00.001Z' })).not.toBe(open);
    expect(finding({ id: open })).not.toBe(open);
    expect(finding({ time: '2026-11-21T12:00:00Z' })).not.toBe(open);
    expect([finding({}), finding({ status: 'open' }), finding({ time: null })]).toEqual(Array(3).fill('a/open'));
  });

  it('keeps members that it does not know, and what is malformed within lists stays out', () => {
    const { alerts } = read('plain', {
      id: 7,
      title: ' t ',
      vendor: { x: 1 },
      data: { y: 2 },
      users: [{ id: 'u' }, {}, 'text', { id: '' }],
      ips: '192.0.2.1',
    });
    expect(alerts[0]).toMatchObject({ uid: '7', title: 't', data: { vendor: { x: 1 }, y: 2 }, users: [{ id: 'u' }], ips: ['192.0.2.1'] });
  });

  it.each([
    [{ title: 't' }, /"id"/],
    [{ id: 'a' }, /"title"/],
    [{ id: 'a', title: '' }, /"title"/],
    [{ id: 'x'.repeat(600), title: 't' }, /"id"/],
    [{ id: 'a', title: 't', severity: 'dire' }, /"severity"/],
    [{ id: 'a', title: 't', severity: 3 }, /"severity"/],
    [{ id: 'a', title: 't', status: 'closed' }, /"status"/],
    [{ id: 'a', title: 't', time: 'yesterday' }, /"time"/],
    [[], /object/],
    [null, /object/],
  ])('%j is refused with the reason', (json, reason) => {
    expect(reasonOf('plain', json)).toMatch(reason);
  });

  it('says what it left out, and takes the rest', () => {
    const { alerts, odd } = read('plain', {
      id: 'a',
      title: 't',
      hosts: ['wks-007', { name: 'wks-008' }, 7],
      ips: [{ ip: '192.0.2.1' }],
      data: 'x',
    });
    expect(alerts[0]).toMatchObject({ hosts: [{ name: 'wks-008' }], ips: [], data: {} });
    expect(odd).toEqual([
      'hosts[0] and 1 more could not be read and was left out of the alert: an item of "hosts" is { "id": …, "name": …, "ip": … }',
      'ips[0] could not be read and was left out of the alert: an item of "ips" is a text',
      '"data" could not be read and was left out of the alert: it is an object',
    ]);
    expect(
      read('plain', { id: 'a', title: 't', urls: Array.from({ length: 501 }, (_, index) => `http://x.example/${index}`) }).odd,
    ).toEqual(['"urls" has 501 items; the first 500 are read']);
  });

  it('has nothing to say of what is empty or only unknown', () => {
    expect(read('plain', { id: 'a', title: 't', users: [{}, { id: '' }, null], ips: '', hosts: null, vendor: 1, data: null }).odd).toEqual(
      [],
    );
    expect(read('plain', sampleAlert('travel', 'a', '2026-11-21T10:11:01Z')).odd).toEqual([]);
  });

  it('has the members that playbooks are told of', () => {
    const all = {
      id: 'a',
      title: 't',
      message: 'm',
      time: '2026-11-21T10:11:01Z',
      users: [{ id: 'u', name: 'n', email: 'e' }],
      hosts: [{ id: 'h', name: 'n', ip: 'i' }],
      files: [{ sha256: 's', name: 'n' }],
      messages: [{ id: 'm', from: 'f', to: 't', subject: 's', urls: ['u'] }],
    };
    const [alert] = read('plain', all).alerts;
    expect(Object.keys(alert ?? {}).toSorted()).toEqual(ALERT_MEMBERS.toSorted());
    // What may be sent is read under the same name; `id` becomes `uid`.
    expect(PLAIN_MEMBERS.filter((name) => !ALERT_MEMBERS.includes(name === 'id' ? 'uid' : name))).toEqual([]);
    const things = { user: alert?.users[0], host: alert?.hosts[0], file: alert?.files[0], message: alert?.messages[0] };
    for (const [thing, members] of Object.entries(THING_ROWS))
      expect(Object.keys(Object.entries(things).find(([name]) => name === thing)?.[1] ?? {})).toEqual(Object.keys(members));
  });

  it('never cuts an identifier into another one', () => {
    const { alerts } = read('plain', { id: 'a', title: 't', users: [{ id: `${'x'.repeat(600)}`, name: 'Eve' }] });
    expect(alerts[0]?.users).toEqual([{ name: 'Eve' }]);
  });
});

describe('Alertmanager', () => {
  const group = (labels: object, more: object = {}) => ({
    version: '4',
    alerts: [
      {
        status: 'firing',
        labels,
        annotations: {},
        startsAt: '2026-11-21T10:11:01.6Z',
        endsAt: '0001-01-01T00:00:00Z',
        fingerprint: 'f1',
        ...more,
      },
    ],
  });

  it.each([
    [{ user: 'alice' }, { users: [{ name: 'alice' }] }],
    [{ username: 'alice@example.test' }, { users: [{ email: 'alice@example.test' }] }],
    [{ user: 'alice', email: 'a@example.test' }, { users: [{ name: 'alice', email: 'a@example.test' }] }],
    [{ instance: 'ws-1:9100' }, { hosts: [{ name: 'ws-1' }] }],
    [{ instance: '192.0.2.9:9100' }, { hosts: [{ ip: '192.0.2.9' }] }],
    [{ instance: '[2001:db8::1]:9100' }, { hosts: [{ ip: '2001:db8::1' }] }],
    [{ instance: '2001:db8::1' }, { hosts: [{ ip: '2001:db8::1' }] }],
    [{ host: 'ws-2', instance: 'exporter:9100' }, { hosts: [{ name: 'ws-2' }] }],
    [{ src_ip: '203.0.113.50' }, { ips: ['203.0.113.50'] }],
    [{ severity: 'warning' }, { severity: 'medium', severity_id: 3 }],
    [{ severity: 'page' }, { severity: 'critical', severity_id: 5 }],
    [{ severity: 'nonsense' }, { severity: 'unknown', severity_id: 0 }],
  ])('maps the labels %j', (labels, expected) => {
    expect(read('alertmanager', group(labels)).alerts[0]).toMatchObject(expected);
  });

  it('understands the severities of the reference as a plain alert does, in any case', () => {
    for (const [word, severity] of Object.entries(SEVERITY_WORDS)) {
      const both = [read('alertmanager', group({ severity: word.toUpperCase() })), read('plain', { id: 'a', title: 't', severity: word })];
      expect(both.map(({ alerts }) => alerts[0]?.severity)).toEqual([severity, severity]);
    }
  });

  it('makes something of each label of the reference, and of no other', () => {
    const { data: _, ...nothing } = read('alertmanager', group({ alertname: 'a' })).alerts[0] ?? {};
    const made = (label: string, value: string) => {
      const { data, ...rest } = read('alertmanager', group({ alertname: 'a', [label]: value })).alerts[0] ?? {};
      return { rest, data };
    };
    for (const label of ALERTMANAGER_LABELS.flatMap((row) => row.labels))
      expect({ label, ...made(label, label === 'severity' ? 'high' : '203.0.113.9').rest }).not.toEqual({ label, ...nothing });
    expect(made('category', 'malware')).toEqual({
      rest: nothing,
      data: expect.objectContaining({ labels: { alertname: 'a', category: 'malware' } }),
    });
  });

  it('has its labels where a plain alert has its unknown members, so that one trigger reads both; none stands for something else', () => {
    const labels = { category: 'exfiltration', annotations: 'mine', receiver: 'mine' };
    const { data } = read('alertmanager', { ...group(labels), receiver: 'cordon' }).alerts[0] ?? {};
    expect(data).toEqual({ category: 'exfiltration', labels, annotations: {}, receiver: 'cordon' });
  });

  it('takes the end of a resolved alert alone, and each status for itself', () => {
    const firing = read('alertmanager', group({})).alerts[0];
    const resolved = read('alertmanager', group({}, { status: 'resolved', endsAt: '2026-11-21T10:12:00Z' })).alerts[0];
    expect([firing?.status, firing?.data.ends_at, resolved?.status, resolved?.data.ends_at]).toEqual([
      'open',
      undefined,
      'resolved',
      '2026-11-21T10:12:00Z',
    ]);
    expect(firing?.finding).not.toBe(resolved?.finding);
  });

  it('gives a new finding to an alert that fires again, and the same to one that is repeated', () => {
    const finding = (startsAt: string) => read('alertmanager', group({}, { startsAt })).alerts[0]?.finding;
    expect(finding('2026-11-21T10:00:00Z')).toBe(finding('2026-11-21T10:00:00Z'));
    expect(finding('2026-11-21T10:00:00Z')).not.toBe(finding('2026-11-21T11:00:00Z'));
  });

  it.each([
    [{ version: '3', alerts: [] }, /version/],
    [{ version: '4', alerts: [] }, /empty/],
    [group({}, { fingerprint: '' }), /fingerprint/],
    [group({}, { startsAt: 'x' }), /startsAt/],
    [group({}, { status: 'unknown' }), /status/],
  ])('%.60j is refused with the reason', (json, reason) => {
    expect(reasonOf('alertmanager', json)).toMatch(reason);
  });

  const folder = '../shared/alert-samples';
  (existsSync(folder) ? it : it.skip)('reads what a real Alertmanager has posted', () => {
    const capture = readFileSync(`${folder}/alertmanager-0.25-real-capture.json`, 'utf8');
    const read = normalise('alertmanager', 'am', capture);
    expect(read).toMatchObject({
      ok: true,
      odd: [],
      alerts: [{ title: 'Impossible travel', severity: 'critical', users: [{ name: 'alice' }], hosts: [{ name: 'ws-1' }] }],
    });
  });
});

describe('entity keys', () => {
  it('are one for every spelling of a name', () => {
    const keys = (id: string) =>
      entityKeys(read('plain', { id: 'a', title: 't', users: [{ id }], hosts: [{ name: 'WKS-007' }] }).alerts[0] ?? never());
    expect(keys('Eve')).toEqual(['user:eve', 'host:wks-007']);
    expect(keys('ＥＶＥ')).toEqual(keys('eve'));
    expect(keys('e\u0301ve')).toEqual(keys('\u00e9ve'));
  });

  it('name a person by display name only where there is nothing better', () => {
    const [both] = read('plain', { id: 'a', title: 't', users: [{ id: 'u1', name: 'Eve Adams' }, { name: 'Bob' }] }).alerts;
    expect(entityKeys(both ?? never())).toEqual(['user:u1', 'user:bob']);
  });
});

describe('the samples', () => {
  it.each(Object.keys(SAMPLES))('%s is a plain alert', (name) => {
    // The keys of the table.
    const { alerts, odd } = read('plain', sampleAlert(name as SampleName, 'x-1', '2026-11-21T12:00:00.000Z'));
    expect({ odd, uid: alerts[0]?.uid, severity: alerts[0]?.severity === 'unknown' }).toEqual({ odd: [], uid: 'x-1', severity: false });
  });
});

function never(): never {
  throw new Error('there is no alert');
}
