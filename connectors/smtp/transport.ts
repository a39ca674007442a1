// One SMTP conversation for each mail: to a checked address, with every way out of it (files, URLs, proxies) shut.
import { createTransport } from 'nodemailer';
import { ConnectorFailure, type Ports } from '../connector.ts';

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

export interface PlainMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}

export interface MailClient {
  readonly from: string;
  readonly account: string;
  readonly recipients: readonly string[];
  readonly send: (mail: PlainMail) => Promise<void>;
  readonly verify: () => Promise<void>;
}

export function openTransport(settings: SmtpSettings, ports: Ports): MailClient {
  const open = async () => {
    const address = await ports.address(settings.host);
    const { user, password } = settings;
    const auth = user === undefined || password === undefined ? {} : { auth: { user, pass: (await ports.secret(password)).reveal() } };
    return createTransport({
      host: address,
      port: settings.port,
      secure: settings.security === 'tls',
      requireTLS: settings.security === 'starttls',
      ignoreTLS: settings.security === 'none',
      tls: { servername: settings.host },
      connectionTimeout: settings.timeoutMs,
      greetingTimeout: settings.timeoutMs,
      socketTimeout: settings.timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...auth,
    });
  };
  const within = async (work: (transport: Awaited<ReturnType<typeof open>>) => Promise<unknown>) => {
    const transport = await open();
    try {
      await work(transport);
    } catch (error) {
      throw smtpFailure(error);
    } finally {
      transport.close();
    }
  };
  return {
    from: settings.from,
    account: settings.user ?? 'anonymous',
    recipients: settings.recipients,
    verify: () => within((transport) => transport.verify()),
    send: ({ to, subject, text, messageId }) =>
      // An object with addresses in parts: nothing is parsed out of text.
      within((transport) =>
        transport.sendMail({
          from: { name: '', address: settings.from },
          to: { name: '', address: to },
          subject,
          text,
          messageId,
          envelope: { from: settings.from, to },
          disableFileAccess: true,
          disableUrlAccess: true,
        }),
      ),
  };
}

/** The server's words stay out of it: they repeat what was sent. */
function smtpFailure(error: unknown): ConnectorFailure {
  const read = (name: string): unknown =>
    error instanceof Error && name in error ? (error as unknown as Readonly<Record<string, unknown>>)[name] : undefined; // nodemailer adds members to its errors
  const [code, command, status] = [read('code'), read('command'), read('responseCode')];
  if (code === 'EAUTH') return new ConnectorFailure('permanent', 'UNAUTHORIZED', 'The mail server refused user and password.');
  if (typeof status === 'number' && status >= 500)
    return new ConnectorFailure('permanent', 'REFUSED', `The mail server refused the message (${status}).`);
  if (typeof status === 'number' && status >= 400)
    return new ConnectorFailure('retryable', 'UNAVAILABLE', `The mail server asks to try again later (${status}).`);
  if (command === 'CONN' && (code === 'ESOCKET' || code === 'ECONNECTION' || code === 'EDNS')) {
    return new ConnectorFailure('retryable', 'UNREACHABLE', 'The mail server could not be reached; nothing was sent.');
  }
  if (code === 'ETLS')
    return new ConnectorFailure('permanent', 'TLS_REFUSED', 'The mail server offers no TLS that can be trusted; nothing was sent.');
  return new ConnectorFailure('ambiguous', 'CONNECTION_LOST', 'The connection to the mail server ended; the message may have been taken.');
}
