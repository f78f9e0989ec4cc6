import type { ReactNode } from 'react';

/** One line of a menu. Menus are data, so that the same list serves a button, a context menu and the palette. */
export type MenuEntry = MenuAction | MenuChoice | MenuSubmenu | { readonly type: 'separator'; readonly id: string };

export interface MenuAction {
  readonly type: 'action';
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly shortcut?: string | undefined;
  readonly isDanger?: boolean;
  /** Why it cannot be chosen now; shown under the label. */
  readonly disabledReason?: string | undefined;
  readonly onSelect: () => void;
}

/** A line with a tick that stays open when chosen, e.g. the columns of a table. */
export interface MenuChoice {
  readonly type: 'choice';
  readonly id: string;
  readonly label: string;
  readonly isChecked: boolean;
  readonly disabledReason?: string | undefined;
  readonly onChange: (isChecked: boolean) => void;
}

export interface MenuSubmenu {
  readonly type: 'submenu';
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly entries: readonly MenuEntry[];
}
