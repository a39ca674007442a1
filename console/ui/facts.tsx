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
  const entries = Object.entries(value);
  if (entries.length === 0) return <span className="dim">none</span>;
  const isFlat = !Array.isArray(value) && entries.every(([, member]) => member === null || typeof member !== 'object');
  if (!isFlat) return <Raw text={JSON.stringify(value, null, 2)} label="Value" />;
  return (
    <span className={css.flat}>
      {entries.map(([name, member]) => (
        <span key={name} className={css.pair}>
          <span className="dim">{plain(name)}</span> {plain(String(member))}
        </span>
      ))}
    </span>
  );
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
