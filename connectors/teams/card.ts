// A message as an Adaptive Card. Runs of rich text are no Markdown: nothing in them becomes a link or a mention. The card only links.
import type { Json } from '../connector.ts';
import type { Message } from '../talk.ts';

/** Teams refuses cards above 28 KB. */
const MAX_TEXT = 16_000;

const paragraph = (text: string, more: Readonly<Record<string, Json>> = {}): Json => ({
  type: 'RichTextBlock',
  inlines: [{ type: 'TextRun', text, ...more }],
});

export function cardOf(message: Message): Json {
  const { title, link, repeat } = message;
  const body: Json[] = [paragraph(title.slice(0, 1_000), { weight: 'Bolder', size: 'Medium' })];
  let left = MAX_TEXT;
  for (const line of message.lines.filter((each) => each.trim() !== '')) {
    if (left <= 0) break;
    body.push(paragraph(line.slice(0, left)));
    left -= line.length;
  }
  if (left <= 0) body.push(paragraph('… the console shows all of it.'));
  if (repeat === true) body.push(paragraph('(Sent again after an interruption: you may have this message already.)'));
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body,
    actions: link === undefined ? [] : [{ type: 'Action.OpenUrl', title: link.text, url: link.url }],
  };
  return { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }] };
}
