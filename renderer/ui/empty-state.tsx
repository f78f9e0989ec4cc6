import type { ReactNode } from 'react';
import './empty-state.css';

/** Nothing here yet: one sentence, one button. */
export function EmptyState(props: {
  readonly text: ReactNode;
  readonly icon?: ReactNode;
  readonly action?: ReactNode;
}) {
  return (
    <div className="empty-state">
      {props.icon}
      <p>{props.text}</p>
      {props.action}
    </div>
  );
}
