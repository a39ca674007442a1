// The picture as one SVG file: no script, nothing loaded from elsewhere, light or dark as the reader's system is.
import type { Plan } from '../plan.ts';
import { flowOf } from './flow.ts';
import { type Label, type Line, labelWidth, layoutOf, type PlacedCard, type PlacedFrame, SIZES } from './layout.ts';

/** Look: fill, line and text on light; then on dark. Text on its fill has a contrast of 7 and more. */
const COLOURS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  read: ['#e3edfd', '#2563eb', '#16263f', '#60a5fa'],
  effect: ['#ffe9da', '#c2410c', '#3b1d0e', '#fb923c'],
  final: ['#fee2e2', '#b91c1c', '#3f1212', '#f87171'],
  tell: ['#e8ecf4', '#475569', '#1e2733', '#94a3b8'],
  people: ['#efe6fe', '#7c3aed', '#2a1c49', '#a78bfa'],
  choice: ['#dcf4f0', '#0f766e', '#0d2f2c', '#2dd4bf'],
  undo: ['#fdf3cd', '#a16207', '#352a08', '#facc15'],
  wait: ['#eef0f3', '#6b7280', '#23272f', '#9ca3af'],
  note: ['#f4f5f7', '#9ca3af', '#1f232a', '#6b7280'],
  start: ['#111827', '#111827', '#e5e7eb', '#e5e7eb'],
  end: ['#e5e7eb', '#4b5563', '#2b303a', '#9ca3af'],
  together: ['#00000008', '#9ca3af', '#ffffff0a', '#4b5563'],
  loop: ['#0f766e0d', '#0f766e', '#2dd4bf12', '#2dd4bf'],
};

/** 16 by 16, drawn with lines: what a card is, also without its colour. */
const ICONS: Readonly<Record<string, string>> = {
  read: '<circle cx="7" cy="7" r="4.5"/><path d="M10.5 10.5 15 15"/>',
  effect: '<path d="M9 1 3 9h5l-1 6 6-8H8z"/>',
  final: '<path d="M8 1 15 14H1z"/><path d="M8 6v4M8 12v.1"/>',
  tell: '<path d="M2 3h12v8H7l-3 3v-3H2z"/>',
  people: '<circle cx="8" cy="4.5" r="3"/><path d="M2 15c0-4 3-5.5 6-5.5s6 1.5 6 5.5"/>',
  choice: '<path d="M8 1 15 8 8 15 1 8z"/>',
  undo: '<path d="M6 3 2 7l4 4"/><path d="M2 7h8a4 4 0 0 1 0 8H7"/>',
  wait: '<circle cx="8" cy="8" r="6.5"/><path d="M8 4v4l3 2"/>',
  note: '<path d="M3 2h10v12H3z"/><path d="M6 6h4M6 9h4"/>',
  start: '<path d="M5 2v12l9-6z"/>',
  end: '<path d="M3 3h10v10H3z"/>',
  together: '<path d="M2 4h12M2 8h12M2 12h12"/>',
  loop: '<path d="M13 6A5.5 5.5 0 1 0 13.5 9"/><path d="M14 2v4h-4"/>',
};

export function svgOf(plan: Plan): string {
  const layout = layoutOf(flowOf(plan));
  const [width, height] = [Math.ceil(layout.width), Math.ceil(layout.height)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escaped(plan.title)}</title><desc id="d">${escaped(plan.description)}</desc>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path class="head" d="M0 0 8 4 0 8z"/></marker></defs>',
    `<rect class="page" width="${width}" height="${height}"/>`,
    ...layout.frames.map(frameText),
    ...layout.lines.map(lineText),
    ...layout.labels.map(labelText),
    ...layout.cards.map(cardText),
    '</svg>\n',
  ].join('\n');
}

const looks = (dark: boolean): string =>
  Object.entries(COLOURS)
    .map(([look, [fill, line, darkFill, darkLine]]) => {
      const [inside, outside] = dark ? [darkFill, darkLine] : [fill, line];
      return `.${look} .box{fill:${inside};stroke:${outside}}.${look} .icon{stroke:${outside}}`;
    })
    .join('');

