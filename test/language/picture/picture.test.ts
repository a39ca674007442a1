import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { allSteps } from '../../../engine/simulation/outline.ts';
import { readPlaybook } from '../../../language/parse.ts';
import { flowOf } from '../../../language/picture/flow.ts';
import { layoutOf } from '../../../language/picture/layout.ts';
import { mermaidOf } from '../../../language/picture/mermaid.ts';
import { svgOf } from '../../../language/picture/svg.ts';
import type { Plan } from '../../../language/plan.ts';

const planOf = (text: string): Plan => {
  const { plan, diagnostics } = readPlaybook(text, 'p.yaml');
  if (!plan) throw new Error(JSON.stringify(diagnostics));
  return plan;
};
const shipped = readdirSync('playbooks').map((name) => planOf(readFileSync(`playbooks/${name}/playbook.yaml`, 'utf8')));

const head = (title = 'A test') =>
  `playbook: p\ntitle: ${title}\ndescription: For tests.\nowner: tests\ninputs: { user: { type: user } }\ntriggers: [{ manual: {} }]\n`;
const BRANCHED = planOf(`${head()}steps:
  - id: verdict
    ask: { to: { role: analyst }, title: Is it?, choices: ["yes", "no"], within: 1h, else: "no" }
  - if: steps.verdict.answer == 'yes'
    then:
      - id: disable
        do: user.disable
        with: { user: "\${{ inputs.user }}" }
        approve: { by: { role: responder, count: 2 }, within: 15m }
        hold: until_released
        on_error:
          - id: ticket
            do: ticket.open
            with: { title: It did not work }
    else:
      - stop: { outcome: nothing }
  - id: both
    parallel:
      - id: one
        do: user.lookup
        with: { user: "\${{ inputs.user }}" }
      - id: other
        do: user.lookup
        with: { user: "\${{ inputs.user }}" }
`);

/** Every element is closed by its own end: what any XML reader asks first. */
function unclosed(xml: string): readonly string[] {
  const open: string[] = [];
  for (const [, end, name = '', , self] of xml.matchAll(/<(\/?)([a-zA-Z]+)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
    if (self === '/') continue;
    if (end !== '/') open.push(name);
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
}

describe.each([...shipped, BRANCHED].map((plan) => [plan.playbook, plan] as const))('the picture of %s', (_, plan) => {
  it('shows every step', () => {
    const svg = svgOf(plan);
    const shown = new Set([...svg.matchAll(/data-step="([^"]*)"/g)].map(([, id]) => id));
    expect(
      allSteps(plan)
        .map((step) => step.id)
        .filter((id) => !shown.has(id)),
    ).toEqual([]);
    expect(unclosed(svg)).toEqual([]);
  });

  it('lays no card over another, and none outside', () => {
    const { cards, width, height } = layoutOf(flowOf(plan));
    for (const [index, a] of cards.entries()) {
      expect(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height).toBe(true);
      for (const b of cards.slice(index + 1)) {
        const apart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        expect([a.headline, b.headline, apart]).toEqual([a.headline, b.headline, true]);
      }
    }
  });

  it('leads into every card but the first', () => {
    const nodes = [...mermaidOf(plan).matchAll(/^ *(n\d+)(?:\(\[|\{\{|\[)"/gm)].map(([, id]) => id);
    const reached = new Set([...mermaidOf(plan).matchAll(/--> ?(?:\|[^|]*\| )?(n\d+)$/gm)].map(([, id]) => id));
    expect(nodes.slice(1).filter((id) => !reached.has(id))).toEqual([]);
    expect(nodes.length).toBeGreaterThan(3);
  });
});

it('people stand before what they decide, with what silence means', () => {
  const cards = layoutOf(flowOf(BRANCHED)).cards.map(({ card }) => [card.look, card.headline, ...card.small]);
  const at = cards.findIndex(([look, words]) => look === 'people' && words === '2 different responders must say yes');
  expect(cards[at]).toContain('no, or silence: the run ends');
  expect(cards[at + 1]?.[1]).toBe('Disable the user');
});

it('nothing comes after a stop', () => {
  const text = mermaidOf(BRANCHED);
  const stop = /(n\d+)\(\["The run ends here/.exec(text)?.[1];
  expect(stop).toBeDefined();
  expect(text).not.toMatch(new RegExp(`^  ${stop} -->`, 'm'));
});

it('text of a playbook stays text', () => {
  const plan = planOf(
    `${head('"<script>alert(1)</script>\\" onload=\\"x\\u0007` | ]] --> end"')}steps:\n  - stop: { outcome: done, message: "</text><image href='http://x'/>" }\n`,
  );
  const svg = svgOf(plan);
  expect(svg).not.toMatch(/<script|<image|" onload|\p{Cc}(?<!\n)/u);
  expect(unclosed(svg)).toEqual([]);
  const drawn = mermaidOf(plan);
  expect(drawn).not.toMatch(/<script|`|\p{Cc}(?<!\n)/u);
  expect(drawn.split('\n')[1]).toMatch(/^ {2}n0\(\["[^"]*"\]\):::start$/);
});
