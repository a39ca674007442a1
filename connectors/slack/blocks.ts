// A message as Slack's blocks. Only plain_text holds words of others: no mention, no link, no markup comes of it.
import { createHash } from 'node:crypto';
import type { Json } from '../connector.ts';
import type { Message } from '../talk.ts';

/** Slack's own limits, characters; and blocks in one message. */
const MAX_HEADER = 150;
const MAX_SECTION = 2_900;
const MAX_SECTIONS = 40;

/** Stands in the message as the id of its first block, so that it can be found again: Slack removes no doubles by itself. */
export const markOf = (key: string): string => `cordon.${createHash('sha256').update(key).digest('hex').slice(0, 40)}`;

const plainText = (text: string): Json => ({ type: 'plain_text', text, emoji: false });

export function blocksOf(message: Message): readonly Json[] {
  const { title, lines, link, buttons = [] } = message;
  const head: Json = { type: 'header', block_id: markOf(message.key), text: plainText(cut(title, MAX_HEADER)) };
  const all = [...(title.length > MAX_HEADER ? [title] : []), ...lines, ...(message.repeat === true ? [REPEATED] : [])];
  const sections = chunks(all).map((text): Json => ({ type: 'section', text: plainText(text) }));
  const elements: Json[] = [
    ...buttons.map((button) => ({
      type: 'button',
      action_id: button.name,
      value: button.value,
      text: plainText(button.text),
      style: button.name === 'approve' ? 'primary' : 'danger',
      confirm: {
        title: plainText(`${button.text}?`),
        text: plainText(button.name === 'approve' ? 'Everything that is listed will be done.' : 'Nothing of it will be done.'),
        confirm: plainText(button.text),
        deny: plainText('Back'),
      },
    })),
    ...(link === undefined ? [] : [{ type: 'button', action_id: 'open', text: plainText(cut(link.text, 75)), url: link.url }]),
  ];
  return [head, ...sections, ...(elements.length === 0 ? [] : [{ type: 'actions', elements }])];
}

const REPEATED = '(Sent again after an interruption: you may have this message already.)';

/** What notifications show. Slack reads markup here, so its three characters are written out. */
export const fallbackOf = (message: Message): string =>
  cut(message.title, MAX_HEADER * 2)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');

/** Lines gathered into as few sections as fit. */
function chunks(lines: readonly string[]): readonly string[] {
  const out: string[] = [];
  for (const line of lines.map((each) => cut(each, MAX_SECTION)).filter((each) => each.trim() !== '')) {
    const last = out.at(-1);
    if (last !== undefined && last.length + line.length + 1 <= MAX_SECTION) out[out.length - 1] = `${last}\n${line}`;
    else out.push(line);
  }
  return out.slice(0, MAX_SECTIONS);
}

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
