import { Dialog } from '@base-ui/react/dialog';
import { useSyncExternalStore } from 'react';
import { useI18n } from '../lib/i18n/i18n-context.tsx';
import { TreePane } from './tree-pane.tsx';
import './tree-drawer.css';

const narrowQuery = '(max-width: 1099px)';

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(narrowQuery);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether the window is too narrow for a tree beside the work area. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => window.matchMedia(narrowQuery).matches);
}

/** The tree over the work area, for narrow windows. Esc or a click beside it closes it. */
export function TreeDrawer(props: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const { t } = useI18n();
  return (
    <Dialog.Root open={props.isOpen} onOpenChange={(isOpen) => !isOpen && props.onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className="tree-drawer" aria-label={t('pane.tree')}>
          <TreePane onHide={props.onClose} onOpened={props.onClose} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
