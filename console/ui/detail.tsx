// The parts that every opened thing is made of.
import type { ReactNode } from 'react';
import { plain, type Tone } from '../words.ts';
import css from './detail.module.css';
import { Mark } from './tag.tsx';

export function Detail({ head, title, children }: { readonly head: ReactNode; readonly title: string; readonly children: ReactNode }) {
  return (
    <article className={css.detail}>
      <header className={css.head}>{head}</header>
      <h2 className={css.title}>{plain(title)}</h2>
      {children}
    </article>
  );
}

export function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={css.part} aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

export function Lines({ children }: { readonly children: ReactNode }) {
  return <ul className={css.lines}>{children}</ul>;
}

export function Actions({ children }: { readonly children: ReactNode }) {
  return <div className={css.actions}>{children}</div>;
}

/** Something about the whole thing that should be read first. */
export function Callout({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <div className={css.waits} data-tone={tone}>
      <Mark tone={tone} />
      <div>{children}</div>
    </div>
  );
}
