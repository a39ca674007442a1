// notify.message by mail. A repeat carries the same Message-ID, and says that it is one.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ConnectorFailure, sent } from '../connector.ts';
import { text } from '../params.ts';
import { isRecipientAllowed, mailAddress } from './mail-address.ts';
import type { MailClient } from './transport.ts';

const MAX_SUBJECT = 150;
export const REPEATED = '(Sent again after an interruption: you may have this message already.)';

export const sendMail = sent({
  verb: 'notify.message',
  risk: 'additive',
  delivery: 'repeatable',
  input: z.strictObject({ to: mailAddress, text }),
  output: z.strictObject({ sent: z.boolean() }),
  permissions: 'to send as the configured sender',
  docs: 'https://www.rfc-editor.org/rfc/rfc5321',
  example: { to: 'soc@example.test', text: 'Eve Adams was disabled.' },
  slow: true,
  landsWithinMs: 30_000,
  run: async (client: MailClient, input, _, context) => {
    if (!isRecipientAllowed(input.to, client.recipients)) {
      throw new ConnectorFailure(
        'permanent',
        'RECIPIENT_REFUSED',
        'The recipient is not among "recipients" of this connector; nothing was sent.',
      );
    }
    const mail = {
      to: input.to,
      subject: subjectOf(input.text),
      text: bodyOf(input.text, context.repeat === true),
      messageId: messageId(context.key, client.from),
    };
    context.sending();
    await client.send(mail, context.signal);
    return { sent: true };
  },
  says: (input) => `Mail ${input.to}: ${input.text}`,
});

/** The first line, without anything that could end a header. */
export function subjectOf(body: string): string {
  const line = body.split(/[\r\n\u2028\u2029]/, 1)[0] ?? '';
  const clean = line.replace(/\p{C}+/gu, ' ').trim();
  return clean.length > MAX_SUBJECT ? `${clean.slice(0, MAX_SUBJECT - 1)}…` : clean || 'Message from Cordon';
}

const bodyOf = (body: string, repeat: boolean): string => (repeat ? `${body}\n\n${REPEATED}` : body);

/** The same for every attempt of a step, so that mail programs show one. Hashed: a key may hold characters that an id may not. */
export function messageId(key: string, from: string): string {
  return `<cordon.${createHash('sha256').update(key).digest('hex').slice(0, 40)}@${from.slice(from.lastIndexOf('@') + 1)}>`;
}
