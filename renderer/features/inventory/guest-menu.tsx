import { useMemo } from 'react';
import type { EntityId } from '../../../electron/contract/ids.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { navigate } from '../../lib/navigation.ts';
import type { MenuEntry } from '../../ui/menu-entries.ts';
import { usePowerEntries } from './power-entries.tsx';
import { useMoveToFolderEntry } from './use-folders.ts';

/** The context menu of one or several guests. Hand in a memoised list. */
export function useGuestMenu(ids: readonly EntityId[]): readonly MenuEntry[] {
  const { t } = useI18n();
  const power = usePowerEntries(ids);
  const moveTo = useMoveToFolderEntry(ids);
  return useMemo(() => {
    const [only] = ids;
    const open: readonly MenuEntry[] =
      ids.length === 1 && only !== undefined
        ? [
            {
              type: 'action',
              id: 'open',
              label: t('tree.open'),
              shortcut: 'Enter',
              onSelect: () => navigate({ page: 'entity', id: only, tab: undefined }),
            },
            { type: 'separator', id: 'after-open' },
          ]
        : [];
    return [...open, ...power, { type: 'separator', id: 'after-power' }, moveTo];
  }, [ids, power, moveTo, t]);
}
