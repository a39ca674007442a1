import { Link } from 'wouter';
import { plain, type Said } from '../words.ts';
import css from './row-list.module.css';
import { Severity } from './severity.tsx';
import { Simulated, Tag } from './tag.tsx';
import { When } from './when.tsx';

/** A row of any list, in words: what it is, its state, two or three facts, and when. */
export interface RowView {
  readonly id: string;
  readonly href: string;
  readonly title: string;
  readonly details: readonly string[];
  readonly said?: Said;
  readonly severityId?: number;
  readonly at?: string;
  /** What `at` is: "ends"; alone it stands in its place. */
  readonly atWords?: string;
  /** Since when it is so; only where there is room. */
  readonly since?: string;
  readonly isSimulated?: boolean;
}

interface RowProps {
  readonly row: RowView;
  /** Its address with the filters of the list. */
  readonly href: string;
  /** It left the list while the list was held still. */
  readonly isGone: boolean;
  readonly isOpen: boolean;
  readonly isCurrent: boolean;
  readonly isCompact: boolean;
  readonly top: number;
  readonly height: number;
  readonly position: number;
  readonly total: number;
  readonly onFocus: () => void;
}

/** Facts of a row keep their column even when one is empty. */
const COLUMNS = ['first', 'second', 'third'];

export function Row({ row, href, isGone, isOpen, isCurrent, isCompact, top, height, position, total, onFocus }: RowProps) {
  const said = isGone ? ({ tone: 'none', word: 'moved on' } as const) : row.said;
  const state = said ? <Tag {...said} /> : null;
  const detail = (text: string) => (
    <span key={text} className={css.detail} title={plain(text)}>
      {plain(text)}
    </span>
  );
  const badge = row.isSimulated ? <Simulated /> : null;
  const severity = row.severityId === undefined ? null : <Severity id={row.severityId} bare />;
  const title = <span className={css.title}>{plain(row.title)}</span>;
  const at = (
    <span className={css.at}>
      {row.atWords} {row.at ? <When at={row.at} /> : null}
    </span>
  );
  return (
    <li aria-posinset={position} aria-setsize={total} className={css.row} style={{ top, height }}>
      <Link
        href={href}
        data-row={row.id}
        data-gone={isGone || undefined}
        aria-current={isOpen ? 'true' : undefined}
        tabIndex={isCurrent ? 0 : -1}
        className={isCompact ? css.two : css.one}
        onFocus={onFocus}
      >
        {isCompact ? (
          <>
            <span className={css.line}>
              {severity}
              {title}
              {at}
            </span>
            <span className={css.line}>
              {state}
              {badge}
              {row.details.filter(Boolean).map(detail)}
            </span>
          </>
        ) : (
          <>
            {severity}
            <span className={css.main}>
              {title}
              {badge}
            </span>
            {COLUMNS.slice(0, row.details.length).map((column, index) => (
              <span key={column} className={css.cell}>
                {detail(row.details[index] ?? '')}
              </span>
            ))}
            {row.since ? (
              <span className={css.since}>
                since <When at={row.since} />
              </span>
            ) : null}
            <span className={css.state}>{state}</span>
            {at}
          </>
        )}
      </Link>
    </li>
  );
}
