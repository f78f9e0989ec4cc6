import { ContextMenu as BaseContext } from '@base-ui/react/context-menu';
import { Menu as Base } from '@base-ui/react/menu';
import { Check, ChevronRight } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from '../lib/class-names.ts';
import { Kbd } from './kbd.tsx';
import type { MenuEntry } from './menu-entries.ts';
import './menu.css';

function EntryText(props: { readonly label: string; readonly reason?: string | undefined }) {
  return (
    <span className="menu-text">
      <span className="ellipsis">{props.label}</span>
      {props.reason !== undefined && <span className="menu-reason">{props.reason}</span>}
    </span>
  );
}

function Entry(props: { readonly entry: MenuEntry }) {
  const { entry } = props;
  switch (entry.type) {
    case 'separator':
      return <Base.Separator className="menu-separator" />;
    case 'choice':
      return (
        <Base.CheckboxItem
          className="menu-item"
          checked={entry.isChecked}
          disabled={entry.disabledReason !== undefined}
          onCheckedChange={entry.onChange}
          closeOnClick={false}
        >
          <span className="menu-icon">
            <Base.CheckboxItemIndicator>
              <Check size={14} aria-hidden />
            </Base.CheckboxItemIndicator>
          </span>
          <EntryText label={entry.label} reason={entry.disabledReason} />
        </Base.CheckboxItem>
      );
    case 'submenu':
      return (
        <Base.SubmenuRoot>
          <Base.SubmenuTrigger className="menu-item">
            <span className="menu-icon">{entry.icon}</span>
            <EntryText label={entry.label} />
            <ChevronRight size={14} aria-hidden />
          </Base.SubmenuTrigger>
          <Base.Portal>
            <Base.Positioner className="menu-layer" sideOffset={2} alignOffset={-5}>
              <Base.Popup className="menu">
                <Entries entries={entry.entries} />
              </Base.Popup>
            </Base.Positioner>
          </Base.Portal>
        </Base.SubmenuRoot>
      );
    case 'action':
      return (
        <Base.Item
          className={classNames('menu-item', entry.isDanger === true && 'menu-danger')}
          disabled={entry.disabledReason !== undefined}
          onClick={() => entry.onSelect()}
        >
          <span className="menu-icon">{entry.icon}</span>
          <EntryText label={entry.label} reason={entry.disabledReason} />
          {entry.shortcut !== undefined && <Kbd keys={entry.shortcut} />}
        </Base.Item>
      );
  }
}

function Entries(props: { readonly entries: readonly MenuEntry[] }) {
  return props.entries.map((entry) => <Entry key={entry.id} entry={entry} />);
}

/** A button that opens a menu. `trigger` is the button element; it gets the menu's roles and keys. */
export function Menu(props: {
  readonly trigger: ReactElement<Record<string, unknown>>;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
}) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={props.trigger} />
      <Base.Portal>
        <Base.Positioner className="menu-layer" sideOffset={4} align={props.align ?? 'start'}>
          <Base.Popup className="menu">
            <Entries entries={props.entries} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

/** A menu at the pointer, on right click, long press, the menu key and Shift+F10. `entries` are asked for when it opens. */
export function ContextMenu(props: {
  readonly children: ReactNode;
  readonly className?: string;
  readonly entries: readonly MenuEntry[];
  readonly onOpenChange?: (isOpen: boolean) => void;
}) {
  return (
    <BaseContext.Root onOpenChange={(isOpen) => props.onOpenChange?.(isOpen)}>
      <BaseContext.Trigger className={props.className}>{props.children}</BaseContext.Trigger>
      <BaseContext.Portal>
        <BaseContext.Positioner className="menu-layer">
          <BaseContext.Popup className="menu">
            <Entries entries={props.entries} />
          </BaseContext.Popup>
        </BaseContext.Positioner>
      </BaseContext.Portal>
    </BaseContext.Root>
  );
}
