import { useEffect, useRef, useState, type RefObject } from 'react';

/** Which rows of a long list are worth having in the page. */
export interface RowWindow {
  /** First and one past the last row to render. */
  readonly start: number;
  readonly end: number;
  readonly totalPx: number;
  /** Brings a row into view, with as little movement as possible. */
  readonly scrollTo: (index: number) => void;
  /** Whole rows that fit, for Page Up and Page Down. */
  readonly pageRows: number;
}

/** Rows kept ready above and below what is seen, so that a wheel turn shows no gap; more cost time on every step. */
const overscanRows = 12;
/** Where nothing is laid out (a test's DOM has no sizes), as if the list were this high. */
const fallbackHeightPx = 560;

/** Rows of one height, of which only those in sight are rendered. `headerPx` is covered by a sticky header. */
export function useRowWindow(
  scroller: RefObject<HTMLElement | null>,
  options: { readonly count: number; readonly rowPx: number; readonly headerPx?: number },
): RowWindow {
  const { count, rowPx, headerPx = 0 } = options;
  const [view, setView] = useState({ top: 0, height: fallbackHeightPx });
  const latest = useRef(view);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = (): void => {
      const height = (element.clientHeight || fallbackHeightPx) - headerPx;
      // Only a step of half the overscan makes React render; between, the rows that are there just scroll.
      const stepPx = (rowPx * overscanRows) / 2;
      const top = Math.floor(element.scrollTop / stepPx) * stepPx;
      if (top === latest.current.top && height === latest.current.height) return;
      latest.current = { top, height };
      setView(latest.current);
    };
    measure();
    element.addEventListener('scroll', measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener('scroll', measure);
      observer.disconnect();
    };
  }, [scroller, rowPx, headerPx]);
  const scrollTo = (index: number): void => {
    const element = scroller.current;
    if (element === null || index < 0) return;
    const top = index * rowPx;
    const height = (element.clientHeight || fallbackHeightPx) - headerPx;
    if (top < element.scrollTop) element.scrollTo({ top });
    else if (top + rowPx > element.scrollTop + height) element.scrollTo({ top: top + rowPx - height });
  };
  const first = Math.floor(view.top / rowPx);
  return {
    start: Math.max(0, Math.min(first - overscanRows, count - 1)),
    end: Math.min(count, first + Math.ceil(view.height / rowPx) + overscanRows + overscanRows / 2),
    totalPx: count * rowPx,
    scrollTo,
    pageRows: Math.max(1, Math.floor(view.height / rowPx) - 1),
  };
}
