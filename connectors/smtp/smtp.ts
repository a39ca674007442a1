// Mail by SMTP.
import { z } from 'zod';
import { secretReference, timeoutMs } from '../config.ts';
import { connector } from '../connector.ts';
import { mailAddress } from './mail-address.ts';
import { mailMessages } from './mail-messages.ts';
import { sendMail } from './send-mail.ts';
import { openTransport } from './transport.ts';

const smtpConfig = z
  .strictObject({
    host: z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, 'must be a host name or an address'),
    port: z.number().int().min(1).max(65_535).default(587),
    security: z
      .enum(['tls', 'starttls', 'none'])
      .default('starttls')
      .describe(
        'tls: from the first byte (465) · starttls: required, not just tried · none: no TLS, so only for a relay on this machine, which production reaches where `outgoing: { networks: [127.0.0.1/32] }` says so.',
      ),
    user: z.string().min(1).exactOptional(),
    password: secretReference.exactOptional(),
    from: mailAddress.describe('Sender of all messages.'),
    recipients: z.array(z.string().min(1)).min(1).describe('Who may be written to: whole addresses, or @domain for all of a domain.'),
    timeoutMs,
  })
  .refine((config) => (config.user === undefined) === (config.password === undefined), {
    message: 'user and password go together',
    path: ['password'],
  })
  .refine((config) => config.security !== 'none' || config.user === undefined, {
    message: 'a password is only sent over tls or starttls',
    path: ['security'],
  });

export const smtp = connector({
  type: 'smtp',
  title: 'Mail (SMTP)',
  config: smtpConfig,
  open: openTransport,
  ping: async (client, signal) => {
    signal.throwIfAborted();
    await client.verify(signal);
    return { as: client.account, detail: `from ${client.from}` };
  },
  messages: mailMessages,
  actions: [sendMail],
});
