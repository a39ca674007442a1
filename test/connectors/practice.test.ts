// Every action of the practice products, against the range.
import type { Subject } from './bench.ts';
import { checkAction } from './kit.ts';

const subject = (product: string): Subject => ({
  type: `practice-${product}`,
  product,
  token: 'made-up-canary-token',
  secret: 'made-up-canary-token',
  config: { token: 'env:SECRET' },
});

const eve = { email: 'eve.adams@example.test' };

checkAction(subject('idp'), { verb: 'user.lookup', params: { user: eve } });
checkAction(subject('idp'), { verb: 'user.disable', params: { user: eve }, word: 'disable' });
checkAction(subject('idp'), { verb: 'session.revoke', params: { user: eve }, word: 'revoke' });
checkAction(subject('edr'), { verb: 'host.lookup', params: { host: { name: 'wks-007' } } });
checkAction(subject('edr'), { verb: 'host.isolate', params: { host: { name: 'wks-007' } }, word: 'isolate' });
checkAction(subject('firewall'), { verb: 'ip.block', params: { ip: '203.0.113.7' }, word: 'block' });
checkAction(subject('mail'), {
  verb: 'mail.search',
  params: { like: { from: 'billing@invoices.example.test', subject: 'Invoice overdue' } },
});
checkAction(subject('mail'), { verb: 'mail.quarantine', params: { message: { id: 'msg-001' } }, word: 'quarantine' });
checkAction(subject('tickets'), { verb: 'ticket.open', params: { title: 'Contained', severity: 'high' }, word: 'ticket' });
checkAction(subject('tickets'), {
  verb: 'ticket.comment',
  params: { ticket: { id: 'T-1' }, text: 'Released.' },
  word: 'comment',
  ready: [['ticket.open', { title: 'Contained' }]],
});
checkAction(subject('chat'), { verb: 'notify.message', params: { to: '#soc', text: 'Eve Adams was disabled.' }, word: 'message' });
checkAction(subject('chat'), {
  verb: 'notify.page',
  params: { to: { oncall: 'soc-lead' }, text: 'wks-007 is not isolated.' },
  word: 'page',
});
checkAction(subject('reputation'), { verb: 'ip.reputation', params: { ip: '203.0.113.50' } });
checkAction(subject('reputation'), { verb: 'url.reputation', params: { url: 'http://invoices.example.test/sign-in' } });
checkAction(subject('reputation'), { verb: 'file.reputation', params: { file: { sha256: 'a'.repeat(64) } } });

const ben = { email: 'ben.clark@example.test' }; // has administrative rights, and two keys
checkAction(subject('idp'), { verb: 'user.list_inactive', params: { for: '90d' } });
checkAction(subject('idp'), { verb: 'signin.search', params: { ip: '203.0.113.66' } });
checkAction(subject('idp'), { verb: 'password.expire', params: { user: eve }, word: 'expire' });
checkAction(subject('idp'), { verb: 'privilege.list', params: { user: ben } });
checkAction(subject('idp'), { verb: 'privilege.suspend', params: { user: ben }, word: 'privileges' });
checkAction(subject('idp'), { verb: 'app.lookup', params: { app: 'Mail Helper' } });
checkAction(subject('idp'), { verb: 'app.disable', params: { app: 'app-002' }, word: 'disable-app' });
checkAction(subject('mail'), { verb: 'mail.list_rules', params: { user: { id: 'user-011' } } });
checkAction(subject('mail'), { verb: 'mail.disable_rules', params: { user: { id: 'user-011' } }, word: 'disable-rules' });
checkAction(subject('firewall'), { verb: 'domain.block', params: { domain: 'Beacon.Invalid.' }, word: 'block-domain' });
checkAction(subject('cloud'), { verb: 'key.list', params: { user: ben } });
checkAction(subject('cloud'), { verb: 'key.disable', params: { key: 'key-001-a' }, word: 'deactivate' });
checkAction(subject('mdm'), { verb: 'host.compliance', params: { host: { name: 'wks-003' } } });
checkAction(subject('mdm'), { verb: 'host.quarantine', params: { host: { name: 'wks-003' } }, word: 'quarantine' });
checkAction(subject('mdm'), { verb: 'host.lock', params: { host: { ip: '10.20.0.8' } }, word: 'lock' });
checkAction(subject('mdm'), { verb: 'host.wipe', params: { host: { name: 'wks-007' } }, word: 'wipe' });
