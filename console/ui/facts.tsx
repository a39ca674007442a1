// Labelled facts, and JSON for people: short values in a line, the rest as text that can be scrolled.
import type { ReactNode } from 'react';
import { plain } from '../words.ts';
import css from './facts.module.css';

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={css.facts}>{children}</dl>;
}

export function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className={css.fact}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A value from outside, always as text. */
export function Value({ value }: { readonly value: unknown }) {
  if (value === undefined || value === null) return <span className="dim">none</span>;
  if (typeof value !== 'object') return <span className={css.value}>{plain(String(value))}</span>;
  const pairs = leaves(value, '');
  if (pairs.length === 0) return <span className="dim">none</span>;
  if (pairs.length > MOST_PAIRS) return <Raw text={JSON.stringify(value, null, 2)} label="Value" />;
  return (
    <span className={css.flat}>
      {pairs.map(([name, leaf]) => (
        <span key={name} className={css.pair}>
          <span className="dim">{plain(name)}</span> {plain(leaf)}
        </span>
      ))}
    </span>
  );
}

/** More than these are shown as JSON. */
const MOST_PAIRS = 12;

/** "user.id" and "user-007": the ends of a tree with the way to each. Deep or long trees give too many, and are cut off there. */
function leaves(value: unknown, path: string): readonly (readonly [path: string, text: string])[] {
  if (value === null || typeof value !== 'object') return [[path, String(value)]];
  const found: (readonly [string, string])[] = [];
  for (const [name, member] of Object.entries(value)) {
    if (found.length > MOST_PAIRS) break;
    found.push(
      ...(path.split('.').length > 4 ? [[path, JSON.stringify(member)] as const] : leaves(member, path ? `${path}.${name}` : name)),
    );
  }
  return found;
}

/** Long text as it is, in a box of its own that the keyboard can scroll. */
export function Raw({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by the keyboard
    <section className={css.raw} tabIndex={0} aria-label={label}>
      <pre>{plain(text)}</pre>
    </section>
  );
}
