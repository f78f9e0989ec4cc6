import { Tabs as Base } from '@base-ui/react/tabs';
import type { ReactNode } from 'react';
import './tabs.css';

export interface TabEntry {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  /** A number or badge after the label. */
  readonly note?: ReactNode;
}

/** A row of tabs over one panel. The content of the selected tab alone is mounted. */
export function Tabs(props: {
  readonly label: string;
  readonly entries: readonly TabEntry[];
  readonly selected: string;
  readonly children: ReactNode;
  readonly onSelect: (id: string) => void;
}) {
  return (
    <Base.Root className="tabs" value={props.selected} onValueChange={(id: unknown) => props.onSelect(String(id))}>
      <Base.List className="tabs-list" aria-label={props.label} activateOnFocus>
        {props.entries.map((entry) => (
          <Base.Tab key={entry.id} value={entry.id} className="tab">
            {entry.icon}
            {entry.label}
            {entry.note !== undefined && <span className="tab-note">{entry.note}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      <Base.Panel className="tabs-panel" value={props.selected} key={props.selected}>
        {props.children}
      </Base.Panel>
    </Base.Root>
  );
}
