import { useRef, type ReactNode } from 'react';
import { useRowWindow } from './row-window.ts';
import './virtual-list.css';

/** A plain list of rows of one height that may be very long: logs, results, progress. */
export function VirtualList(props: {
  readonly label: string;
  readonly count: number;
  readonly rowPx?: number;
  readonly renderRow: (index: number) => ReactNode;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const rowPx = props.rowPx ?? 28;
  const view = useRowWindow(scroller, { count: props.count, rowPx });
  const rows: ReactNode[] = [];
  for (let index = view.start; index < view.end; index++) {
    rows.push(
      <div
        key={index}
        role="listitem"
        aria-posinset={index + 1}
        aria-setsize={props.count}
        className="virtual-list-row"
        style={{ height: rowPx, transform: `translateY(${index * rowPx}px)` }}
      >
        {props.renderRow(index)}
      </div>,
    );
  }
  return (
    <div ref={scroller} className="virtual-list" tabIndex={0} role="list" aria-label={props.label}>
      <div className="virtual-list-space" role="presentation" style={{ height: view.totalPx }}>
        {rows}
      </div>
    </div>
  );
}