const STYLE = [
  'text{font-family:system-ui,-apple-system,"Segoe UI",sans-serif;fill:#111827}',
  `.headline{font-size:${SIZES.headline}px;font-weight:600}.small{font-size:${SIZES.small}px}.guard{font-size:${SIZES.label}px;font-style:italic}`,
  `.name{font-size:${SIZES.label}px;opacity:.7}.label{font-size:${SIZES.label}px;text-anchor:middle}.back,.page{fill:#fff}.box{stroke-width:1.5}.together .box,.loop .box{stroke-dasharray:5 4}`,
  '.line{fill:none;stroke:#6b7280;stroke-width:1.5}.head{fill:#6b7280}.icon{fill:none;stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}',
  looks(false),
  '.start text{fill:#fff}.start .icon{stroke:#fff}',
  `@media(prefers-color-scheme:dark){text{fill:#e5e7eb}.back,.page{fill:#14171c}.line{stroke:#9ca3af}.head{fill:#9ca3af}${looks(true)}.start text{fill:#111827}.start .icon{stroke:#111827}}`,
].join('');

function cardText({ x, y, width, height, card, guard, name, headline, small }: PlacedCard): string {
  const isRound = card.look === 'start' || card.look === 'end';
  let top = y + SIZES.padding;
  const lines: string[] = [];
  const put = (texts: readonly string[], look: 'guard' | 'name' | 'headline' | 'small', size: number, left: number) => {
    for (const one of texts) {
      lines.push(`<text class="${look}" x="${round(left)}" y="${round(top + size)}">${escaped(one)}</text>`);
      top += size * SIZES.lineHeight;
    }
  };
  put(guard, 'guard', SIZES.label, x + SIZES.padding);
  if (guard.length > 0) {
    top += 4;
    lines.push(`<path class="line" stroke-dasharray="2 3" d="M${round(x + SIZES.padding)} ${round(top)}h${width - 2 * SIZES.padding}"/>`);
    top += 4;
  }
  const icon = iconText(card.look, x + SIZES.padding, top);
  put(name, 'name', SIZES.label, x + SIZES.padding + SIZES.icon);
  put(headline, 'headline', SIZES.headline, x + SIZES.padding + SIZES.icon);
  top += 4;
  put(small, 'small', SIZES.small, x + SIZES.padding + SIZES.icon);
  const about = [card.step === undefined ? '' : `${card.step}, line ${card.line}`, ...card.all].filter((one) => one !== '');
  const dashes = guard.length > 0 ? ' stroke-dasharray="6 3"' : '';
  return [
    `<g class="${card.look}"${card.step === undefined ? '' : ` data-step="${escaped(card.step)}"`}>`,
    about.length === 0 ? '' : `<title>${escaped(about.join('\n'))}</title>`,
    `<rect class="box"${dashes} x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="${isRound ? 20 : 8}"/>`,
    icon,
    ...lines,
    '</g>',
  ].join('');
}

function frameText({ x, y, width, height, frame, title }: PlacedFrame): string {
  const left = x + SIZES.padding;
  const lines = title.map((one, index) => {
    const baseline = y + SIZES.padding + SIZES.headline + index * SIZES.headline * SIZES.lineHeight;
    return `<text class="headline" x="${round(left + SIZES.icon)}" y="${round(baseline)}">${escaped(one)}</text>`;
  });
  const box = `<rect class="box" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="12"/>`;
  return `<g class="${frame.look}" data-step="${escaped(frame.step)}">${box}${iconText(frame.look, left, y + SIZES.padding)}${lines.join('')}</g>`;
}

function lineText({ points, arrow }: Line): string {
  const path = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
  return `<path class="line" d="${path}"${arrow ? ' marker-end="url(#head)"' : ''}/>`;
}

function labelText({ x, y, lines }: Label): string {
  const width = labelWidth(lines);
  const height = lines.length * SIZES.label * SIZES.lineHeight + 4;
  const back = `<rect class="back" x="${round(x - width / 2)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="4"/>`;
  const texts = lines.map((line, index) => {
    const baseline = y + 1 + SIZES.label + index * SIZES.label * SIZES.lineHeight;
    return `<text class="label" x="${round(x)}" y="${round(baseline)}">${escaped(line)}</text>`;
  });
  return `<g>${back}${texts.join('')}</g>`;
}

const iconText = (look: string, x: number, y: number): string =>
  `<g class="icon" transform="translate(${round(x)} ${round(y)})">${ICONS[look] ?? ''}</g>`;

const round = (value: number): string => String(Math.round(value * 10) / 10);

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** Also what no XML may hold, escaped or not. */
const escaped = (text: string): string =>
  text.replace(/(?!\n)[\p{Cc}\p{Cs}\p{Cn}]/gu, '�').replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
