import { useEffect } from 'react';
import type { CommandRegistry } from '../lib/commands.ts';
import { isMacPlatform, matchesShortcut, worksWhileTyping } from '../lib/shortcut.ts';

function isTextField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target instanceof HTMLTextAreaElement ||
      target instanceof HTMLSelectElement ||
      (target instanceof HTMLInputElement && !['checkbox', 'radio', 'button'].includes(target.type)))
  );
}

/** Runs the command of a pressed shortcut. A dialog in front keeps the keys to itself, except those that open the palette. */
export function useShortcutKeys(commands: CommandRegistry): void {
  useEffect(() => {
    const isMac = isMacPlatform();
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const typing = isTextField(event.target);
      const isModal = document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
      const command = commands
        .list()
        .find((each) => each.shortcut !== undefined && matchesShortcut(each.shortcut, event, isMac));
      if (command?.shortcut === undefined || isModal || (typing && !worksWhileTyping(command.shortcut))) return;
      event.preventDefault();
      if (command.disabledReason === undefined) command.run();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [commands]);
}
