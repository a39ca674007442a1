// Messages to people by mail: words and a link. What belongs to an earlier mail answers it, so that mail programs show them together.
import { z } from 'zod';
import type { Message, Messages } from '../talk.ts';
import { isRecipientAllowed, mailAddress } from './mail-address.ts';
import { messageId, REPEATED, subjectOf } from './send-mail.ts';
import type { MailClient } from './transport.ts';

const place = z.looseObject({ messageId: z.string(), subject: z.string() });

export const mailMessages: Messages<MailClient> = {
  whenUnclear: 'repeat',
  buttons: false,
  refuses: (client, to) => {
    if (!mailAddress.safeParse(to).success) return 'is no single mail address';
    return isRecipientAllowed(to, client.recipients) ? undefined : 'is not among "recipients" of this connector';
  },
  post: async (client, message, signal) => {
    signal.throwIfAborted();
    const first = place.safeParse(message.follows);
    const subject = first.success ? `Re: ${first.data.subject}` : subjectOf(message.title);
    const mail = { to: message.to, subject, text: bodyOf(message), messageId: messageId(`${message.key} ${message.to}`, client.from) };
    await client.send(first.success ? { ...mail, inReplyTo: first.data.messageId } : mail, signal);
    return { messageId: mail.messageId, subject: first.success ? first.data.subject : subject };
  },
};

function bodyOf({ title, lines, link, repeat }: Message): string {
  const parts = [
    title,
    '',
    ...lines,
    ...(link === undefined ? [] : ['', `${link.text}:`, link.url]),
    ...(repeat === true ? ['', REPEATED] : []),
  ];
  return parts.join('\n');
}
