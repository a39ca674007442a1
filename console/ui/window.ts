// Which rows of a long list are drawn: those in view and a few beyond, so that 10,000 scroll as 40 do.
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';

/** Rows drawn beyond either edge. */
const BEYOND = 12;

export interface Window {
  readonly box: RefObject<HTMLDivElement | null>;
  readonly width: number;
  readonly isScrolled: boolean;
  readonly onScroll: () => void;
  /** First and one past the last row to draw. */
  readonly range: (rows: number, rowHeight: number) => readonly [from: number, until: number];
  /** Scrolls just as far as needed for this row to be seen. */
  readonly reveal: (row: number, rowHeight: number) => void;
}

export function useWindow(): Window {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800, width: 0 });
  const read = useCallback(() => {
    const element = box.current;
    if (!element) return;
    const seen = { top: element.scrollTop, height: element.clientHeight, width: element.clientWidth };
    setView((was) => (was.top === seen.top && was.height === seen.height && was.width === seen.width ? was : seen));
  }, []);
  useLayoutEffect(() => {
    read();
    const observer = new ResizeObserver(read);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, [read]);
  return {
    box,
    width: view.width,
    isScrolled: view.top > 4,
    onScroll: read,
    range: (rows, rowHeight) => [
      Math.max(0, Math.floor(view.top / rowHeight) - BEYOND),
      Math.min(rows, Math.ceil((view.top + view.height) / rowHeight) + BEYOND),
    ],
    reveal: (row, rowHeight) => {
      const element = box.current;
      if (!element) return;
      const top = row * rowHeight;
      if (top < element.scrollTop) element.scrollTop = top;
      if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight - element.clientHeight;
      read();
    },
  };
}
