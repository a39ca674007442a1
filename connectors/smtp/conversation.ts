// One SMTP conversation in three stages, so that a failure says whether the message can have been taken.
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { ConnectorFailure } from '../connector.ts';

export interface Envelope {
  readonly from: string;
  readonly to: string;
  readonly message: Buffer;
}

type Stage = 'connecting' | 'signing in' | 'sending';

/**
 * Connects, signs in where there is an account, and sends where there is something to send. The signal ends it at any point: the connection's own limits
 * begin anew with each byte. Throws ConnectorFailure.
 */
export async function converse(
  connection: SMTPConnection,
  signal: AbortSignal,
  account: { readonly user: string; readonly pass: string } | undefined,
  mail?: Envelope,
): Promise<void> {
  let stage: Stage = 'connecting';
  // Errors come as events between two commands, and as an argument within one.
  let fail: (error: unknown) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => {
    fail = reject;
  });
  broken.catch(() => undefined);
  connection.on('error', (error) => fail(error));
  connection.on('end', () => fail(new Error('the connection ended')));
  const giveUp = () => fail(new Error('the time is over'));
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  const step = (work: (done: (error?: unknown) => void) => void) =>
    Promise.race([broken, new Promise<void>((resolve, reject) => work((error) => (error ? reject(error) : resolve())))]);
  try {
    await step((done) => connection.connect(done));
    stage = 'signing in';
    if (account !== undefined) await step((done) => connection.login(account, done));
    stage = 'sending';
    if (mail !== undefined) await step((done) => connection.send({ from: mail.from, to: [mail.to] }, mail.message, done));
    connection.quit();
  } catch (error) {
    connection.close();
    throw smtpFailure(error, stage);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

/** The server's words stay out of it: they repeat what was sent. */
function smtpFailure(error: unknown, stage: Stage): ConnectorFailure {
  const [code, status] = [member(error, 'code'), member(error, 'responseCode')];
  const said = typeof status === 'number' ? status : 0;
  if (said >= 400 && said < 500)
    return new ConnectorFailure('retryable', 'UNAVAILABLE', `The mail server asks to try again later (${said}).`);
  if (code === 'EAUTH')
    return new ConnectorFailure('permanent', 'UNAUTHORIZED', 'The mail server refused user and password; nothing was sent.');
  if (code === 'ETLS')
    return new ConnectorFailure('permanent', 'TLS_REFUSED', 'The mail server offers no TLS that can be trusted; nothing was sent.');
  if (said >= 500) return new ConnectorFailure('permanent', 'REFUSED', `The mail server refused the message (${said}).`);
  if (stage === 'sending') {
    return new ConnectorFailure(
      'ambiguous',
      'CONNECTION_LOST',
      'The connection to the mail server ended; the message may have been taken.',
    );
  }
  return new ConnectorFailure('retryable', 'UNREACHABLE', `The mail server could not be used (${stage}); nothing was sent.`);
}

function member(error: unknown, name: string): unknown {
  return typeof error === 'object' && error !== null && name in error ? (error as Readonly<Record<string, unknown>>)[name] : undefined; // the library adds members to its errors
}
