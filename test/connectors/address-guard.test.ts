import { describe, expect, it } from '@jest/globals';
import { canonicalAddress, isAddressAllowed, isInNetwork, isNetwork } from '../../connectors/address-guard.ts';

const INTERNAL = [
  '127.0.0.1',
  '127.1.2.3',
  '0.0.0.0',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.1.1',
  '100.64.0.1',
  '169.254.169.254',
  '224.0.0.1',
  '255.255.255.255',
  '198.18.0.1',
  '192.0.2.1',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:169.254.169.254',
  '::127.0.0.1',
  '::ffff:7f00:1',
  'fe80::1',
  'fe80::1%eth0',
  'fd00::1',
  'fc00::1',
  'ff02::1',
  '64:ff9b::7f00:1',
  '64:ff9b::a9fe:a9fe',
  '2002:7f00:1::',
  '2001:0:7f00:1::',
  '2001:db8::1',
  'fec0::1',
];
const NONSENSE = [
  '',
  'localhost',
  '2130706433',
  '0x7f.1',
  '0x7f000001',
  '0177.0.0.1',
  '127.1',
  '1.2.3.4.5',
  '1.2.3.4 ',
  '[::1]',
  'example.test',
  '1.2.3.4/32',
  '٣.1.1.1',
];

describe('the address guard', () => {
  it.each(INTERNAL)('refuses %s where nothing is allowed', (address) => {
    expect(isAddressAllowed(address, {})).toBe(false);
  });

  it.each(NONSENSE)('refuses what is no full address: %p', (address) => {
    expect(isAddressAllowed(address, { loopback: true, networks: ['0.0.0.0/0', '::/0'] })).toBe(false);
  });

  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111'])('allows the public address %s', (address) => {
    expect(isAddressAllowed(address, {})).toBe(true);
  });

  it('allows loopback, and only loopback, where the rules say so', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].map((each) => isAddressAllowed(each, { loopback: true }))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['10.0.0.1', '169.254.169.254', '0.0.0.0', '::127.0.0.1'].map((each) => isAddressAllowed(each, { loopback: true }))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('allows the networks that are named, and nothing beside them', () => {
    const rules = { networks: ['10.1.2.0/24', 'fd00:1::/32', '192.168.7.7'] };
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd00:1::5', '192.168.7.7'].map((each) => isAddressAllowed(each, rules))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['10.1.3.3', 'fd00:2::5', '192.168.7.8', '127.0.0.1'].map((each) => isAddressAllowed(each, rules))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('never allows unspecified, multicast and broadcast, whatever is named', () => {
    expect(
      ['0.0.0.0', '255.255.255.255', '224.0.0.1', '::'].map((each) =>
        isAddressAllowed(each, { loopback: true, networks: ['0.0.0.0/0', '::/0'] }),
      ),
    ).toEqual([false, false, false, false]);
  });

  it('a private host may be private, not cloud metadata or loopback; another host may not', () => {
    const rules = { privateHosts: ['EDR.corp.example'] };
    expect(['10.0.0.1', 'fd00::1'].map((each) => isAddressAllowed(each, rules, 'edr.corp.example'))).toEqual([true, true]);
    expect(['169.254.169.254', '127.0.0.1', '::1', 'fe80::1'].map((each) => isAddressAllowed(each, rules, 'edr.corp.example'))).toEqual([
      false,
      false,
      false,
      false,
    ]);
    expect(isAddressAllowed('10.0.0.1', rules, 'evil.example')).toBe(false);
    expect(isAddressAllowed('10.0.0.1', { privateHosts: [''] }, '')).toBe(false);
  });

  it('knows networks and canonical spellings', () => {
    expect(['10.0.0.0/8', '::/0', '1.2.3.4'].map(isNetwork)).toEqual([true, true, true]);
    expect(['10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10/8', 'x', '10.0.0.0/-1', '10.0.0.0/8x'].map(isNetwork)).toEqual([
      false,
      false,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(canonicalAddress('2001:0DB8:0:0:0:0:0:1')).toBe('2001:db8::1');
    expect(canonicalAddress('::ffff:10.0.0.1')).toBe('10.0.0.1');
    expect(canonicalAddress('10.0.0.0/8')).toBeUndefined();
    expect([isInNetwork('10.1.1.1', '10.0.0.0/8'), isInNetwork('11.1.1.1', '10.0.0.0/8'), isInNetwork('::1', '10.0.0.0/8')]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
