// A connection for each mail: to a checked address, with every other way out of the library (files, URLs) shut.
import { isIP } from 'node:net';
import MailComposer from 'nodemailer/lib/mail-composer';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Ports } from '../connector.ts';
import { converse } from './conversation.ts';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user?: string;
  readonly password?: string;
  readonly from: string;
  readonly recipients: readonly string[];
  readonly timeoutMs: number;
}

interface PlainMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
  /** Of the mail that this one answers. */
  readonly inReplyTo?: string;
}

export interface MailClient {
  readonly from: string;
  readonly account: string;
  readonly recipients: readonly string[];
  readonly send: (mail: PlainMail, signal: AbortSignal) => Promise<void>;
  /** Connects and signs in, and sends nothing. */
  readonly verify: (signal: AbortSignal) => Promise<void>;
}

export function openTransport(settings: SmtpSettings, ports: Ports): MailClient {
  const { user, password, from } = settings;
  const account = async () =>
    user === undefined || password === undefined ? undefined : { user, pass: (await ports.secret(password)).reveal() };
  return {
    from,
    account: user ?? 'anonymous',
    recipients: settings.recipients,
    verify: async (signal) => converse(await connectionTo(settings, ports), signal, await account()),
    send: async (mail, signal) => {
      const message = await compose(from, mail);
      await converse(await connectionTo(settings, ports), signal, await account(), { from, to: mail.to, message });
    },
  };
}

async function connectionTo({ host, port, security, timeoutMs }: SmtpSettings, ports: Ports): Promise<SMTPConnection> {
  return new SMTPConnection({
    host: await ports.address(host),
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: isIP(host) === 0 ? { servername: host } : {}, // certificates are for the name, not for the address that was checked
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
}

/** Addresses in parts, so that nothing is parsed out of text. */
function compose(from: string, { to, subject, text, messageId, inReplyTo }: PlainMail): Promise<Buffer> {
  const options = {
    from: { name: '', address: from },
    to: { name: '', address: to },
    subject,
    text,
    messageId,
    ...(inReplyTo === undefined ? {} : { inReplyTo, references: inReplyTo }),
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  return new MailComposer(options).compile().build();
}
