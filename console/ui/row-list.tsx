// The list of every page: windowed, moved through with j and k, held still while it is read.
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { useKeys } from '../keys.ts';
import type { Rows } from '../queries.ts';
import { Failed, Loading } from './notice.tsx';
import { Row, type RowView } from './row.tsx';
import css from './row-list.module.css';
import { steady } from './steady.ts';
import { useWindow } from './window.ts';

/** Below this width a row takes two lines. */
const ONE_LINE_FROM = 680;
/** More rows are read when fewer than this are left below. */
const READ_AHEAD = 40;

interface RowListProps<T> {
  readonly label: string;
  readonly source: Rows<T>;
  /** The same function at every drawing: a list of 10,000 is not made anew for each key that is typed. */
  readonly toRow: (item: T) => RowView;
  /** What was typed into the search field. */
  readonly search: string;
  readonly openId: string | undefined;
  readonly empty: ReactNode;
  /** Keys that open the current row while none is open, beside Enter. */
  readonly alsoOpen?: readonly string[];
}

export function RowList<T>({ label, source, toRow, search, openId, empty, alsoOpen = [] }: RowListProps<T>) {
  const view = useWindow();
  const [isPointed, setPointed] = useState(false);
  const [cursor, setCursor] = useState<string | undefined>(openId);
  const [, go] = useLocation();
  const all = useMemo(() => source.items.map((item) => searchable(toRow(item))), [source.items, toRow]);
  const matching = useMemo(() => all.filter(matcher(search)).map(({ row }) => row), [all, search]);
  const keep = useKeptFilters();
  const shownBefore = useRef<{ readonly search: string; readonly rows: readonly RowView[] }>({ search, rows: [] });
  const previous = shownBefore.current.search === search ? shownBefore.current.rows : [];
  const { rows, fresh } = steady(previous, matching, (row) => row.id, isPointed || view.isScrolled);
  useEffect(() => {
    shownBefore.current = { search, rows: rows.map(({ item }) => item) };
  });

  const isCompact = view.width < ONE_LINE_FROM;
  const rowHeight = isCompact ? 56 : 36;
  const [from, until] = view.range(rows.length, rowHeight);
  const current = Math.max(
    0,
    rows.findIndex(({ item }) => item.id === (cursor ?? openId)),
  );
  const isNearEnd = until + READ_AHEAD >= rows.length;
  useEffect(() => {
    if (isNearEnd) source.readMore();
  }, [isNearEnd, source]);

  const wantsFocus = useRef(false);
  useEffect(() => {
    if (!wantsFocus.current || cursor === undefined) return;
    wantsFocus.current = false;
    view.box.current?.querySelector<HTMLElement>(`[data-row="${CSS.escape(cursor)}"]`)?.focus({ preventScroll: true });
  });
  const move = (by: number): void => {
    const isFirstMove = cursor === undefined && openId === undefined;
    const index = Math.min(rows.length - 1, Math.max(0, isFirstMove ? 0 : current + by));
    const row = rows[index];
    if (!row) return;
    wantsFocus.current = true;
    setCursor(row.item.id);
    view.reveal(index, rowHeight);
  };
  const open = openId ? undefined : () => go(keep(rows[current]?.item.href ?? ''));
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ...(open && rows.length > 0 ? Object.fromEntries(alsoOpen.map((key) => [key, open])) : {}),
  });
  const revealed = useRef<string>(undefined);
  useEffect(() => {
    if (openId === undefined || revealed.current === openId || rows.length === 0) return;
    revealed.current = openId;
    const index = rows.findIndex(({ item }) => item.id === openId);
    if (index >= 0) view.reveal(index, rowHeight);
  });

  return (
    <div className={css.frame} onPointerEnter={() => setPointed(true)} onPointerLeave={() => setPointed(false)}>
      {fresh > 0 ? (
        <button
          type="button"
          className={css.fresh}
          onClick={() => {
            shownBefore.current = { search, rows: [] };
            if (view.box.current) view.box.current.scrollTop = 0;
            setPointed(false);
          }}
        >
          {fresh} new, show
        </button>
      ) : null}
      <div ref={view.box} className={css.box} onScroll={view.onScroll}>
        {source.isLoading ? <Loading height={rowHeight} /> : null}
        {source.error ? (
          <div className={css.notice}>
            <Failed error={source.error} where={label} retry={source.retry} />
          </div>
        ) : null}
        {!source.isLoading && !source.error && rows.length === 0 && !source.hasMore ? (
          search ? (
            <Nothing search={search} read={all.length} />
          ) : (
            empty
          )
        ) : null}
        <ul aria-label={label} style={{ height: rows.length * rowHeight, position: 'relative' }}>
          {rows.slice(from, until).map(({ item, isGone }, offset) => (
            <Row
              key={item.id}
              row={item}
              href={keep(item.href)}
              isGone={isGone}
              isOpen={item.id === openId}
              isCurrent={from + offset === current}
              isCompact={isCompact}
              top={(from + offset) * rowHeight}
              height={rowHeight}
              position={from + offset + 1}
              total={source.hasMore ? -1 : rows.length}
              onFocus={() => setCursor(item.id)}
            />
          ))}
        </ul>
        {source.isReadingMore ? <Loading rows={2} height={rowHeight} /> : null}
      </div>
    </div>
  );
}

function Nothing({ search, read }: { readonly search: string; readonly read: number }) {
  return (
    <p className={`${css.notice} dim`}>
      Nothing in {read.toLocaleString('en')} rows matches “{search}”. Esc clears the search.
    </p>
  );
}

interface Searchable {
  readonly row: RowView;
  readonly text: string;
}

function searchable(row: RowView): Searchable {
  return { row, text: [row.id, row.title, row.said?.word ?? '', ...row.details].join(' ').toLowerCase() };
}

function matcher(search: string): (searched: Searchable) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return ({ text }) => words.every((word) => text.includes(word));
}

/** What was chosen and typed over the list stays in the address when a row is opened. */
function useKeptFilters(): (href: string) => string {
  const [params] = useSearchParams();
  const kept = [...params].filter(([name]) => FILTERS.includes(name));
  return (href) => {
    const [path = '', own = ''] = href.split('?');
    const query = new URLSearchParams([...new URLSearchParams(own), ...kept]).toString();
    return query ? `${path}?${query}` : path;
  };
}

const FILTERS = ['state', 'q', 'stream', 'suppression'];
