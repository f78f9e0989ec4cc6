import type { ReactNode } from 'react';
import './toolbar.css';

/** One line of controls over a pane. */
export function Toolbar(props: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div className="toolbar" role="toolbar" aria-label={props.label}>
      {props.children}
    </div>
  );
}

/** Pushes what follows to the far end of its toolbar. */
export function ToolbarSpace() {
  return <span className="toolbar-space" />;
}
