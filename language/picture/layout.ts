// Where everything stands. A plan is a tree of sequences, branches and frames, so each part knows its own size and places its parts within: one spine
// downwards, branches side by side. That needs no library, nothing crosses, and the same plan always gives the same picture.
import type { Branches, Card, Flow, Frame, Sequence } from './flow.ts';
import { textWidth, wrapText } from './wrap.ts';

export interface PlacedCard {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly card: Card;
  readonly guard: readonly string[];
  readonly name: readonly string[];
  readonly headline: readonly string[];
  readonly small: readonly string[];
}

export interface PlacedFrame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly frame: Frame;
  readonly title: readonly string[];
}

/** Only horizontal and vertical pieces; `arrow`: its end has a head. */
export interface Line {
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly arrow: boolean;
}

export interface Label {
  readonly x: number;
  readonly y: number;
  readonly lines: readonly string[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly cards: readonly PlacedCard[];
  readonly frames: readonly PlacedFrame[];
  readonly lines: readonly Line[];
  readonly labels: readonly Label[];
}

/** px. */
export const SIZES = { headline: 13, small: 11.5, label: 11, lineHeight: 1.35, padding: 12, icon: 26 } as const;
const CARD_WIDTH = 270;
const GAP = 30;
const BETWEEN = 26;
const FRAME_PADDING = 18;
const MARGIN = 16;
/** A branch that holds nothing is a line with its label. */
const EMPTY_WIDTH = 120;
const LABEL_WIDTH = 190;

/** A part with its size. The way in is at (spine, 0), the way out at (spine, height); `ends`: there is none. */
interface Part {
  readonly width: number;
  readonly height: number;
  readonly spine: number;
  readonly ends: boolean;
  readonly place: (x: number, y: number, into: Pieces) => void;
}

interface Pieces {
  readonly cards: PlacedCard[];
  readonly frames: PlacedFrame[];
  readonly lines: Line[];
  readonly labels: Label[];
}

export function layoutOf(flow: Flow): Layout {
  const part = partOf(flow);
  const pieces: Pieces = { cards: [], frames: [], lines: [], labels: [] };
  part.place(MARGIN, MARGIN, pieces);
  return { width: part.width + 2 * MARGIN, height: part.height + 2 * MARGIN, ...pieces };
}

function partOf(flow: Flow): Part {
  switch (flow.kind) {
    case 'card':
      return cardPart(flow);
    case 'frame':
      return framePart(flow);
    case 'branches':
      return branchesPart(flow);
    case 'sequence':
      return sequencePart(flow);
  }
}

const lineHeight = (size: number): number => size * SIZES.lineHeight;

function cardPart(card: Card): Part {
  const room = CARD_WIDTH - 2 * SIZES.padding - SIZES.icon;
  const guard = card.guard === undefined ? [] : wrapText(`only when ${card.guard}`, SIZES.label, CARD_WIDTH - 2 * SIZES.padding, 3);
  const name = card.name === undefined ? [] : wrapText(card.name, SIZES.label, room, 1);
  const headline = wrapText(card.headline, SIZES.headline, room, 4);
  const small = card.small.flatMap((text) => wrapText(text, SIZES.small, room, 4));
  const height =
    2 * SIZES.padding +
    (guard.length > 0 ? guard.length * lineHeight(SIZES.label) + 8 : 0) +
    name.length * lineHeight(SIZES.label) +
    headline.length * lineHeight(SIZES.headline) +
    (small.length > 0 ? 4 + small.length * lineHeight(SIZES.small) : 0);
  return {
    width: CARD_WIDTH,
    height,
    spine: CARD_WIDTH / 2,
    ends: card.ends,
    place: (x, y, into) => into.cards.push({ x, y, width: CARD_WIDTH, height, card, guard, name, headline, small }),
  };
}

function sequencePart({ items }: Sequence): Part {
  const parts = items.map(partOf);
  const spine = Math.max(0, ...parts.map((part) => part.spine));
  const right = Math.max(0, ...parts.map((part) => part.width - part.spine));
  const height = parts.reduce((sum, part) => sum + part.height, 0) + GAP * Math.max(0, parts.length - 1);
  return {
    width: spine + right,
    height,
    spine,
    ends: parts.some((part) => part.ends),
    place: (x, y, into) => {
      let top = y;
      for (const [index, part] of parts.entries()) {
        part.place(x + spine - part.spine, top, into);
        const bottom = top + part.height;
        const next = items[index + 1];
        // Branches draw the heads of their own lines.
        if (next && !part.ends)
          into.lines.push({
            points: [
              [x + spine, bottom],
              [x + spine, bottom + GAP],
            ],
            arrow: next.kind !== 'branches',
          });
        top = bottom + GAP;
      }
    },
  };
}

function framePart(frame: Frame): Part {
  const inner = partOf(frame.inside);
  const titleRoom = Math.max(inner.width, CARD_WIDTH);
  const words = frame.guard === undefined ? frame.title : `${frame.title} — only when ${frame.guard}`;
  const title = wrapText(words, SIZES.headline, titleRoom - SIZES.icon, 3);
  const top = FRAME_PADDING + title.length * lineHeight(SIZES.headline) + 10;
  const side = Math.max(inner.spine, inner.width - inner.spine, titleRoom / 2) + FRAME_PADDING;
  const [width, height] = [2 * side, top + inner.height + FRAME_PADDING];
  return {
    width,
    height,
    spine: side,
    ends: inner.ends,
    place: (x, y, into) => {
      into.frames.push({ x, y, width, height, frame, title });
      inner.place(x + side - inner.spine, y + top, into);
    },
  };
}

interface Column {
  readonly part: Part;
  readonly width: number;
  readonly left: number;
  readonly label: readonly string[];
  readonly isEmpty: boolean;
}

function branchesPart({ how, branches }: Branches): Part {
  const columns = columnsOf(branches);
  const last = columns[columns.length - 1];
  const width = last ? last.left + last.width : 0;
  if (how === 'all') return sideBySide(columns, width);
  const labelHeight = Math.max(0, ...columns.map(({ label }) => label.length)) * lineHeight(SIZES.label);
  const head = 14 + (labelHeight > 0 ? labelHeight + 14 : 0) + 12;
  const body = Math.max(0, ...columns.map(({ part }) => part.height));
  const ends = columns.every(({ part, isEmpty }) => part.ends && !isEmpty);
  const height = head + body + (ends ? 0 : 16);
  // A turning off the way on stands beside it: the way itself goes straight down.
  const [first] = columns;
  const spine = first?.isEmpty ? first.width / 2 : width / 2;
  return {
    width,
    height,
    spine,
    ends,
    place: (x, y, into) => {
      for (const column of columns) placeColumn(column, { x, y, middle: x + spine, head, bottom: y + height }, into);
    },
  };
}

function columnsOf(branches: Branches['branches']): readonly Column[] {
  const columns: Column[] = [];
  let left = 0;
  for (const { label, flow } of branches) {
    const part = sequencePart(flow);
    const isEmpty = flow.items.length === 0;
    const width = Math.max(part.width, EMPTY_WIDTH);
    const lines = label === '' ? [] : wrapText(label, SIZES.label, Math.min(LABEL_WIDTH, width - 8), 4);
    columns.push({ part, width, left, isEmpty, label: lines });
    left += width + BETWEEN;
  }
  return columns;
}

/** Within their frame, which says that they run together: no lines are needed. */
function sideBySide(columns: readonly Column[], width: number): Part {
  return {
    width,
    height: Math.max(0, ...columns.map(({ part }) => part.height)),
    spine: width / 2,
    ends: columns.length > 0 && columns.every(({ part }) => part.ends),
    place: (x, y, into) => {
      for (const { part, left, width: own } of columns) part.place(x + left + (own - part.width) / 2, y, into);
    },
  };
}

interface ColumnPlace {
  readonly x: number;
  readonly y: number;
  /** Where the branches come from and go to. */
  readonly middle: number;
  readonly head: number;
  readonly bottom: number;
}

function placeColumn({ part, width, left, label, isEmpty }: Column, { x, y, middle, head, bottom }: ColumnPlace, into: Pieces): void {
  const edge = x + left + (width - part.width) / 2;
  const spine = isEmpty ? x + left + width / 2 : edge + part.spine;
  const bus = y + 10;
  if (label.length > 0) into.labels.push({ x: spine, y: bus + 10, lines: label });
  if (isEmpty) {
    into.lines.push({
      points: [
        [middle, y],
        [middle, bus],
        [spine, bus],
        [spine, bottom - 6],
        [middle, bottom - 6],
        [middle, bottom],
      ],
      arrow: false,
    });
    return;
  }
  into.lines.push({
    points: [
      [middle, y],
      [middle, bus],
      [spine, bus],
      [spine, y + head],
    ],
    arrow: true,
  });
  part.place(edge, y + head, into);
  if (part.ends) return;
  into.lines.push({
    points: [
      [spine, y + head + part.height],
      [spine, bottom - 6],
      [middle, bottom - 6],
      [middle, bottom],
    ],
    arrow: false,
  });
}

/** For who paints: how wide a label's background must be. */
export const labelWidth = (lines: readonly string[]): number => Math.max(...lines.map((line) => textWidth(line, SIZES.label))) + 10;
