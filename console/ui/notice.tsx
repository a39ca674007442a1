// What is shown instead of a thing: why it could not be read, that there is none, or that it is on its way.
import { Button, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { problemOf } from '../api.ts';
import css from './notice.module.css';
import { Mark } from './tag.tsx';

/** An error: what, where, what to do. What was typed stays where it is. */
export function Failed({ error, where, retry }: { readonly error: unknown; readonly where: string; readonly retry?: () => void }) {
  const problem = problemOf(error);
  return (
    <div className={css.failed} role="alert">
      <Mark tone="bad" />
      <div>
        <p>
          <strong>{problem.title}</strong> <span className="dim">{where}</span>
        </p>
        <p>{problem.detail}</p>
        {problem.hint ? <p>{problem.hint}</p> : null}
        <p className="dim mono">{problem.code}</p>
        {retry ? (
          <Button size="compact-sm" variant="default" mt={8} onClick={retry}>
            Try again
          </Button>
        ) : null}
      </div>
    </div>
  );
}

/** Nothing here yet: what will appear, and how to make it. */
export function Empty({ title, children, command }: { readonly title: string; readonly children?: ReactNode; readonly command?: string }) {
  return (
    <div className={css.empty}>
      <p className={css.emptyTitle}>{title}</p>
      {children ? <p className="dim">{children}</p> : null}
      {command ? <code className={css.command}>{command}</code> : null}
    </div>
  );
}

/** Rows on their way: the same height as what will stand there. At most twelve. */
export function Loading({ rows = 8, height = 36 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <div className={css.loading} role="status" aria-label="Loading">
      {WIDTHS.slice(0, rows).map((width) => (
        <div key={width} style={{ height }}>
          <Skeleton height={12} width={`${width}%`} />
        </div>
      ))}
    </div>
  );
}

const WIDTHS = [72, 55, 66, 48, 61, 39, 70, 52, 64, 44, 58, 68];
