// One page: a list, and the thing that was opened from it at the right side (wide) or in its place (narrow), at the same address.
import { type ReactNode, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import { useKeys } from '../keys.ts';
import css from './page.module.css';

interface ListPageProps {
  readonly title: string;
  readonly tools?: ReactNode;
  readonly list: ReactNode;
  /** What is open; absent shows the list over the whole width. */
  readonly detail?: ReactNode | undefined;
  /** The address of the list alone. */
  readonly back: string;
}

export function ListPage({ title, tools, list, detail, back }: ListPageProps) {
  const [, go] = useLocation();
  const pane = useRef<HTMLElement>(null);
  const isOpen = detail !== undefined;
  useTitle(title);
  useKeys({ Escape: isOpen ? () => go(back) : undefined });
  useEffect(() => {
    // On a narrow screen the list that had the focus has gone: the focus goes to what was opened.
    if (isOpen && (document.activeElement === document.body || document.activeElement?.checkVisibility?.() === false))
      pane.current?.focus();
  }, [isOpen]);
  return (
    <div className={css.split} data-open={isOpen || undefined}>
      <div className={css.list}>
        <header className={css.header}>
          <h1>{title}</h1>
          {tools}
        </header>
        {list}
      </div>
      {isOpen ? (
        <section ref={pane} className={css.detail} tabIndex={-1} aria-label={`${title}: what is open`}>
          {/* On a narrow screen the list and its heading are away: this is heading and way back. */}
          <h1 className={css.back}>
            <Link href={back}>
              <span aria-hidden="true">‹</span> {title}
            </Link>
          </h1>
          <Link href={back} className={css.close} aria-label="Close" title="Close (Esc)">
            <span aria-hidden="true">×</span>
          </Link>
          {detail}
        </section>
      ) : null}
    </div>
  );
}

/** A page that is one thing. */
export function SinglePage({
  title,
  tools,
  children,
}: {
  readonly title: string;
  readonly tools?: ReactNode;
  readonly children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className={css.single}>
      <header className={css.header}>
        <h1>{title}</h1>
        {tools}
      </header>
      <div className={css.body}>{children}</div>
    </div>
  );
}

function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Cordon`;
  }, [title]);
}
