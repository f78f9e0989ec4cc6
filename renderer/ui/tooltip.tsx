import { Tooltip as Base } from '@base-ui/react/tooltip';
import type { ReactElement, ReactNode } from 'react';
import './tooltip.css';

/** Shares the delay between neighbouring tooltips: the second one opens at once. Once, around the whole window. */
export function TooltipProvider(props: { readonly children: ReactNode }) {
  return (
    <Base.Provider delay={500} closeDelay={0}>
      {props.children}
    </Base.Provider>
  );
}

/** A short explanation on hover and focus. Never the only place of something that must be known. */
export function Tooltip(props: {
  readonly text: ReactNode;
  readonly side?: 'top' | 'right' | 'bottom' | 'left';
  readonly children: ReactElement<Record<string, unknown>>;
}) {
  return (
    <Base.Root disabled={props.text === '' || props.text === undefined}>
      <Base.Trigger render={props.children} />
      <Base.Portal>
        <Base.Positioner className="tooltip-layer" side={props.side ?? 'bottom'} sideOffset={6}>
          <Base.Popup className="tooltip">{props.text}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
