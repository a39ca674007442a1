import { describe, expect, it } from '@jest/globals';
import { decide } from '../../policy/decide.ts';
import { readNetwork } from '../../policy/network.ts';
import type { Policy, Rule } from '../../policy/policy.ts';
import { FACTS, POLICY, target } from './facts.ts';

const ruleFor = (
  kind: string,
  names: readonly string[],
  more: Partial<typeof FACTS> = {},
  forbidden: Partial<Policy['forbidden']> = {},
) => {
  const policy = { ...POLICY, forbidden: { ...POLICY.forbidden, ...forbidden } };
  const decision = decide(policy, { ...FACTS, verb: 'ip.block', target: target(kind, names), ...more });
  return decision.effect === 'deny' ? decision.rule : decision.effect;
};

describe('what is never a target', () => {
  it('who started the run by hand, under whichever of their names', () => {
    const requester = ['per_1', 'eve', 'eve@example.test'];
    expect(ruleFor('user', ['user-007', 'eve@example.test'], { requester })).toBe('forbidden-requester');
    expect(ruleFor('user', ['user-008', 'bob@example.test'], { requester })).toBe('allow');
    // A message in their own mailbox may be put aside.
    expect(ruleFor('message', ['msg-1', 'eve@example.test'], { requester })).toBe('allow');
  });

  it('the machine and the accounts that Cordon uses', () => {
    const ourselves = ['soar-01', '192.0.2.10', 'svc-cordon'];
    expect(ruleFor('host', ['h-1', 'soar-01'], { ourselves })).toBe('forbidden-ourselves');
    expect(ruleFor('user', ['svc-cordon'], { ourselves })).toBe('forbidden-ourselves');
    expect(ruleFor('ip', ['192.0.2.10'], { ourselves })).toBe('forbidden-ourselves');
    expect(ruleFor('ip', ['192.0.2.0/24'], { ourselves })).toBe('forbidden-address');
    expect(ruleFor('ip', ['::ffff:192.0.2.10'], { ourselves })).toBe('forbidden-address');
    expect(ruleFor('ip', ['192.0.2.11'], { ourselves })).toBe('allow');
  });

  it('break-glass accounts, without any rule about them', () => {
    expect(decide(POLICY, { ...FACTS, target: target('user', ['glass'], ['break-glass']) })).toMatchObject({ rule: 'forbidden-target' });
    expect(decide(POLICY, { ...FACTS, risk: 'additive', target: target('user', ['glass'], ['break-glass']) })).toMatchObject({
      effect: 'allow',
    });
  });

  it.each([
    ['10.0.0.0/8', 'forbidden-network'],
    ['198.51.101.0/23', 'forbidden-address'], // bits behind the prefix: not a network at all
    ['198.51.100.0/24', 'allow'],
    ['198.51.0.0/23', 'forbidden-network'],
    ['0.0.0.0/0', 'forbidden-network'],
    ['2001:db8::/47', 'forbidden-network'],
    ['2001:db8:1::/47', 'forbidden-address'],
    ['2001:db8::/32', 'forbidden-network'],
    ['2001:db8:1::/48', 'allow'],
    ['::ffff:0.0.0.0/96', 'forbidden-network'],
    ['::/0', 'forbidden-network'],
  ])('a network that is too broad: %s', (network, rule) => {
    expect(ruleFor('ip', [network])).toBe(rule);
  });

  it.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '0:0:0:0:0:0:0:1', '0.0.0.0', '255.255.255.255'])(
    'loopback and nobody: %s',
    (address) => {
      expect(ruleFor('ip', [address])).toBe('forbidden-address');
    },
  );

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '::ffff:a01:203', '10.1.2.0/24'])(
    'an address of our own ranges, however it is written: %s',
    (address) => {
      expect(ruleFor('ip', [address], {}, { networks: ['10.0.0.0/8'] })).toBe('forbidden-address');
      expect(ruleFor('ip', ['11.1.2.3'], {}, { networks: ['10.0.0.0/8'] })).toBe('allow');
    },
  );

  it.each(['010.1.2.3', '0xa.1.2.3', '167838211', '10.1.2', '10.1.2.3/33', '1::2::3', 'ten', '', '10.1.2.3 ', '①0.1.2.3'])(
    'what cannot be read as an address: %s',
    (address) => {
      expect(readNetwork(address)).toBeUndefined();
      expect(ruleFor('ip', [address])).toBe('forbidden-address');
    },
  );

  it('our own domains, and what is below them', () => {
    const domains = ['example.test'];
    expect(ruleFor('domain', ['example.test'], {}, { domains })).toBe('forbidden-domain');
    expect(ruleFor('domain', ['mail.example.test.'], {}, { domains })).toBe('forbidden-domain');
    expect(ruleFor('url', ['https://user@www.example.test:8443/a?b'], {}, { domains })).toBe('forbidden-domain');
    expect(ruleFor('domain', ['notexample.test'], {}, { domains })).toBe('allow');
    expect(ruleFor('url', ['https://evil.test/https://example.test'], {}, { domains })).toBe('allow');
  });

  it.each(['https://x@y@corp.example/', 'https://x:y@z@corp.example', 'https://corp.example\\@evil.test/', 'https://corp.example\\a'])(
    'a url is on the host that a browser would go to: %s',
    (url) => {
      expect(new URL(url).hostname).toBe('corp.example');
      expect(ruleFor('url', [url], {}, { domains: ['corp.example'] })).toBe('forbidden-domain');
    },
  );

  it('a domain that ours lies below: who blocks it blocks ours', () => {
    const domains = ['corp.example.test'];
    expect(ruleFor('domain', ['example.test'], {}, { domains })).toBe('forbidden-domain');
    expect(ruleFor('url', ['https://example.test/a'], {}, { domains })).toBe('allow');
    expect(ruleFor('domain', ['other.example.test'], {}, { domains })).toBe('allow');
  });

  it('and no rule lifts that', () => {
    const allow: Rule = { name: 'all', reason: 'made up', match: {}, consequence: { then: 'allow' } };
    const decision = decide({ ...POLICY, rules: [allow] }, { ...FACTS, target: target('user', ['x'], ['cordon']) });
    expect(decision).toMatchObject({ effect: 'deny', rule: 'forbidden-target' });
  });
});
