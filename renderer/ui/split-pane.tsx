import { useEffect, useRef, type ReactNode } from 'react';
import { Group, Panel, Separator, type PanelImperativeHandle } from 'react-resizable-panels';
import './split-pane.css';

/** Two panes with a handle between them; `side` is the one that has a size of its own and can be collapsed. */
export interface SplitPaneProps {
  readonly orientation: 'horizontal' | 'vertical';
  /** Whether the sized pane comes first (a tree on the left) or last (a panel below). */
  readonly sideFirst: boolean;
  readonly side: ReactNode;
  readonly children: ReactNode;
  readonly sizePx: number;
  readonly minPx: number;
  readonly maxPx: number;
  readonly isCollapsed: boolean;
  /** The height or width that stays when collapsed, e.g. a header line. */
  readonly collapsedPx?: number;
  readonly resizeLabel: string;
  readonly onResized: (sizePx: number) => void;
  readonly onCollapsedChange: (isCollapsed: boolean) => void;
}

/** A resizable, collapsible pair of panes. The caller remembers size and state. */
export function SplitPane(props: SplitPaneProps) {
  const panel = useRef<PanelImperativeHandle>(null);
  const { isCollapsed, sizePx, collapsedPx = 0 } = props;
  const wantedPx = useRef(sizePx);
  useEffect(() => {
    const handle = panel.current;
    if (handle === null) return;
    if (isCollapsed && !handle.isCollapsed()) handle.collapse();
    if (!isCollapsed && handle.isCollapsed()) handle.resize(`${wantedPx.current}px`);
  }, [isCollapsed]);
  const side = (
    <Panel
      panelRef={panel}
      className="split-panel"
      defaultSize={isCollapsed ? `${collapsedPx}px` : `${sizePx}px`}
      minSize={`${props.minPx}px`}
      maxSize={`${props.maxPx}px`}
      collapsible
      collapsedSize={`${collapsedPx}px`}
      groupResizeBehavior="preserve-pixel-size"
      onResize={(size) => {
        const nowCollapsed = size.inPixels <= collapsedPx + 1;
        if (nowCollapsed !== isCollapsed) props.onCollapsedChange(nowCollapsed);
        if (nowCollapsed || Math.round(size.inPixels) === Math.round(wantedPx.current)) return;
        wantedPx.current = size.inPixels;
        props.onResized(Math.round(size.inPixels));
      }}
    >
      {props.side}
    </Panel>
  );
  const handle = (
    <Separator
      className={`split-handle split-handle-${props.orientation}`}
      aria-label={props.resizeLabel}
      disabled={isCollapsed && collapsedPx === 0}
    />
  );
  const main = (
    <Panel className="split-panel" minSize="200px">
      {props.children}
    </Panel>
  );
  return (
    <Group orientation={props.orientation} className="split-group">
      {props.sideFirst && side}
      {props.sideFirst && handle}
      {main}
      {!props.sideFirst && handle}
      {!props.sideFirst && side}
    </Group>
  );
}
