// The picture as Mermaid text, for pull requests and wikis that draw it.
import type { Plan } from '../plan.ts';
import { type Card, type Flow, flowOf } from './flow.ts';

/** A node that a line leaves, and what stands on the line. */
interface Tail {
  readonly from: string;
  readonly label?: string;
}

interface Drawing {
  readonly nodes: string[];
  readonly edges: string[];
  count: number;
}

export function mermaidOf(plan: Plan): string {
  const drawing: Drawing = { nodes: [], edges: [], count: 0 };
  draw(drawing, flowOf(plan), [], '  ');
  return ['flowchart TD', ...drawing.nodes, ...drawing.edges.map((edge) => `  ${edge}`), ...CLASSES, ''].join('\n');
}

/** Light fills with dark text: readable on a page of either tone. */
const CLASSES = [
  'read:#dbeafe,#2563eb',
  'effect:#ffe4d1,#c2410c',
  'final:#fee2e2,#b91c1c',
  'tell:#e8ecf4,#475569',
  'people:#ede0ff,#7c3aed',
  'choice:#d6f3ee,#0f766e',
  'undo:#fdf0bf,#a16207',
  'end:#e5e7eb,#4b5563',
  'start:#e5e7eb,#4b5563',
  'note:#f3f4f6,#6b7280',
  'wait:#f3f4f6,#6b7280',
].map((row) => {
  const [look, colours = ''] = row.split(':');
  const [fill, stroke] = colours.split(',');
  return `  classDef ${look} fill:${fill},stroke:${stroke},color:#111827`;
});

function draw(drawing: Drawing, flow: Flow, tails: readonly Tail[], indent: string): readonly Tail[] {
  switch (flow.kind) {
    case 'card':
      return drawCard(drawing, flow, tails, indent);
    case 'sequence':
      return flow.items.reduce((before, item) => draw(drawing, item, before, indent), tails);
    case 'branches':
      return flow.branches.flatMap(({ label, flow: branch }) =>
        draw(drawing, branch, label === '' ? tails : tails.map(({ from }) => ({ from, label })), indent),
      );
    case 'frame': {
      const id = `f${drawing.count}`;
      drawing.count += 1;
      drawing.nodes.push(`${indent}subgraph ${id}["${text([guarded(flow.guard, flow.title)])}"]`);
      const ends = draw(drawing, flow.inside, tails, `${indent}  `);
      drawing.nodes.push(`${indent}end`);
      return ends;
    }
  }
}

function drawCard(drawing: Drawing, card: Card, tails: readonly Tail[], indent: string): readonly Tail[] {
  const id = `n${drawing.count}`;
  drawing.count += 1;
  const words = text([guarded(card.guard, card.name === undefined ? card.headline : `${card.name}: ${card.headline}`), ...card.small]);
  const [open, close] = card.look === 'start' || card.look === 'end' ? ['([', '])'] : card.look === 'people' ? ['{{', '}}'] : ['[', ']'];
  drawing.nodes.push(`${indent}${id}${open}"${words}"${close}:::${card.look}`);
  for (const { from, label } of tails) drawing.edges.push(`${from} -->${label === undefined ? '' : `|"${text([label])}"|`} ${id}`);
  return card.ends ? [] : [{ from: id }];
}

const guarded = (guard: string | undefined, words: string): string => (guard === undefined ? words : `${words} — only when ${guard}`);

/** Everything that Mermaid could read as its own is written as an entity; a backtick at the beginning would make it Markdown. */
const text = (lines: readonly string[]): string =>
  lines
    .map((line) =>
      line
        .replace(/[\p{Cc}\s]+/gu, ' ')
        .replace(/`/g, '’')
        .replace(/[#;"<>&|{}[\]()]/g, (char) => `#${char.codePointAt(0)};`),
    )
    .join('<br/>');
