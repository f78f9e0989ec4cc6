/** A key with its modifiers, written `Mod+Shift+K`. `Mod` is Ctrl, and Cmd on a Mac. Single keys (`?`, `/`) work outside text fields only. */
export type Shortcut = string;

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

const shownKeys: { readonly [key: string]: string } = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
};

/** Whether a key press is this shortcut. Shift is not compared for signs such as `?`, which need it on some keyboards only. */
export function matchesShortcut(shortcut: Shortcut, press: KeyPress, isMac: boolean): boolean {
  const parts = shortcut.split('+');
  const key = parts.at(-1) ?? '';
  const mod = parts.includes('Mod');
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key);
  return (
    press.key.toLowerCase() === key.toLowerCase() &&
    (isMac ? press.metaKey : press.ctrlKey) === mod &&
    !(isMac ? press.ctrlKey : press.metaKey) &&
    press.altKey === parts.includes('Alt') &&
    (isSign || press.shiftKey === parts.includes('Shift'))
  );
}

/** Whether it may fire while somebody types in a text field. */
export function worksWhileTyping(shortcut: Shortcut): boolean {
  return /^(Mod|Alt)\+|^F\d+$/.test(shortcut);
}

/** As shown beside a command: `Ctrl+K`, `⌘K`. */
export function formatShortcut(shortcut: Shortcut, isMac: boolean): string {
  const parts = shortcut.split('+').map((part) => shownKeys[part] ?? part);
  if (!isMac) return parts.map((part) => (part === 'Mod' ? 'Ctrl' : part)).join('+');
  const signs: { readonly [part: string]: string } = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
  return parts.map((part) => signs[part] ?? part).join('');
}

/** Whether this is a Mac, where Cmd takes the place of Ctrl. */
export function isMacPlatform(): boolean {
  return typeof navigator !== 'undefined' && /mac/i.test(navigator.platform);
}
