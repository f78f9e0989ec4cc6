import { useEffect, useState } from 'react';
import type { SavedConnection } from '../../../electron/contract/connection-settings.ts';
import { parseConnectionId } from '../../../electron/contract/ids.ts';
import { useI18n } from '../../lib/i18n/i18n-context.tsx';
import { useAppStores } from '../../stores/app-stores.tsx';
import { caughtErrorText } from '../../texts/error-text.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ConnectionWizard } from './wizard/connection-wizard.tsx';
import { draftOf, emptyDraft } from './wizard/wizard-draft.ts';

/** The wizard's page: empty for a new connection, filled for an existing one. */
export function ConnectionWizardPage({ editId }: { readonly editId: string | undefined }) {
  if (editId === undefined) return <ConnectionWizard initial={emptyDraft} />;
  return <EditedConnection key={editId} id={editId} />;
}

function EditedConnection({ id }: { readonly id: string }) {
  const i18n = useI18n();
  const { client } = useAppStores();
  const [saved, setSaved] = useState<SavedConnection>();
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    const leaving = new AbortController();
    const read = async (): Promise<void> => {
      try {
        setSaved(await client.request('connection.get', { id: parseConnectionId(id) }, leaving.signal));
      } catch (error) {
        if (!leaving.signal.aborted) setFailure(caughtErrorText(error, i18n).what);
      }
    };
    void read();
    return () => leaving.abort();
  }, [client, id, i18n]);
  if (failure !== undefined) return <EmptyState text={failure} />;
  if (saved === undefined) return <EmptyState text={i18n.t('common.loading')} />;
  return <ConnectionWizard initial={draftOf(saved)} />;
}
